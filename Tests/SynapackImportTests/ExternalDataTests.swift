import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

/// Weights beside the model: only what lies in its folder, under one name, and inside the file.
@Suite struct ExternalDataTests {
  private let folder = TemporaryFolder()

  init() throws {
    try AtomicFile.write(Array(repeating: 0, count: 100), to: folder.path("data.bin"))
    folder.makeFolder("sub")
    try AtomicFile.write(Array(repeating: 0, count: 96), to: folder.path("sub/data.bin"))
    folder.makeLink("link.bin", to: "data.bin")
    folder.makeLink("up", to: "sub")
    try AtomicFile.write(Array(repeating: 0, count: 96), to: folder.path("first.bin"))
    folder.makeHardLink("second.bin", to: "first.bin")
    folder.makePipe("pipe.bin")
  }

  private func read(_ entries: [(String, String)]) -> ErrorCode? {
    let tensor = ONNXWriter.external(ONNXWriter.tensor("weight", [6, 4]), entries)
    return code { () throws(PackError) in
      _ = try readModel(ONNXWriter.matrixModel(tensor), folder: folder)
    }
  }

  @Test(arguments: ["sub/data.bin", "./sub/data.bin"]) func filesInTheFolderAreRead(path: String) {
    #expect(read([("location", path)]) == nil)
    #expect(read([("location", path), ("offset", "0"), ("length", "96")]) == nil)
  }

  @Test(arguments: [
    "", "/etc/passwd", "../data.bin", "sub/../data.bin", "a/../../b", "..\\..\\x", "C:\\x", "C:x",
    "link.bin", "up/data.bin", "first.bin", "second.bin", "pipe.bin", "sub", "missing.bin",
    "sub//data.bin", "data.bin/", ".", "..", "a\u{1}b", String(repeating: "a", count: 5000),
  ])
  func otherPathsAreRefused(path: String) {
    #expect(read([("location", path)]) == .unsafeExternalData)
  }

  @Test(arguments: [
    ("-1", "96"), ("+4", "96"), (" 4", "96"), ("4 ", "96"), ("0x4", "96"), ("", "96"),
    ("9223372036854775807", "96"), ("9223372036854775808", "96"), ("5", "96"), ("101", "0"),
    ("4", "-1"), ("4", "97"), ("4", "1000000000000000"), ("4", "9223372036854775807"),
  ])
  func rangesOutsideTheFileAreRefused(offset: String, length: String) {
    #expect(
      read([("location", "data.bin"), ("offset", offset), ("length", length)])
        == .unsafeExternalData)
  }

  @Test func rangesOfTheWrongLengthAreRefused() {
    #expect(read([("location", "data.bin"), ("offset", "4"), ("length", "96")]) == nil)
    #expect(read([("location", "data.bin"), ("offset", "4")]) == nil)
    #expect(read([("location", "data.bin"), ("length", "95")]) == .malformedTensor)
    #expect(read([("location", "data.bin"), ("length", "0")]) == .malformedTensor)
    #expect(read([("location", "data.bin")]) == .malformedTensor)
  }

  @Test func entriesAreFixed() {
    #expect(read([("location", "sub/data.bin"), ("checksum", "00")]) == nil)
    #expect(read([("location", "sub/data.bin"), ("basepath", "/")]) == .unsafeExternalData)
    #expect(read([("location", "a"), ("location", "sub/data.bin")]) == .unsafeExternalData)
    #expect(read([("offset", "0")]) == .unsafeExternalData)
  }
}
