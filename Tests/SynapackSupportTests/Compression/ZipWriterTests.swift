import TestSupport
import Testing

@testable import SynapackSupport

@Suite struct ZipWriterTests {
  private func read(_ bytes: [UInt8]) throws -> [(String, [UInt8])] {
    let folder = TemporaryFolder()
    folder.write(bytes, to: "a.zip")
    let archive = try ZipArchive(try MappedFile(path: folder.path("a.zip")))
    return try archive.entries.map { ($0.name, try archive.data($0)) }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    for wide in [0xFFFF_FFFF, 3, 0] {
      var writer = ZipWriter(wideFrom: wide)
      try writer.add("a/b.npy", [1, 2, 3, 4])
      try writer.add("é", [])
      try writer.add("c", [5])
      let entries = try read(writer.finish())
      #expect(entries.map(\.0) == ["a/b.npy", "é", "c"], "\(wide)")
      #expect(entries.map(\.1) == [[1, 2, 3, 4], [], [5]], "\(wide)")
    }
    #expect(try read(ZipWriter().finish()).isEmpty)
  }

  @Test func moreEntriesThanTheShortRecordCounts() throws {
    var writer = ZipWriter()
    for index in 0..<66_000 { try writer.add("\(index)", []) }
    #expect(try read(writer.finish()).count == 66_000)
  }

  @Test func namesThatReadersRefuseAreNotWritten() throws {
    var writer = ZipWriter()
    try writer.add("a", [])
    for name in ["a", "A", "../b", "", "b."] {
      #expect(throws: PackError.self) { try writer.add(name, []) }
    }
  }
}
