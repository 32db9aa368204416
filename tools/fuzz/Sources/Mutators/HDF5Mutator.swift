@testable import SynapackHDF5
import SynapackSupport

/// Mutations of HDF5 files: numbers within structures, and then, most of the time, the checksums
/// of the newer structures made right again.
enum HDF5Mutator {
  private static let signatures: [[UInt8]] = [
    "OHDR", "OCHK", "TREE", "HEAP", "SNOD", "GCOL", "BTHD", "BTLF", "BTIN", "FRHP", "FHDB",
    "FHIB", "FAHD", "FADB", "EAHD", "EAIB", "EADB",
  ].map { Array($0.utf8) }

  static func mutate(
    _ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom
  ) -> [UInt8]? {
    let places = places(in: input)
    guard !places.isEmpty else { return nil }
    var bytes = input
    for _ in 0...random.below(2) {
      let place = random.element(places)
      let offset = place + random.below(min(160, bytes.count - place))
      switch random.below(4) {
      case 0: bytes.put(random.number(), at: offset, bytes: random.element([1, 2, 4, 8]))
      case 1: bytes.put(UInt64(random.element(places)), at: offset, bytes: 8)
      case 2:
        let end = min(bytes.count, offset + 1 + random.below(24))
        bytes.replaceSubrange(offset..<end, with: mutated(Array(bytes[offset..<end]), growth: 0))
      default: bytes[offset] = UInt8(truncatingIfNeeded: random.number())
      }
    }
    if random.below(4) > 0 { repair(&bytes, places) }
    return bytes
  }

  /// Where structures begin; the superblock is the first.
  private static func places(in bytes: [UInt8]) -> [Int] {
    guard bytes.count > 16 else { return [] }
    var found = [0]
    for index in 8..<bytes.count - 4 where bytes[index] >= 0x42 && bytes[index] <= 0x54 {
      if signatures.contains(where: { bytes[index..<index + 4].elementsEqual($0) }) {
        found.append(index)
      }
    }
    return found
  }

  private static func repair(_ bytes: inout [UInt8], _ places: [Int]) {
    if bytes[8] >= 2 { seal(&bytes, 0, 44) }
    for place in places.dropFirst() {
      switch String(decoding: bytes[place..<place + 4], as: UTF8.self) {
      case "OHDR": seal(&bytes, place, header(bytes, place))
      case "BTHD": seal(&bytes, place, 34)
      case "FAHD": seal(&bytes, place, 24)
      case "FRHP": seal(&bytes, place, 142)
      default: break
      }
    }
  }

  /// The length of a version 2 object header up to its checksum (specification, IV.A.1.b).
  private static func header(_ bytes: [UInt8], _ place: Int) -> Int {
    let flags = bytes.number(at: place + 5, bytes: 1)
    var length = 6
    if flags & 0x20 != 0 { length += 16 }
    if flags & 0x10 != 0 { length += 4 }
    let width = 1 << Int(flags & 3)
    return length + width + Int(clamping: bytes.number(at: place + length, bytes: width) & 0xFFFF)
  }

  private static func seal(_ bytes: inout [UInt8], _ place: Int, _ length: Int) {
    guard place + length + 4 <= bytes.count else { return }
    let sum = HDF5Checksum.lookup3(bytes[place..<place + length].span.bytes)
    bytes.put(UInt64(sum), at: place + length, bytes: 4)
  }
}
