import SynapackSupport
import Testing

@Suite struct InflateTests {
  /// `zlib.compress(b"abc", 9)`.
  private let stream: [UInt8] = [
    0x78, 0xDA, 0x4B, 0x4C, 0x4A, 0x06, 0x00, 0x02, 0x4D, 0x01, 0x27,
  ]

  private func code(_ stream: [UInt8], _ count: Int) -> ErrorCode? {
    do {
      _ = try Inflate.zlib(stream, count: count)
      return nil
    } catch { return error.code }
  }

  @Test func bytesComeOut() throws {
    #expect(try Inflate.zlib(stream, count: 3) == Array("abc".utf8))
    let bare = Array(stream[2..<7])
    #expect(try Inflate.raw(unsafe bare.span.bytes, count: 3) == Array("abc".utf8))
    // `zlib.compress(b"")`.
    #expect(try Inflate.zlib([0x78, 0x9C, 3, 0, 0, 0, 0, 1], count: 0) == [])
  }

  @Test func otherCountsAreRefused() {
    for count in [-1, 0, 2, 4, 1 << 20, .max] {
      #expect(code(stream, count) == .malformedCompression, "\(count)")
    }
  }

  @Test func whatIsNotOneWholeStreamIsRefused() {
    #expect(code(stream + [0], 3) == .malformedCompression)
    #expect(code([], 0) == .malformedCompression)
    // No checksum, a preset dictionary, a window of 64 KiB.
    #expect(code(stream.dropLast(4), 3) == .malformedCompression)
    #expect(code([0x78, 0xBB, 0, 0, 0, 1] + stream[2...], 3) == .malformedCompression)
    #expect(code([0x88, 0x1C] + stream[2...], 3) == .malformedCompression)
    for count in stream.indices {
      #expect(code(Array(stream.prefix(count)), 3) == .malformedCompression)
    }
    for index in stream.indices {
      for bit in 0..<8 {
        var changed = stream
        changed[index] ^= 1 << UInt8(bit)
        // The bits behind the last block mean nothing; all others are checked.
        let result = try? Inflate.zlib(changed, count: 3)
        #expect(result == nil || result == Array("abc".utf8) && index == 5 || index == 6)
      }
    }
  }

  @Test func noStreamHoldsMoreThanDeflateCan() {
    #expect(Inflate.mayHold(count: 1032 * 10 + 64, stored: 10))
    #expect(!Inflate.mayHold(count: 1032 * 10 + 65, stored: 10))
    #expect(Inflate.mayHold(count: .max, stored: .max))
  }
}
