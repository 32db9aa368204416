import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

@Suite struct ModelImportersTests {
  private let folder = TemporaryFolder()

  private func error(_ bytes: [UInt8], _ name: String) throws -> PackError {
    folder.write(bytes, to: name)
    var report = Report()
    return try #require(throws: PackError.self) {
      try ModelImporters.read(path: folder.path(name), report: &report)
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
    folder.write(try fixtureBytes("onnx/ops/relu-13.onnx"), to: "model.bin")
    var report = Report()
    let graph = try ModelImporters.read(path: folder.path("model.bin"), report: &report)
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
        _ = try ModelImporters.read(path: path + "/missing", report: &report)
      } == .unreadableFile)
    #expect(
      code { () throws(PackError) in _ = try ModelImporters.read(path: path, report: &report) }
        == .notARegularFile)
  }

  @Test func originsAreStated() throws {
    let path = Fixtures.path("digits/mlp.torchscript17.onnx")
    var report = Report()
    let origin = try ModelImporters.read(path: path, report: &report).origin
    #expect(origin.format == "onnx")
    #expect(origin.version == "opset 17")
    #expect(origin.producer.hasPrefix("pytorch 2"))
    #expect(origin.digest == Digest(of: try fixtureBytes("digits/mlp.torchscript17.onnx")))
  }

  @Test func everyLoweringFileIsRegistered() {
    let files = FixtureFiles.names(
      inFolder: Fixtures.root + "/Sources/SynapackImport/ONNX/Ops", suffix: ".swift")
    #expect(Set(files) == Set(onnxLoweringFamilies.map { String(describing: $0) }))
    let count = onnxLoweringFamilies.reduce(0) { $0 + $1.lowerings.count }
    #expect(onnxLowerings.count == count)
  }
}
