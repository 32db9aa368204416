import SynapackBundle
import SynapackSupport
import Testing

/// A bundle whose fields can be overwritten and whose digests are then made right again.
private struct Forgery {
  var bytes: [UInt8]

  static let entrySize = 104
  var count: Int { Int(number(60, 4)) }

  func number(_ offset: Int, _ size: Int) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }

  mutating func put(_ value: UInt64, _ offset: Int, _ size: Int) {
    for index in 0..<size { bytes[offset + index] = UInt8(value >> UInt64(8 * index) & 0xFF) }
  }

  func entry(_ index: Int) -> Int { 128 + index * Forgery.entrySize }

  mutating func seal() {
    let end = min(bytes.count, 128 + count * Forgery.entrySize)
    bytes.replaceSubrange(64..<96, with: Digest(of: Array(bytes[128..<end])).bytes)
    sealHeader()
  }

  mutating func sealHeader() {
    bytes.replaceSubrange(96..<128, with: [UInt8](repeating: 0, count: 32))
    bytes.replaceSubrange(96..<128, with: Digest(of: Array(bytes[0..<128])).bytes)
  }

  /// Replaces the stored bytes of the last section and everything that speaks of them.
  mutating func replaceLast(stored: [UInt8], raw: UInt64, codec: UInt64, rawDigest: Digest) {
    let row = entry(count - 1)
    let offset = Int(number(row + 8, 8))
    bytes = Array(bytes[0..<offset]) + stored
    put(number(row + 4, 4) & 1 | codec << 1, row + 4, 4)
    put(UInt64(stored.count), row + 16, 8)
    put(raw, row + 24, 8)
    put(codec, row + 36, 4)
    bytes.replaceSubrange(row + 40..<row + 72, with: Digest(of: stored).bytes)
    bytes.replaceSubrange(row + 72..<row + 104, with: rawDigest.bytes)
    put(UInt64(bytes.count), 16, 8)
    seal()
  }
}

@Suite struct HostileTests {
  private func good() throws -> Forgery {
    var generator = RandomBundle(seed: 4)
    var bundle = try generator.next()
    bundle.report = #"{"a":1}"#
    return Forgery(bytes: try BundleWriter.bytes(of: bundle))
  }

  private func values(near value: UInt64) -> [UInt64] {
    [
      0, 1, value &- 1, value &+ 1, 1 << 31, 1 << 32, (1 << 31) - 1, 1 << 63, .max, .max - 63,
      .max - 1,
    ].filter { $0 != value }
  }

  /// Fields of the header: offset and size.
  private let headerFields = [
    (8, 2), (12, 4), (16, 8), (24, 8), (32, 8), (40, 8), (48, 8), (56, 4), (60, 4),
  ]
  private let entryFields = [(0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 4), (36, 4)]

  @Test func hostileHeaderFieldsAreRefused() throws {
    let forgery = try good()
    for (offset, size) in headerFields {
      for value in values(near: forgery.number(offset, size)) {
        var hostile = forgery
        hostile.put(value, offset, size)
        guard hostile.bytes != forgery.bytes else { continue }
        hostile.sealHeader()
        #expect(refusal(of: hostile.bytes) != nil, "header \(offset) = \(value)")
      }
    }
  }

  @Test func hostileEntryFieldsAreRefused() throws {
    let forgery = try good()
    for index in 0..<forgery.count {
      for (field, size) in entryFields {
        let offset = forgery.entry(index) + field
        for value in values(near: forgery.number(offset, size)) {
          var hostile = forgery
          hostile.put(value, offset, size)
          guard hostile.bytes != forgery.bytes else { continue }
          hostile.seal()
          #expect(refusal(of: hostile.bytes) != nil, "entry \(index) at \(field) = \(value)")
        }
      }
    }
  }

  @Test func hostilePairsOfEntryFieldsAreRefused() throws {
    let forgery = try good()
    let row = forgery.entry(forgery.count - 1)
    for (first, firstSize) in entryFields {
      for (second, secondSize) in entryFields where second > first {
        for left in values(near: forgery.number(row + first, firstSize)) {
          for right in values(near: forgery.number(row + second, secondSize)) {
            var hostile = forgery
            hostile.put(left, row + first, firstSize)
            hostile.put(right, row + second, secondSize)
            hostile.seal()
            guard hostile.bytes != forgery.bytes else { continue }
            // An unknown optional type whose other fields hold together is not hostile.
            guard let error = refusal(of: hostile.bytes) else {
              Issue.record("\(first) = \(left) and \(second) = \(right) were accepted")
              continue
            }
            #expect(error.code.rawValue.hasPrefix("SYN06"))
          }
        }
      }
    }
  }

