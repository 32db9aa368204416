import Foundation
import Synapack
import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@Suite struct ModelImportersTests {
  private let folder = TemporaryFolder()

  private func bytes(_ fixture: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: Fixtures.path(fixture))))
  }

  private func code(_ body: () throws(PackError) -> Void) -> ErrorCode? {
    do {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  private func error(_ bytes: [UInt8], _ name: String) throws -> PackError {
    folder.write(bytes, to: name)
    var report = Report()
    return try #require(throws: PackError.self) {
      try ModelImporters.analog(path: folder.path(name), report: &report)
    }
  }

  @Test func emptyTextAndUnknownFilesAreRefused() throws {
    #expect(try error([], "empty.onnx").code == .unknownFormat)
    #expect(try error(Array("a model, to be sure\n".utf8), "text.onnx").code == .unknownFormat)
    let unknown = try error([0xFF, 0xD8, 0xFF, 0xE0, 0, 1], "picture.jpg")
    #expect(unknown.code == .unknownFormat)
    #expect(unknown.hint.contains("ONNX"))
  }

  @Test func theContentCountsBeforeTheName() throws {
    folder.write(try bytes("onnx/ops/relu-13.onnx"), to: "model.bin")
    var report = Report()
    let graph = try ModelImporters.analog(path: folder.path("model.bin"), report: &report)
    #expect(graph.nodes.map(\.op.name) == ["relu"])
  }

  @Test func theNameDecidesWhereTheContentDoesNot() throws {
    #expect(try error([0xFF, 0xFF, 0xFF, 0x01], "broken.ONNX").code == .malformedModel)
  }

  @Test func missingFilesAndFoldersAreRefused() throws {
    var report = Report()
    let path = folder.path
    #expect(
      code { () throws(PackError) in
        _ = try ModelImporters.analog(path: path + "/missing", report: &report)
      } == .unreadableFile)
    #expect(
      code { () throws(PackError) in _ = try ModelImporters.analog(path: path, report: &report) }
        == .notARegularFile)
  }

  @Test func foldersAndCheckpointsGetAdvice() throws {
    var report = Report()
    func hint(_ path: String) throws -> String {
      try #require(throws: PackError.self) {
        try ModelImporters.analog(path: path, report: &report)
      }.hint
    }
    #expect(try hint(folder.path("")).contains("not of a folder"))
    folder.write([1], to: "model.safetensors")
    #expect(try hint(folder.path("")).contains("give model.safetensors"))
    folder.write([1], to: "model.safetensors.index.json")
    #expect(try hint(folder.path("")).contains("give model.safetensors.index.json"))
    // The two forms of torch.save, and one that is neither.
    let pickle: [UInt8] = [0x80, 2, 0x7D, 0x71, 0, 0x2E]
    var archive = ZipWriter()
    try archive.add("weights/data.pkl", pickle)
    for (name, bytes) in [
      ("old.pt", pickle), ("new.pth", archive.finish()), ("a", archive.finish()),
    ] {
      let error = try error(bytes, name)
      #expect(error.code == .unknownFormat, "\(name)")
      #expect(error.hint.contains("torch.onnx.export"), "\(name)")
    }
    #expect(!(try error([0x7F, 0xFF, 0, 1], "other.pt").hint.contains("torch")))
  }

  @Test func originsAreStated() throws {
    let path = Fixtures.path("digits/mlp.torchscript17.onnx")
    var report = Report()
    let origin = try ModelImporters.analog(path: path, report: &report).origin
    #expect(origin.format == "onnx")
    #expect(origin.version == "opset 17")
    #expect(origin.producer.hasPrefix("pytorch 2"))
    #expect(origin.digest == Digest(of: try bytes("digits/mlp.torchscript17.onnx")))
  }

  @Test func aNetworkThatSpikesIsNoConventionalOne() throws {
    var report = Report()
    let error = try #require(throws: PackError.self) {
      try ModelImporters.analog(path: Fixtures.path("nir/models/if.nir"), report: &report)
    }
    #expect(error.code == .alreadySpiking)
  }
}
