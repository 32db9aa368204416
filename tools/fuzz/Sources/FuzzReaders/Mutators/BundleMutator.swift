@testable import SynapackSupport

/// Changes one section of a bundle and, mostly, writes a container whose lengths and digests
/// agree; else digests are mended half of the time and the rest is as libFuzzer left it.
func mutatedBundle(
  _ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom
) -> [UInt8] {
  guard var bundle = BundleParts(bytes), !bundle.sections.isEmpty, !random.oneIn(4) else {
    var changed = random.changed(bytes, atMost: largest)
    if random.oneIn(2) { BundleParts.mendDigests(&changed) }
    return changed
  }
  for _ in 0...random.below(2) { bundle.mutate(&random) }
  return bundle.bytes(&random)
}

/// The sections of a bundle as a mutator sees them; see `schemas/bundle.md`.
private struct BundleParts {
  struct Section {
    var type: Int
    var flags: Int
    var alignment: Int
    var raw: [UInt8]
  }

  var header: [UInt8]
  var sections: [Section] = []

  private static let headerSize = 128
  private static let entrySize = 104

  init?(_ bytes: [UInt8]) {
    guard bytes.count > BundleParts.headerSize else { return nil }
    header = bytes.part(0, BundleParts.headerSize)
    for index in 0..<min(bytes.number(at: 60, bytes: 4), 64) {
      let entry = bytes.part(
        BundleParts.headerSize + index * BundleParts.entrySize, BundleParts.entrySize)
      let stored = bytes.part(entry.number(at: 8, bytes: 8), entry.number(at: 16, bytes: 8))
      let rawCount = entry.number(at: 24, bytes: 8)
      let flags = entry.number(at: 4, bytes: 4)
      var raw = stored
      if flags & 2 != 0, (0...65536).contains(rawCount),
        let out = try? Inflate.zlib(stored, count: rawCount)
      {
        raw = out
      }
      sections.append(
        Section(
          type: entry.number(at: 0, bytes: 4), flags: flags & ~2,
          alignment: entry.number(at: 32, bytes: 4), raw: raw))
    }
  }

  mutating func mutate(_ random: inout MutationRandom) {
    let index = random.below(sections.count)
    guard sections.indices.contains(index) else { return }
    switch random.below(12) {
    case 0: if sections.count > 1 { sections.remove(at: index) }
    case 1:
      var copy = sections[index]
      copy.type = Int(random.oddNumber() & 0xFFFF_FFFF)
      copy.flags = random.below(4)
      sections.append(copy)
    case 2: sections[index].alignment = random.below(20)
    case 3:
      header.put(
        Int(truncatingIfNeeded: random.oddNumber()), at: 8 + random.below(56),
        bytes: 1 << random.below(4))
    default: sections[index].raw = BundleParts.changed(sections[index], &random)
    }
  }

  private static func changed(
    _ section: Section, _ random: inout MutationRandom
  ) -> [UInt8] {
    let raw = section.raw
    if section.type == 1, !random.oneIn(4) {
      let made = mutatedProtobuf(raw, raw.count + 64, &random)
      if !made.isEmpty { return made }
    }
    if random.oneIn(2), raw.count >= 8 {
      // Numbers of sections are counts, indices and values of 1 to 8 bytes.
      var made = raw
      let count = 1 << random.below(4)
      made.put(
        Int(truncatingIfNeeded: random.oddNumber()), at: random.below(raw.count) & ~(count - 1),
        bytes: count)
      return made
    }
    return random.changed(raw, atMost: raw.count + 32)
  }

  /// A container of stored sections; with a flaw in one of sixteen.
  func bytes(_ random: inout MutationRandom) -> [UInt8] {
    var table: [UInt8] = []
    var body: [UInt8] = []
    let start = BundleParts.headerSize + sections.count * BundleParts.entrySize
    for section in sections {
      let step = 1 << min(section.alignment, 12)
      let end = start + body.count
      let offset = (end + step - 1) / step * step
      body += [UInt8](repeating: 0, count: offset - end) + section.raw
      let digest = Digest(of: section.raw).bytes
      table.append(section.type, bytes: 4)
      table.append(section.flags, bytes: 4)
      for number in [offset, section.raw.count, section.raw.count] {
        table.append(number, bytes: 8)
      }
      table.append(section.alignment, bytes: 4)
      table.append(0, bytes: 4)
      table += digest + digest
    }
    if random.oneIn(16), !table.isEmpty {
      table.put(
        Int(truncatingIfNeeded: random.oddNumber()), at: random.below(table.count),
        bytes: 1 << random.below(4))
    }
    var out = header
    out.put(start + body.count, at: 16, bytes: 8)
    out.put(sections.count, at: 60, bytes: 4)
    out += table + body
    BundleParts.mendDigests(&out)
    return out
  }

  /// Makes the digests of table and header right.
  static func mendDigests(_ bytes: inout [UInt8]) {
    guard bytes.count >= headerSize else { return }
    let size = bytes.number(at: 56, bytes: 4) & 0x1FFF
    let count = bytes.number(at: 60, bytes: 4) & 0x1FFF
    let length = min(max(bytes.number(at: 12, bytes: 4), headerSize), bytes.count)
    let table = bytes.part(bytes.number(at: 48, bytes: 8), size * count)
    bytes.replaceSubrange(64..<96, with: Digest(of: table).bytes)
    bytes.replaceSubrange(96..<128, with: [UInt8](repeating: 0, count: 32))
    bytes.replaceSubrange(96..<128, with: Digest(of: bytes.part(0, length)).bytes)
  }
}
