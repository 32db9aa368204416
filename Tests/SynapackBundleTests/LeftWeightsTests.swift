import Foundation
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackBundle

/// Weights that stay in their file are those that would be in memory, as long as the file stays.
struct LeftWeightsTests {
  private func read(_ bytes: [UInt8], leaving: Bool) throws -> StoredBundle {
    var report = Report()
    return try BundleReader.read(
      unsafe MappedFile(bytes: bytes.span.bytes, path: "b"), leavesWeights: leaving, &report)
  }

  @Test func aBundleIsTheSameEitherWay() throws {
    for seed in UInt64(1)...60 {
      var generator = RandomBundle(seed: seed)
      let bytes = try BundleWriter.bytes(of: try generator.next())
      let left = try read(bytes, leaving: true)
      #expect(try read(bytes, leaving: false) == left, "seed \(seed)")
      #expect(try BundleWriter.bytes(of: left.bundle) == bytes, "seed \(seed)")
      #expect(left.isIntact)
    }
  }

  private struct Sample {
    var bundle: SynapackBundle.Bundle
    var bytes: [UInt8]
    var section: SectionInfo
  }

  /// Weights that nothing models, either such that zlib shortens them or such that nothing does.
  private func sample(_ coding: SectionCoding) throws -> Sample {
    var random = SeededGenerator(seed: 3)
    let limit: Int16 = coding == .raw ? 127 : 20
    let values = (0..<80_000).map { _ in Int16.random(in: -limit...limit, using: &random) }
    let bundle = try denseBundle(weights: values, bits: 8)
    let bytes = try ContainerWriter.bytes(of: try sections(bundle))
    let stored = try read(bytes, leaving: false)
    let section = try #require(stored.sections.first { $0.type == SectionType.weights.rawValue })
    try #require(section.coding == coding)
    return Sample(bundle: bundle, bytes: bytes, section: section)
  }

  private func sections(_ bundle: SynapackBundle.Bundle) throws -> [ContainerWriter.Section] {
    var sections = try BundleWriter.sections(of: bundle)
    for index in sections.indices { sections[index].stream = nil }
    return sections
  }

  @Test(arguments: [SectionCoding.raw, .zlib])
  func aLargeBundleIsTheSameEitherWay(coding: SectionCoding) throws {
    let sample = try sample(coding)
    let left = try read(sample.bytes, leaving: true)
    // Twice, as a stream begins anew for it.
    for _ in 0..<2 { #expect(left.bundle == sample.bundle) }
    #expect(left.isIntact)
  }

  @Test(arguments: [SectionCoding.raw, .zlib])
  func everyBitOfTheirsIsHeldToTheDigest(coding: SectionCoding) throws {
    let sample = try sample(coding)
    let (bytes, section) = (sample.bytes, sample.section)
    var random = SeededGenerator(seed: 4)
    for _ in 0..<8 {
      var damaged = bytes
      let place =
        section.offset + Int.random(in: 0..<section.storedBytes, using: &random)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      for leaving in [false, true] {
        #expect {
          _ = try read(damaged, leaving: leaving)
        } throws: {
          ($0 as? PackError)?.code == .digestMismatch
        }
      }
    }
  }

  /// A byte behind the last map: another section of the same meaning.
  @Test(arguments: [SectionCoding.raw, .zlib])
  func anotherFormOfTheSameWeightsIsRefused(coding: SectionCoding) throws {
    let sample = try sample(coding)
    var sections = try sections(sample.bundle)
    let index = try #require(sections.firstIndex { $0.type == SectionType.weights.rawValue })
    sections[index].raw += [0]
    let longer = try ContainerWriter.bytes(of: sections)
    for leaving in [false, true] {
      #expect {
        _ = try read(longer, leaving: leaving)
      } throws: {
        ($0 as? PackError)?.code == .notCanonical
      }
    }
  }

  @Test(arguments: [SectionCoding.raw, .zlib])
  func aFileThatChangesIsNoticedAtTheNextReading(coding: SectionCoding) throws {
    let sample = try sample(coding)
    let folder = TemporaryFolder()
    folder.write(sample.bytes, to: "b.synapack")
    var report = Report()
    let stored = try BundleReader.read(
      try MappedFile(path: folder.path("b.synapack")), leavesWeights: true, &report)
    #expect(stored.bundle == sample.bundle && stored.isIntact)
    let file = try #require(FileHandle(forWritingAtPath: folder.path("b.synapack")))
    let place = sample.section.offset + sample.section.storedBytes / 2
    try file.seek(toOffset: UInt64(place))
    try file.write(contentsOf: [sample.bytes[place] ^ 1])
    try file.close()
    #expect(stored.bundle != sample.bundle)
    #expect(!stored.isIntact)
  }
}