  @Test func contentsThatAreNotCanonicalAreRefused() throws {
    var forgery = try good()
    let text = Array(#"{"a": 1}"#.utf8)
    forgery.replaceLast(
      stored: text, raw: UInt64(text.count), codec: 0, rawDigest: Digest(of: text))
    #expect(refusal(of: forgery.bytes)?.code == .notCanonical)
    let broken = Array(#"{"a":1"#.utf8)
    forgery.replaceLast(
      stored: broken, raw: UInt64(broken.count), codec: 0, rawDigest: Digest(of: broken))
    #expect(refusal(of: forgery.bytes)?.code == .malformedSection)
  }

  @Test func aDeflateBombIsStoppedAtItsDeclaredLength() throws {
    // 1 MiB of zeros as one zlib stream, made by zlib at level 9.
    let bomb = bytes(hexadecimal: zeros)
    for declared: UInt64 in [100, 1 << 20 - 1, 1 << 20 + 1, 64 << 30, .max] {
      var forgery = try good()
      forgery.replaceLast(
        stored: bomb, raw: declared, codec: 1, rawDigest: Digest(of: []))
      #expect(refusal(of: forgery.bytes)?.code == .malformedSection, "\(declared)")
    }
    var empty = try good()
    empty.replaceLast(stored: [], raw: 10, codec: 1, rawDigest: Digest(of: []))
    #expect(refusal(of: empty.bytes)?.code == .malformedSection)
    for damaged in [bomb.dropLast(), bomb + [0], [0x78, 0x20] + bomb.dropFirst(2)] {
      var forgery = try good()
      forgery.replaceLast(
        stored: Array(damaged), raw: 70_000, codec: 1, rawDigest: Digest(of: []))
      #expect(refusal(of: forgery.bytes)?.code == .malformedSection)
    }
  }

  @Test func whatANewerVersionMayAddIsReadOrRefusedByName() throws {
    var newer = try good()
    newer.put(7, 10, 2)
    newer.seal()
    var report = Report()
    let stored = try BundleReader.read(newer.bytes, &report)
    #expect(report.findings.map(\.code) == [.newerMinorVersion])
    #expect(stored.formatMinor == 7 && !stored.isRewritable)

    var required = newer
    required.put(1, 24, 8)
    required.seal()
    #expect(refusal(of: required.bytes)?.code == .newerBundle)

    var major = newer
    major.put(2, 8, 2)
    major.seal()
    #expect(refusal(of: major.bytes)?.code == .newerBundle)
  }

  @Test func anUnknownOptionalSectionIsKept() throws {
    var generator = RandomBundle(seed: 6)
    var bundle = try generator.next()
    bundle.aside = [
      AsideSection(type: 99, bytes: [1, 2, 3]),
      AsideSection(type: 0x8000_0001, bytes: [UInt8](repeating: 7, count: 999)),
    ]
    let written = try BundleWriter.bytes(of: bundle)
    var report = Report()
    let stored = try BundleReader.read(written, &report)
    #expect(report.findings.map(\.code) == [.optionalSectionSkipped, .optionalSectionSkipped])
    #expect(stored.bundle == bundle)
    #expect(try BundleWriter.bytes(of: stored.bundle) == written)

    var critical = Forgery(bytes: written)
    let row = critical.entry(critical.count - 2)
    critical.put(critical.number(row + 4, 4) | 1, row + 4, 4)
    critical.seal()
    #expect(refusal(of: critical.bytes)?.code == .newerBundle)
  }
}

/// zlib's own stream for 1 MiB of zeros.
private let zeros = """
  78daedc13101000000c2a0f54f6d085fa00000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  00000000000000000000000000000000000000000000000000000000000000000000000000000000
  0000000000000000000000000000000000000000000000000000000000000000003e0300f00001
  """
