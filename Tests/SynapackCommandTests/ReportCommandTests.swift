import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page as the command writes it.
struct ReportCommandTests {
  private let full = Fixtures.path("bundles/v1/full.synapack")

  @Test func thePageIsTheSameWhereverItGoes() async throws {
    let folder = try Command.temporaryFolder()
    let page = folder + "/page.html"
    let written = try await Command.run(["report", full, "-o", page, "--threads", "1"])
    #expect(written.status == 0 && written.output.isEmpty)
    let printed = try await Command.run(["report", full, "-o", "-", "--threads", "2"])
    #expect(printed.status == 0)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text == printed.output && text.hasPrefix("<!DOCTYPE html>\n"))
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }

  /// A real network with its model and data: accuracy by stage, the errors, energy and placement.
  @Test func aDropIsExplained() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "2", "--weight-bits", "3", "--chip", "generic-mesh"])
    let arguments = [
      "report", bundle, "-o", folder + "/page.html", "--data", "\(Command.digits)/test_x.npy",
      "--labels", "\(Command.digits)/test_y.npy", "--limit", "60", "--model",
      "\(Command.digits)/mlp.torchscript17.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--json",
    ]
    let result = try await Command.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    let document = try #require(result.json)
    #expect(document["schema"] as? String == "synapack.overview/1")
    let evaluation = try #require(document["evaluation"] as? [String: Any])
    let explanation = try #require(evaluation["explanation"] as? [String: Any])
    let stages = try #require(explanation["stages"] as? [[String: Any]])
    #expect(stages.map { $0["name"] as? String } == ["folded", "balanced", "quantized"])
    let text = try String(contentsOfFile: folder + "/page.html", encoding: .utf8)
    for id in ["verdict", "accuracy", "errors", "placement", "energy"] {
      #expect(text.contains("<section id=\"\(id)\""), "\(id)")
    }
    #expect(text.contains("before quantization"))
  }

  @Test(arguments: [
    (["--labels", "y.npy"], "--labels"), (["--model", "m.onnx"], "--model"),
    (["--limit", "3"], "--limit"), (["--calibration", "x.npy"], "--calibration"),
    (["--preprocess", "scale=2"], "--preprocess"),
  ])
  func optionsWithoutDataAreRefused(options: [String], named: String) async throws {
    let result = try await Command.run(["report", full, "-o", "-"] + options)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("SYN0701") && result.errors.contains(named))
  }

  @Test func nothingThatIsReadIsReplaced() async throws {
    let folder = try Command.temporaryFolder()
    let copy = folder + "/copy.synapack"
    try FileManager.default.copyItem(atPath: full, toPath: copy)
    let result = try await Command.run(["report", copy, "-o", copy])
    #expect(result.status == 2 && result.errors.contains("would replace"))
    #expect(FileManager.default.contentsEqual(atPath: copy, andPath: full))
    let both = try await Command.run(["report", copy, "-o", "-", "--json"])
    #expect(both.status == 2 && both.json?["code"] as? String == "SYN0701")
  }

  /// What is no bundle has no page, and no page is left behind.
  @Test func whatIsNoBundleHasNoPage() async throws {
    let folder = try Command.temporaryFolder()
    let page = folder + "/page.html"
    let model = "\(Command.digits)/mlp.torchscript17.onnx"
    let result = try await Command.run(["report", model, "-o", page])
    #expect(result.status == 3, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: page))
  }
}
