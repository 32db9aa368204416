import Foundation
import TestSupport
import Testing

/// Codes that only whole commands give: each is triggered by the smallest call that earns it.
struct FindingCodeTests {
  private let x = "\(Command.digits)/calibration_x.npy"
  private let model = "\(Command.digits)/mlp.torchscript17.onnx"

  @Test func labelsOfOtherDataAreRefused() async throws {
    let result = try await Command.run([
      "evaluate", model, "--data", x, "--labels", "\(Command.digits)/test_y.npy", "--preprocess",
      "scale=1/16",
    ])
    #expect(result.status == 3 && result.errors.contains("SYN0015"), "\(result.errors)")
  }

  /// A class that the model does not have is named with its place and its value.
  @Test func aLabelOutOfRangeIsNamed() async throws {
    let labels = "\(Command.digits)/test_y.npy"
    var bytes = try #require(FileManager.default.contents(atPath: labels))
    // 500 little-endian integers of 64 bits end the file.
    bytes[bytes.count - 3 * 8] = 11
    let path = try Command.temporaryFolder() + "/y.npy"
    try bytes.write(to: URL(fileURLWithPath: path))
    let result = try await Command.run([
      "evaluate", model, "--data", "\(Command.digits)/test_x.npy", "--labels", path,
      "--preprocess", "scale=1/16",
    ])
    #expect(result.status == 3, "\(result.errors)")
    #expect(
      result.errors.contains(
        "label 497, counted from 0, is 11, and the 10 classes of the model are 0 to 9"),
      "\(result.errors)")
  }

  @Test func anotherModelAndClippedInputsAreTold() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "2", "--method", "max"])
    let result = try await Command.run([
      "evaluate", bundle, "--data", x, "--model", "\(Command.digits)/mlp.dynamo18.onnx",
      "--preprocess", "scale=1", "--limit", "8", "-v",
    ])
    #expect(result.status == 0)
    #expect(result.errors.contains("SYN0016") && result.errors.contains("SYN0310"))
  }

  /// Labels of other inputs make any accuracy one of chance; the right ones do not.
  @Test(arguments: [true, false]) func labelsOfOtherInputsAreTold(isShifted: Bool) async throws {
    let labels = "\(Command.digits)/test_y.npy"
    var file = try Data(contentsOf: URL(fileURLWithPath: labels))
    let header = 10 + Int(file[8]) + 256 * Int(file[9])
    let size = (file.count - header) / 500
    if isShifted {
      // Every label counted from another class on.
      for place in stride(from: header, to: file.count, by: size) {
        file[place] = (file[place] + 1) % 10
      }
    }
    let path = try Command.temporaryFolder() + "/labels.npy"
    try file.write(to: URL(fileURLWithPath: path))
    let result = try await Command.run([
      "evaluate", "\(Command.digits)/mlp.dynamo18.onnx", "--data",
      "\(Command.digits)/test_x.npy", "--labels", path,
      "--preprocess", "scale=1/16",
    ])
    #expect(result.status == 0)
    #expect(result.errors.contains("SYN0018") == isShifted, "\(result.errors)")
    let bundle = try await Command.convert(
      "mlp", in: try Command.temporaryFolder(), ["--timesteps", "2"])
    let explained = try await Command.run([
      "evaluate", bundle, "--explain", "--data", "\(Command.digits)/test_x.npy", "--labels", path,
      "--model", "\(Command.digits)/mlp.torchscript17.onnx",
    ])
    #expect(explained.output.contains("accuracies say nothing") == isShifted, "\(explained.output)")
    #expect(!isShifted || !explained.output.contains("No accuracy is lost"))
    // A policy that measures on such labels tells of them too.
    let policy = try Command.temporaryFolder() + "/policy.yaml"
    try """
    synapack-policy: 1
    data:
      inputs: \(Command.digits)/test_x.npy
      labels: \(path)
      model: \(Command.digits)/mlp.torchscript17.onnx
    rules:
      drop: {measure: accuracy-drop, at-most: 100}
    """.write(toFile: policy, atomically: true, encoding: .utf8)
    let judged = try await Command.run([
      "validate", bundle, "--policy", policy, "--fail-on", "warning",
    ])
    #expect(judged.output.contains("SYN0018") == isShifted, "\(judged.output)\(judged.errors)")
    #expect(judged.status == (isShifted ? 1 : 0))
  }

  @Test func aChipThatNobodyKnowsIsAMatterOfUsage() async throws {
    let folder = try Command.temporaryFolder()
    let result = try await Command.run([
      "place", Fixtures.path("bundles/v1/full.synapack"), "--chip", "nobody", "-o",
      folder + "/x.synapack",
    ])
    #expect(result.status == 2 && result.errors.contains("SYN0502"))
  }

  @Test func aBundleWithoutVectorsHasNothingToReplay() async throws {
    let result = try await Command.run(["replay", Fixtures.path("bundles/v1/minimal.synapack")])
    #expect(result.status == 3 && result.errors.contains("SYN0608"))
  }

  /// A placement that may take no time is still one; a time without a chip is a mistake.
  @Test func aConversionPlacesInTheTimeItHas() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "2", "--chip", "loihi64", "--max-seconds", "0"])
    #expect(try await Command.run(["validate", bundle, "--quiet"]).status == 0)
    for wrong in [["--max-seconds", "1"], ["--chip", "loihi64", "--max-seconds=-1"]] {
      let result = try await Command.run(
        ["convert", model, "--calibration", x, "-o", folder + "/x"] + wrong)
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(result.errors)")
    }
  }
}
