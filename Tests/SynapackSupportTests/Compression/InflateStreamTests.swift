import SynapackSupport
import TestSupport
import Testing

/// A stream taken in pieces gives what it gives as a whole, and is refused for the same reasons.
struct InflateStreamTests {
  private let folder = TemporaryFolder()

  /// Two stored blocks of 3 and 4 bytes in a zlib wrapper, written by hand.
  private static let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7]
  private static let stream: [UInt8] =
    [0x78, 0x01, 0, 3, 0, 0xFC, 0xFF, 1, 2, 3, 1, 4, 0, 0xFB, 0xFF, 4, 5, 6, 7]
    + [0x00, 0x5B, 0x00, 0x1D]

  private func stream(_ bytes: [UInt8]) throws -> InflateStream {
    folder.write([9, 9] + bytes + [9], to: "s")
    return try InflateStream(
      try MappedFile(path: folder.path("s")), 2..<2 + bytes.count)
  }

  @Test func theSampleIsAStream() throws {
    #expect(try Inflate.zlib(Self.stream, count: 7) == Self.bytes)
  }

  @Test(arguments: 0...7)
  func anyCutIntoPiecesGivesTheSame(cut: Int) throws {
    let stream = try stream(Self.stream)
    #expect(try stream.read(cut) == Array(Self.bytes[..<cut]) && stream.position == cut)
    try stream.skip((7 - cut) / 2)
    let rest = cut + (7 - cut) / 2
    #expect(try stream.read(7 - rest) == Array(Self.bytes[rest...]))
    try stream.finish()
  }

  @Test func whatIsLongerOrShorterIsRefused() throws {
    #expect(throws: PackError.self) { try stream(Self.stream).read(8) }
    #expect(throws: PackError.self) {
      let stream = try stream(Self.stream)
      _ = try stream.read(6)
      try stream.finish()
    }
    let followed = try stream(Self.stream + [0])
    _ = try followed.read(7)
    #expect(throws: PackError.self) { try followed.finish() }
    for count in 0..<Self.stream.count {
      #expect(throws: PackError.self) {
        let cut = try stream(Array(Self.stream[..<count]))
        _ = try cut.read(7)
        try cut.finish()
      }
    }
  }
}
