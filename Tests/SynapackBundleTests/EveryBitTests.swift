import SynapackBundle
import SynapackSupport
import TestSupport
import Testing

/// A changed bit of a bundle of 64 KiB with every section is noticed: a sample in the same places
/// every time. `tools/verify/every-bit` tries all of them.
struct EveryBitTests {
  /// A golden bundle with a report that does not compress below 64 KiB, and a later section.
  private func bundle() throws -> [UInt8] {
    var report = Report()
    let golden = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    var bundle = try BundleReader.read(golden, &report).bundle
    var generator = SeededGenerator(seed: 64)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    bundle.report = "{\"noise\":\"\(hexadecimal(noise))\"}"
    bundle.aside = [AsideSection(type: 100, bytes: Array("a later idea".utf8))]
    return try BundleWriter.bytes(of: bundle)
  }

  @Test func isNoticed() throws {
    let good = try bundle()
    var report = Report()
    let stored = try BundleReader.read(good, &report)
    #expect(stored.fileBytes >= 65_536)
    #expect(stored.sections.map(\.type) == [1, 2, 3, 4, 5, 6, 7, 100])

    let step = 997
    let bits = Array(stride(from: 0, to: good.count * 8, by: step))
    let unit = 512
    let missed = try parallelUnits(count: (bits.count + unit - 1) / unit, threads: 2) {
      (index) throws(PackError) -> [Int] in
      var bytes = good
      return bits[index * unit..<min((index + 1) * unit, bits.count)].filter { bit in
        bytes[bit / 8] ^= 1 << (bit % 8)
        defer { bytes[bit / 8] ^= 1 << (bit % 8) }
        return refusal(of: bytes) == nil
      }
    }.flatMap { $0 }
    #expect(missed.isEmpty)

    for count in stride(from: 0, to: good.count, by: step) {
      #expect(refusal(of: Array(good[..<count])) != nil, "cut to \(count)")
    }
    for count in 1...64 {
      #expect(refusal(of: good + Array(repeating: 0, count: count)) != nil, "\(count) more")
    }
  }
}
