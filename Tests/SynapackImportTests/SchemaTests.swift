import Subprocess
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

/// The committed C is what the schemas generate.
@Suite struct SchemaTests {
  @Test func generatedFilesAreCurrent() async throws {
    let folder = TemporaryFolder()
    let result = try await run(
      .name("bash"), arguments: [Fixtures.root + "/tools/generate-schemas", folder.path],
      output: .discarded, error: .string(limit: 4096))
    try #require(
      result.terminationStatus.isSuccess,
      "tools/generate-schemas failed: \(result.standardError)")
    for name in ["onnx.pb-c.c", "include/onnx.pb-c.h"] {
      let generated = try bytes(folder.path("COnnxSchema/" + name))
      let committed = try bytes(Fixtures.root + "/Sources/COnnxSchema/" + name)
      #expect(generated == committed, "\(name) differs: run tools/generate-schemas")
    }
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { $0.copy(0..<$0.byteCount) }
  }
}
