import SynapackSupport

/// Mutations of bundles that make the digests right again half of the time, because no other
/// change comes past them.
enum BundleMutator {
  private static let header = 128
  private static let entry = 104

  static func mutate(
    _ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom
  ) -> [UInt8]? {
    guard input.count >= header else { return nil }
    var bytes = random.below(3) == 0 ? mutated(input) : changedField(input, &random)
    guard bytes.count >= header else { return nil }
    if random.below(4) > 0 {
      bytes.put(UInt64(bytes.count), at: 16, bytes: 8)
      reseal(&bytes)
    }
    return bytes
  }

  /// A number of the header or the table, or a byte of a section.
  private static func changedField(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8] {
    var bytes = input
    let count = min(8, Int(clamping: input.number(at: 60, bytes: 4)))
    switch random.below(4) {
    case 0: bytes.put(random.number(), at: 8 + 4 * random.below(14), bytes: 4)
    case 1 where count > 0:
      let field = random.element([(0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 4), (36, 4)])
      bytes.put(
        random.number(), at: header + entry * random.below(count) + field.0, bytes: field.1)
    default:
      let end = min(bytes.count, header + entry * count)
      guard end < bytes.count else { return mutated(input) }
      bytes[end + random.below(bytes.count - end)] = UInt8(truncatingIfNeeded: random.number())
    }
    return bytes
  }

  private static func reseal(_ bytes: inout [UInt8]) {
    let count = min(8, Int(clamping: bytes.number(at: 60, bytes: 4)))
    for index in 0..<count {
      let start = header + entry * index
      let offset = Int(clamping: bytes.number(at: start + 8, bytes: 8))
      let length = Int(clamping: bytes.number(at: start + 16, bytes: 8))
      guard start + entry <= bytes.count, offset <= bytes.count, length <= bytes.count - offset
      else { continue }
      let digest = digest(bytes[offset..<offset + length])
      bytes.replaceSubrange(start + 40..<start + 72, with: digest)
      if bytes.number(at: start + 36, bytes: 4) == 0 {
        bytes.replaceSubrange(start + 72..<start + 104, with: digest)
      }
    }
    let table = min(bytes.count, header + entry * count)
    bytes.replaceSubrange(64..<96, with: digest(bytes[header..<table]))
    bytes.replaceSubrange(96..<128, with: [UInt8](repeating: 0, count: 32))
    bytes.replaceSubrange(96..<128, with: digest(bytes[0..<header]))
  }

  private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Digest(of: Array(bytes)).bytes
  }
}
