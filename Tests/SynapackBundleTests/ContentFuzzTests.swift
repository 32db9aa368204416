import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackBundle

/// Contents that a forger has sealed with right digests: whatever they say, reading them must end
/// in a refusal or in a bundle that is written again as the same content.
@Suite struct ContentFuzzTests {
  @Test(arguments: [UInt64](1...12))
  func changedContentsNeverTrap(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var generator = RandomBundle(seed: seed &+ 100)
    let bundle = try generator.next()
    let sections = try BundleWriter.sections(of: bundle)
    let features = BundleWriter.requiredFeatures(of: bundle)
    var accepted = 0
    for round in 0..<200 {
      var forged = sections
      let index = Int.random(in: 0..<sections.count, using: &random)
      forged[index].raw = mutated(forged[index].raw, &random)
      guard forged[index].raw != sections[index].raw else { continue }
      let bytes = try ContainerWriter.bytes(of: forged, requiring: features)
      if case .success(let stored) = reading(bytes) {
        accepted += 1
        // The writer may take another codec, but never another content.
        let again = try reading(BundleWriter.bytes(of: stored.bundle)).get()
        #expect(again.contentID == stored.contentID, "seed \(seed) round \(round)")
      }
    }
    // Other weights and thresholds are other programs, and valid ones.
    #expect(accepted > 0)
  }

  @Test(arguments: [UInt64](1...6))
  func newerManifestsMayHoldMoreButNeverTrap(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var generator = RandomBundle(seed: seed &+ 200)
    let bundle = try generator.next()
    let sections = try BundleWriter.sections(of: bundle)
    let features = BundleWriter.requiredFeatures(of: bundle)
    for _ in 0..<400 {
      var forged = sections
      forged[0].raw = mutated(forged[0].raw, &random)
      _ = reading(try ContainerWriter.bytes(of: forged, minor: 1, requiring: features))
    }
    // Field 100, a varint: version 1.0 refuses it as not canonical, a newer one may add it.
    var extended = sections
    extended[0].raw += [0xA0, 0x06, 0x01]
    let now = try ContainerWriter.bytes(of: extended, requiring: features)
    #expect(refusal(of: now)?.code == .notCanonical)
    let later = try ContainerWriter.bytes(of: extended, minor: 1, requiring: features)
    #expect(refusal(of: later) == nil)
  }

  private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let value =
        [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
        .randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.insert(value, at: place)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes = Array(bytes[0..<place])
      case _ where place < bytes.count: bytes[place] = value
      default: break
      }
    }
    return bytes
  }

  @Test func messageBombsAreRefused() throws {
    // A program of a million empty populations: two bytes each on the wire.
    var program: [UInt8] = []
    for _ in 0..<1_000_000 { program += [0x2A, 0x00] }
    let manifest = [0x0A] + [0x80, 0x89, 0x7A] + program
    #expect(throws: PackError.self) { _ = try Manifest(reading: manifest) }
    // Lengths that leave their message, field numbers and wire types that do not exist.
    for broken: [UInt8] in [
      [0x0A, 0x05, 0x08], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x00], [0x0B], [0x0C], [0x0F], [0x07], [0xFF],
      [UInt8](repeating: 0x80, count: 11), [0x12, 0x01, 0xFF], [0x0A, 0x00],
    ] {
      #expect(throws: PackError.self) { _ = try Manifest(reading: broken) }
    }
  }
}

@Suite struct WeightCodingTests {
  private func map(_ values: [Int16], _ bits: Int) -> (WeightMap, [UInt8]) {
    var section: [UInt8] = [0xAA]
    let map = WeightCoding.append(values, bits: bits, to: &section)
    return (map, section)
  }

  @Test func theSmallestEncodingIsChosen() throws {
    let full = [Int16](repeating: 1, count: 100)
    #expect(map(full, 8).0 == WeightMap(encoding: .dense, offset: 1, length: 100, nonzero: 100))
    var half = full
    for index in half.indices where index % 2 == 0 { half[index] = 0 }
    #expect(map(half, 8).0 == WeightMap(encoding: .bitmap, offset: 1, length: 63, nonzero: 50))
    var rare = [Int16](repeating: 0, count: 1000)
    for index in stride(from: 30, to: 1000, by: 31) { rare[index] = -3 }
    #expect(map(rare, 8).0 == WeightMap(encoding: .index, offset: 1, length: 64, nonzero: 32))
    // One weight of 1000 would be 4 bytes of index, but that is 250 weights a byte.
    var single = [Int16](repeating: 0, count: 1000)
    single[999] = 5
    #expect(map(single, 8).0.encoding == .bitmap)
    // Two bits a weight: 8 dense bytes are as small as any bitmap, and dense wins.
    #expect(map([Int16](repeating: 0, count: 4), 2).0.encoding == .dense)
    #expect(map([], 8).0 == WeightMap(encoding: .dense, offset: 1, length: 0, nonzero: 0))
  }

  @Test func everyEncodingComesBack() throws {
    var random = SeededGenerator(seed: 9)
    for bits in 2...16 {
      let limit = (1 << (bits - 1)) - 1
      for density in [0.0, 0.02, 0.1, 0.6, 1.0] {
        for count in [1, 7, 8, 9, 500] {
          let values = (0..<count).map { _ in
            Double(random.unitFloat()) < density
              ? Int16(Int.random(in: -limit...limit, using: &random)) : 0
          }
          let (map, section) = map(values, bits)
          #expect(
            try WeightCoding.decode(map, from: section, count: count, bits: bits) == values)
        }
      }
    }
  }

  @Test func mapsThatDoNotFitTheirBytesAreRefused() throws {
    let (good, section) = map([1, 0, 2, 0, 0, 0, 0, 3], 8)
    for encoding in WeightEncoding.allCases {
      for offset in [0, 1, 4, Int.max] {
        for length in [0, 1, good.length, Int.max] {
          for nonzero in [0, 3, 9, Int.max] {
            for count in [0, 8, 1 << 30, Int.max - 7] {
              let map = WeightMap(
                encoding: encoding, offset: offset, length: length, nonzero: nonzero)
              // Only that nothing traps: a few of these are valid.
              _ = try? WeightCoding.decode(map, from: section, count: count, bits: 8)
            }
          }
        }
      }
    }
  }

  @Test func numbersOfSevenBitsAByteAreBounded() {
    for value in [0, 1, 127, 128, 16_383, 16_384, 1 << 40, (1 << 62) - 1] {
      var bytes: [UInt8] = []
      Varint.put(value, into: &bytes)
      #expect(bytes.count == Varint.size(value))
      var index = 0
      #expect(Varint.read(bytes[...], &index) == value)
      #expect(index == bytes.count)
    }
    var index = 0
    #expect(Varint.read([UInt8](repeating: 0xFF, count: 12)[...], &index) == nil)
    index = 0
    #expect(Varint.read([0x80], &index) == nil)
  }
}
