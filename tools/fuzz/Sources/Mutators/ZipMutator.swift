@testable import SynapackSupport

/// Mutations of zip archives that write the headers anew around changed entries, so that sizes,
/// places and checksums are right, and half of the time break one byte of the result.
enum ZipMutator {
  private struct Entry {
    var name: [UInt8]
    var method: UInt64
    var content: [UInt8]
    var size: Int
    var checksum: UInt32
  }

  private static let largestContent = 1 << 16

  static func mutate(
    _ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom
  ) -> [UInt8]? {
    var entries = parse(input)
    guard !entries.isEmpty else { return nil }
    let index = random.below(entries.count)
    switch random.below(10) {
    case 0: entries.remove(at: index)
    case 1: entries.append(entries[index])
    case 2: entries.swapAt(index, random.below(entries.count))
    case 3: entries[index].name = mutated(entries[index].name)
    case 4: entries[index].content = mutated(entries[index].content)
    default: change(&entries[index])
    }
    let bytes = write(entries)
    return random.below(4) == 0 ? mutated(bytes, growth: 4) : bytes
  }

  /// Changes what comes out of an entry, which is stored from then on.
  private static func change(_ entry: inout Entry) {
    var plain = entry.content
    if entry.method == 8 {
      guard entry.size <= largestContent, let inflated = inflated(entry) else { return }
      plain = inflated
    }
    let content = mutated(plain)
    entry = Entry(
      name: entry.name, method: 0, content: content, size: content.count,
      checksum: crc32(of: content))
  }

  private static func inflated(_ entry: Entry) -> [UInt8]? {
    try? Inflate.raw(entry.content.span.bytes, count: entry.size)
  }

  /// The entries that the headers before the data describe, as far as they can be followed.
  private static func parse(_ input: [UInt8]) -> [Entry] {
    var entries: [Entry] = []
    var position = 0
    while input.number(at: position, bytes: 4) == 0x0403_4B50, entries.count < 64 {
      let nameCount = Int(input.number(at: position + 26, bytes: 2))
      let extraCount = Int(input.number(at: position + 28, bytes: 2))
      let stored = Int(input.number(at: position + 18, bytes: 4))
      let start = position + 30 + nameCount + extraCount
      guard start <= input.count, stored <= input.count - start else { break }
      entries.append(
        Entry(
          name: Array(input[position + 30..<position + 30 + nameCount]),
          method: input.number(at: position + 8, bytes: 2),
          content: Array(input[start..<start + stored]),
          size: Int(input.number(at: position + 22, bytes: 4)),
          checksum: UInt32(input.number(at: position + 14, bytes: 4))))
      position = start + stored
    }
    return entries
  }

  private static func write(_ entries: [Entry]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = bytes.count
      bytes.append(0x0403_4B50, bytes: 4)
      bytes += common(entry) + entry.name + entry.content
      directory.append(0x0201_4B50, bytes: 4)
      directory.append(20, bytes: 2)
      directory += common(entry)
      for (value, width) in [(0, 2), (0, 2), (0, 2), (0, 4), (offset, 4)] {
        directory.append(UInt64(value), bytes: width)
      }
      directory += entry.name
    }
    let start = bytes.count
    bytes += directory
    bytes.append(0x0605_4B50, bytes: 4)
    for (value, width) in [
      (0, 2), (0, 2), (entries.count, 2), (entries.count, 2), (directory.count, 4), (start, 4),
      (0, 2),
    ] {
      bytes.append(UInt64(value), bytes: width)
    }
    return bytes
  }

  /// The fields that stand alike in both headers of an entry.
  private static func common(_ entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = []
    for (value, width) in [
      (20, 2), (0, 2), (Int(entry.method), 2), (0, 2), (0x21, 2), (Int(entry.checksum), 4),
      (entry.content.count, 4), (entry.size, 4), (entry.name.count, 2), (0, 2),
    ] {
      bytes.append(UInt64(value), bytes: width)
    }
    return bytes
  }
}
