import Foundation
import TestSupport
import Testing

/// What is written besides replaces nothing of the user's.
struct PictureOutputTests {
  private func file(_ text: String, in folder: String, _ name: String) throws -> String {
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func copy(_ fixture: String, in folder: String) throws -> String {
    let path = folder + "/" + (fixture as NSString).lastPathComponent
    try FileManager.default.copyItem(atPath: Fixtures.path(fixture), toPath: path)
    return path
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test func aComparisonReplacesNoInput() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try copy("bundles/v1/full.synapack", in: folder)
    let data = try copy("digits/calibration_x.npy", in: folder)
    let compare = ["compare", bundle, "--targets", "json", "--data", data, "--picture"]
    for path in [bundle, data] {
      let before = try bytes(path)
      let result = try await Command.run(compare + [path])
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(result.errors)")
      #expect(result.errors.contains("would replace the input") && result.output.isEmpty)
      #expect(try bytes(path) == before)
    }
    let stream = try await Command.run(compare + ["-"])
    #expect(stream.status == 2 && stream.errors.contains("SYN0701"), "\(stream.errors)")
  }

  /// An empty file and another picture make room; notes and pages stay, those with a picture in them too.
  @Test func aComparisonReplacesPicturesAlone() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = Fixtures.path("bundles/v1/full.synapack")
    for (text, stays) in [
      ("# Notes on <svg", true), ("<!doctype html><p><svg></svg>", true), ("<svgs/>", true),
      ("<?xml never ends", true), ("", false), ("<svg width=\"1\"></svg>", false),
      ("<?xml version=\"1.0\"?>\n<!-- > -->\n<!DOCTYPE svg>\n<svg></svg>", false),
    ] {
      let path = try file(text, in: folder, "picture.svg")
      let result = try await Command.run(
        ["compare", bundle, "--targets", "json", "--picture", path])
      #expect(result.status == (stays ? 4 : 0), "\(text): \(result.errors)")
      #expect(result.errors.contains("SYN0004") == stays)
      #expect(try (bytes(path) == Data(text.utf8)) == stays, "\(text)")
    }
  }

  @Test func aCompressionReplacesNoInputAndNotItself() async throws {
    let folder = try Command.temporaryFolder()
    let model = try copy("digits/mlp.torchscript17.onnx", in: folder)
    let teacher = try file("mine", in: folder, "teacher.onnx")
    let notes = try file("mine", in: folder, "notes.md")
    let new = folder + "/new"
    let compress = [
      "compress", model, "--calibration", Fixtures.path("digits/calibration_x.npy"),
      "--distil-teacher", teacher, "-o", new, "--picture",
    ]
    for (picture, code) in [
      (model, "SYN0701"), (teacher, "SYN0701"), (new, "SYN0701"), (notes, "SYN0004"),
    ] {
      let before = try? bytes(picture)
      let result = try await Command.run(compress + [picture])
      #expect(result.errors.contains(code), "\(picture): \(result.errors)")
      #expect((try? bytes(picture)) == before && !FileManager.default.fileExists(atPath: new))
    }
  }

  @Test func aRunReplacesNoInput() async throws {
    let folder = try Command.temporaryFolder()
    let input = try copy("digits/calibration_x.npy", in: folder)
    let before = try bytes(input)
    let model = Fixtures.path("digits/mlp.torchscript17.onnx")
    let result = try await Command.run(["run", model, "--input", input, "-o", input])
    #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(result.errors)")
    #expect(try bytes(input) == before)
  }
}
