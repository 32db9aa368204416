import Foundation
import SynapackSupport
import TestSupport
import Testing

/// `fixtures/INDEX.json` names every file with its true digest.
struct FixtureIndexTests {
  private struct Index: Decodable {
    struct File: Decodable {
      var path: String
      var bytes: Int
      var sha256: String
      var origin: String
      var licence: String
    }
    var files: [File]
    var totalBytes: Int
  }

  @Test func everyFileIsIndexedWithItsDigest() throws {
    let text = SourceFiles.text("fixtures/INDEX.json")
    let index = try JSONDecoder().decode(Index.self, from: Data(text.utf8))
    let present = SourceFiles.paths(below: "fixtures", suffix: "")
      .map { String($0.dropFirst("fixtures/".count)) }
      .filter { $0 != "INDEX.json" }
    #expect(index.files.map(\.path).sorted() == present)
    for file in index.files {
      let mapped = try MappedFile(path: Fixtures.path(file.path))
      #expect(mapped.count == file.bytes, "\(file.path)")
      #expect(
        mapped.withBytes { Digest(of: $0).description } == file.sha256, "\(file.path)")
      #expect(!file.origin.isEmpty && !file.licence.isEmpty)
    }
    #expect(index.totalBytes < 4_500_000)
  }
}
