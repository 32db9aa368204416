internal import SynapackProgram
internal import SynapackSupport

/// How the weights of one connection lie in the section of weights.
enum WeightEncoding: UInt32, CaseIterable {
  /// Every weight, bit-packed.
  case dense = 0
  /// One bit a weight, lowest bit of the first byte first, set where it is not zero; then the
  /// weights that are not zero, bit-packed.
  case bitmap = 1
  /// For each weight that is not zero the number of zeros passed before it, as LEB128; then those
  /// weights, bit-packed.
  case index = 2
}

/// A run of bytes in the section of weights.
struct WeightMap: Hashable {
  var encoding: WeightEncoding
  var offset: Int
  var length: Int
  var nonzero: Int
}

enum WeightCoding {
  /// The smallest encoding of `values`; of equal ones the first of dense, bitmap, index.
  ///
  /// An index map that stands for more than 64 weights a byte is not a candidate, so that a reader
  /// never has to make much out of little.
  static func choice(of values: [Int16], bits: Int) -> (WeightEncoding, nonzero: Int) {
    let count = values.count
    let nonzero = values.count { $0 != 0 }
    let packed = (nonzero * bits + 7) / 8
    let dense = (count * bits + 7) / 8
    let bitmap = (count + 7) / 8 + packed
    // A gap takes a byte at least, so that those of most matrices need not be looked at.
    guard bitmap < dense || nonzero + packed < dense else { return (.dense, nonzero) }
    var gaps = 0
    var zeros = 0
    for value in values {
      if value == 0 {
        zeros += 1
      } else {
        gaps += Varint.size(zeros)
        zeros = 0
      }
    }
    let index = gaps + packed
    let sizes = [
      dense, bitmap, count <= index * BundleLimits.weightsPerIndexByte ? index : Int.max,
    ]
    var best = 0
    for candidate in 1...2 where sizes[candidate] < sizes[best] { best = candidate }
    return (WeightEncoding.allCases[best], nonzero)
  }

  /// Appends the weights in their smallest encoding.
  static func append(_ values: [Int16], bits: Int, to section: inout [UInt8]) -> WeightMap {
    let (encoding, nonzero) = choice(of: values, bits: bits)
    let offset = section.count
    switch encoding {
    case .dense:
      BitPacking.pack(values, bits: bits, into: &section)
    case .bitmap:
      var map = [UInt8](repeating: 0, count: (values.count + 7) / 8)
      for (index, value) in values.enumerated() where value != 0 {
        map[index >> 3] |= 1 << UInt8(index & 7)
      }
      section += map
      BitPacking.pack(values.lazy.filter { $0 != 0 }, bits: bits, into: &section)
    case .index:
      var zeros = 0
      for value in values {
        if value == 0 {
          zeros += 1
        } else {
          Varint.put(zeros, into: &section)
          zeros = 0
        }
      }
      BitPacking.pack(values.lazy.filter { $0 != 0 }, bits: bits, into: &section)
    }
    return WeightMap(
      encoding: encoding, offset: offset, length: section.count - offset, nonzero: nonzero)
  }

  /// Decodes `count` weights of `bits` bits from the map's bytes.
  ///
  /// Everything is held against the length of the bytes before memory is taken.
  static func decode(
    _ map: WeightMap, from section: [UInt8], count: Int, bits: Int
  ) throws(PackError) -> [Int16] {
    guard map.offset >= 0, map.length >= 0, (2...16).contains(bits),
      let end = map.offset.adding(map.length), end <= section.count
    else { throw refusal("a weight map that leaves its section") }
    let bytes = section[map.offset..<end]
    switch map.encoding {
    case .dense:
      guard BitPacking.byteCount(count, bits: bits) == bytes.count else {
        throw refusal("\(bytes.count) bytes for \(count) weights of \(bits) bits")
      }
      return BitPacking.unpack(bytes, count: count, bits: bits)
    case .bitmap:
      return try bitmap(bytes, map, count: count, bits: bits)
    case .index:
      return try index(bytes, map, count: count, bits: bits)
    }
  }

  private static func bitmap(
    _ bytes: ArraySlice<UInt8>, _ map: WeightMap, count: Int, bits: Int
  ) throws(PackError) -> [Int16] {
    let size = (count + 7) / 8
    guard map.nonzero <= count,
      BitPacking.byteCount(map.nonzero, bits: bits)?.adding(size) == bytes.count
    else { throw refusal("\(bytes.count) bytes for a bitmap of \(count) weights") }
    let packed = bytes[(bytes.startIndex + size)...]
    let values = BitPacking.unpack(packed, count: map.nonzero, bits: bits)
    var weights = [Int16](repeating: 0, count: count)
    var next = 0
    for position in 0..<count {
      guard bytes[bytes.startIndex + position >> 3] & (1 << UInt8(position & 7)) != 0 else {
        continue
      }
      guard next < values.count else { throw refusal("a bitmap with more bits than weights") }
      weights[position] = values[next]
      next += 1
    }
    return weights
  }

  private static func index(
    _ bytes: ArraySlice<UInt8>, _ map: WeightMap, count: Int, bits: Int
  ) throws(PackError) -> [Int16] {
    guard map.nonzero >= 0, map.nonzero <= bytes.count,
      let bound = bytes.count.times(BundleLimits.weightsPerIndexByte), count <= bound
    else { throw refusal("\(bytes.count) bytes for an index of \(count) weights") }
    var places: [Int] = []
    var cursor = bytes.startIndex
    var position = 0
    for _ in 0..<map.nonzero {
      guard let gap = Varint.read(bytes, &cursor), gap < count - position else {
        throw refusal("an index that leaves its \(count) weights")
      }
      places.append(position + gap)
      position += gap + 1
    }
    guard BitPacking.byteCount(map.nonzero, bits: bits) == bytes.endIndex - cursor else {
      throw refusal("an index map of \(bytes.count) bytes for \(map.nonzero) weights")
    }
    let values = BitPacking.unpack(bytes[cursor...], count: map.nonzero, bits: bits)
    var weights = [Int16](repeating: 0, count: count)
    for (place, value) in zip(places, values) { weights[place] = value }
    return weights
  }

  static func refusal(_ message: String) -> PackError {
    PackError(
      .malformedSection, message, at: .section(SectionType.weights.name),
      hint: "make the bundle again from its model")
  }
}
