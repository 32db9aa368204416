import SynapackBundle
import SynapackSupport
import Testing

@Suite struct DamageTests {
  private func small() throws -> [UInt8] {
    var generator = RandomBundle(seed: 2)
    return try BundleWriter.bytes(of: generator.next())
  }

  private func isRefusal(_ error: PackError?) -> Bool {
    guard let error, error.code.rawValue.hasPrefix("SYN06") else { return false }
    return [.trust, .badInput].contains(ErrorCatalog.kind(of: error.code))
  }

  @Test func anyByteChangedIsNoticed() throws {
    let good = try small()
    for index in good.indices {
      for pattern: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = good
        bytes[index] ^= pattern
        #expect(isRefusal(refusal(of: bytes)), "byte \(index) xor \(pattern)")
      }
    }
  }

  @Test func anyOtherLengthIsNoticed() throws {
    let good = try small()
    for count in good.indices {
      #expect(isRefusal(refusal(of: Array(good[0..<count]))), "cut to \(count)")
    }
    for count in 1...64 {
      for byte: UInt8 in [0, 0x50] {
        let more = good + [UInt8](repeating: byte, count: count)
        #expect(refusal(of: more)?.code == .truncatedBundle, "\(count) more")
      }
    }
    for polyglot in ["#!/bin/sh\n", "PK\u{3}\u{4}"] {
      #expect(refusal(of: Array(polyglot.utf8) + good)?.code == .notABundle)
    }
    #expect(refusal(of: [])?.code == .notABundle)
    #expect(refusal(of: Array("not a bundle at all".utf8))?.code == .notABundle)
  }

  @Test func aDigestThatDoesNotMatchIsAMatterOfTrust() throws {
    var bytes = try small()
    bytes[bytes.count - 1] ^= 1
    #expect(refusal(of: bytes)?.code == .digestMismatch)
    #expect(ErrorCatalog.kind(of: .digestMismatch) == .trust)
  }
}
