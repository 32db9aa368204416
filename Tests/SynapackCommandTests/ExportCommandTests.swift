import Foundation
import TestSupport
import Testing

/// Exports as users call them: folders, files, lists and refusals.
struct ExportCommandTests {
  private let bundle = Fixtures.path("bundles/v1/full.synapack")

  @Test func aTargetOfSeveralFilesTakesAFolderAndWritesItAgain() async throws {
    let output = try Command.temporaryFolder() + "/c"
    for _ in 0..<2 {
      let result = try await Command.run([
        "export", bundle, "--target", "c", "-o", output, "--json",
      ])
      #expect(result.status == 0 && result.json?["schema"] as? String == "synapack.export/1")
      #expect((result.json?["files"] as? [Any])?.count == 4)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(names == ["README.md", "export.json", "program.c", "program.h", "self_test.c"])
    let stream = try await Command.run(["export", bundle, "--target", "c", "-o", "-"])
    #expect(stream.status == 2 && stream.errors.contains("SYN0701"))
  }

  @Test func aTargetOfOneFileIsAFileOrAStream() async throws {
    let result = try await Command.run(["export", bundle, "--format", "json", "-o", "-"])
    #expect(result.status == 0 && result.json?["schema"] as? String == "synapack.program/1")
  }

  @Test func aFolderCannotStandWhereAFileIs() async throws {
    let file = try Command.temporaryFolder() + "/taken"
    try Data().write(to: URL(fileURLWithPath: file))
    let result = try await Command.run(["export", bundle, "--target", "c", "-o", file])
    #expect(result.status == 4 && result.errors.contains("SYN0004"))
    #expect(result.errors.contains("`c` writes a folder of 4 files"), "\(result.errors)")
    let forced = try await Command.run(["export", bundle, "--target", "c", "-o", file, "--force"])
    #expect(forced.status == 4 && FileManager.default.fileExists(atPath: file))
  }

  /// A README of one's own is no export's to replace, unless it is asked to.
  @Test func whatNoExportWroteStays() async throws {
    let folder = try Command.temporaryFolder()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/README.md"))
    let export = ["export", bundle, "--target", "c", "-o", folder]
    let result = try await Command.run(export)
    #expect(result.status == 4 && result.errors.contains("SYN0004"), "\(result.errors)")
    #expect(result.errors.contains("README.md") && result.errors.contains("--force"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["README.md"])
    #expect(try await Command.run(export + ["--force"]).status == 0)
    #expect(try await Command.run(export).status == 0)
  }

  /// A refusal names its code, the layer or option, and one action, and writes nothing.
  @Test func whatATargetDoesNotCarryIsRefused() async throws {
    let output = try Command.temporaryFolder() + "/akida"
    let result = try await Command.run(["export", bundle, "--target", "akida1", "-o", output])
    #expect(result.status == 3 && result.errors.contains("SYN074"))
    #expect(result.errors.contains("help:") && result.errors.contains("replace the pooling"))
    #expect(!FileManager.default.fileExists(atPath: output))
    let unknown = try await Command.run(["export", bundle, "--target", "word", "-o", output])
    #expect(unknown.status == 2 && unknown.errors.contains("SYN0703"))
    let nothing = try await Command.run(["export"])
    #expect(nothing.status == 2 && nothing.errors.contains("SYN0701"))
  }

  /// A code must exist; a loss of it need not.
  @Test func codesThatAreAllowedExist() async throws {
    let output = try Command.temporaryFolder() + "/c"
    let export = ["export", bundle, "--target", "c", "-o", output]
    for code in ["SYN9999", "NONSENSE", ""] {
      let result = try await Command.run(export + ["--allow", "SYN0748", "--allow", code])
      #expect(result.status == 2 && result.errors.contains("SYN0703"), "\(result.errors)")
      #expect(result.errors.contains("no code `\(code)`"))
      #expect(!FileManager.default.fileExists(atPath: output))
    }
    #expect(try await Command.run(export + ["--allow", "SYN0748"]).status == 0)
  }

  /// From the numbers of a data file to payloads: the preprocessing is the bundle's own.
  @Test func aReadmeTellsHowDataBecomesPayloads() async throws {
    let folder = try Command.temporaryFolder()
    let made = try await Command.convert("mlp", in: folder, ["--timesteps", "2"])
    let output = folder + "/c"
    #expect(try await Command.run(["export", made, "--target", "c", "-o", output]).status == 0)
    let text = try String(contentsOfFile: output + "/README.md", encoding: .utf8)
    #expect(text.contains("the data's numbers after `scale=1/16`"))
    #expect(text.contains("TICKS = numpy.float32(") && text.contains("), 2\n"))
  }

  @Test func theListIsTextAndJSON() async throws {
    let text = try await Command.run(["export", "--list"])
    let document = try await Command.run(["export", "--list", "--json"])
    let targets = try #require(document.json?["targets"] as? [[String: Any]])
    #expect(text.output.split(separator: "\n").count == targets.count + 1)
    #expect(targets.contains { $0["id"] as? String == "nir-sinabs" })
  }

  @Test func theReadersOfANIRFileAreAskedByName() async throws {
    let file = Fixtures.path("nir/models/affine.nir")
    let all = try await Command.run(["inspect", file, "--lint", "all", "--json"])
    #expect([0, 1].contains(all.status) && all.json?["schema"] as? String == "synapack.lint/1")
    let unknown = try await Command.run(["inspect", file, "--lint", "word"])
    #expect(unknown.status == 2 && unknown.errors.contains("SYN0703"))
  }

  @Test func compareHasARowForEachTarget() async throws {
    let result = try await Command.run(["compare", bundle, "--json"])
    let rows = try #require(result.json?["targets"] as? [[String: Any]])
    #expect(result.status == 0 && rows.count > 8)
    #expect(rows.allSatisfy { $0["isExact"] as? Bool == ($0["refusal"] == nil) })
  }

  /// A model in the place of a bundle is called one, with what to do; so is what is no NIR file.
  @Test func whatIsGivenForAnotherFileIsNamed() async throws {
    let model = Fixtures.path("digits/mlp.torchscript17.onnx")
    let output = try Command.temporaryFolder() + "/c"
    let export = try await Command.run(["export", model, "--target", "c", "-o", output])
    #expect(export.status == 3 && export.errors.contains("SYN0601"), "\(export.errors)")
    #expect(export.errors.contains("ONNX") && export.errors.contains("synapack convert"))
    for (file, words) in [(model, "ONNX"), (bundle, "a bundle")] {
      let lint = try await Command.run(["inspect", file, "--lint", "nir"])
      #expect(lint.status == 3 && lint.errors.contains(words), "\(lint.errors)")
      #expect(lint.errors.contains("leave out `--lint`"))
    }
  }

  /// Nothing to say is said, and the document names whom it is of.
  @Test func aCleanFileIsCalledClean() async throws {
    let file = Fixtures.path("nir/models/affine.nir")
    let text = try await Command.run(["inspect", file, "--lint", "nir"])
    #expect(text.status == 0 && text.output.hasPrefix("clean: nir"), "\(text.output)")
    let document = try await Command.run(["inspect", file, "--lint", "nir", "--json"])
    #expect(document.json?["reader"] as? String == "nir")
  }

  /// A loss that was accepted stands with the files.
  @Test func anAcceptedLossIsInTheReadme() async throws {
    let folder = try Command.temporaryFolder()
    let made = try await Command.convert(
      "mlp", in: folder,
      [
        "--timesteps", "2", "--input", "poisson", "--input-bits", "8", "--membrane-bits", "32",
        "--readout", "count", "--threshold-scope", "layer", "--weight-bits", "4",
      ])
    let output = folder + "/speck"
    let export = ["export", made, "--target", "speck2f", "-o", output]
    #expect(try await Command.run(export).errors.contains("--allow SYN0748"))
    let accepted = try await Command.run(export + ["--allow", "SYN0748"])
    try #require(accepted.status == 0, "\(accepted.errors)")
    let text = try String(contentsOfFile: output + "/README.md", encoding: .utf8)
    #expect(text.contains("Losses that were accepted") && text.contains("SYN0748"))
    let list = try String(contentsOfFile: output + "/export.json", encoding: .utf8)
    #expect(list.contains("SYN0748"))
  }
}
