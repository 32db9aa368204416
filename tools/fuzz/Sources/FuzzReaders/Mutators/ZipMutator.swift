@testable import SynapackSupport

/// One entry as a mutator sees it: enough to write an archive again.
private struct ZipPart {
  var name: [UInt8]
  var method: Int
  var flags: Int
  /// The bytes as they come out.
  var content: [UInt8]
  /// What differs between directory and header, checksum and data; 0 for nothing.
  var flaw = 0
}

/// Changes entries of an archive and, half of the time, writes one that agrees with itself.
func mutatedZip(
  _ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom,
  content change: ([UInt8], inout MutationRandom) -> [UInt8]
) -> [UInt8] {
  var parts = zipParts(bytes)
  guard !parts.isEmpty else { return [] }
  for _ in 0...random.below(3) {
    let index = random.below(parts.count)
    switch random.below(8) {
    case 0: parts.insert(parts[index], at: random.below(parts.count + 1))
    case 1: if parts.count > 1 { parts.remove(at: index) }
    case 2: parts.swapAt(index, random.below(parts.count))
    case 3:
      parts[index].name = random.changed(parts[index].name, atMost: parts[index].name.count + 8)
    case 4: parts[index].method = random.oneIn(3) ? random.below(100) : parts[index].method ^ 8
    case 5: parts[index].content = parts[random.below(parts.count)].content
    default: parts[index].content = change(parts[index].content, &random)
    }
  }
  if random.oneIn(2) {
    let index = random.below(parts.count)
    parts[index].flaw = 1 + random.below(8)
    if random.oneIn(4) { parts[index].flags ^= 1 << random.below(16) }
  }
  let written = zipArchive(parts, &random)
  return written.count <= largest ? written : []
}

/// The entries as the headers before the data tell them.
private func zipParts(_ bytes: [UInt8]) -> [ZipPart] {
  var parts: [ZipPart] = []
  var position = 0
  while parts.count < 64, bytes.number(at: position, bytes: 4) == 0x0403_4B50 {
    let stored = bytes.number(at: position + 18, bytes: 4)
    let size = bytes.number(at: position + 22, bytes: 4)
    let nameCount = bytes.number(at: position + 26, bytes: 2)
    let extraCount = bytes.number(at: position + 28, bytes: 2)
    let start = position + 30 + nameCount + extraCount
    guard start <= bytes.count, stored <= bytes.count - start else { break }
    let method = bytes.number(at: position + 8, bytes: 2)
    var content = bytes.part(start, stored)
    if method == 8, size <= 1 << 16, let out = try? inflated(content, size) { content = out }
    parts.append(
      ZipPart(
        name: bytes.part(position + 30, nameCount), method: method,
        flags: bytes.number(at: position + 6, bytes: 2), content: content))
    position = start + stored
  }
  return parts
}

private func inflated(_ stream: [UInt8], _ count: Int) throws -> [UInt8] {
  try Inflate.raw(stream.span.bytes, count: count)
}

/// Stored blocks of deflate: whatever zlib can take apart without a compressor.
private func storedBlocks(_ content: [UInt8]) -> [UInt8] {
  [1] + [UInt8(content.count & 0xFF), UInt8(content.count >> 8 & 0xFF)]
    + [UInt8(~content.count & 0xFF), UInt8(~content.count >> 8 & 0xFF)] + content
}

private func zipArchive(_ parts: [ZipPart], _ random: inout MutationRandom) -> [UInt8] {
  var bytes: [UInt8] = []
  var directory: [UInt8] = []
  for part in parts {
    let isDeflated = part.method == 8 && part.content.count < 65536
    let data = isDeflated ? storedBlocks(part.content) : part.content
    let offset = bytes.count
    let checksum = Int(crc32(of: part.content))
    var fields = [checksum, data.count, part.content.count]
    appendZipHeader(part, fields, &bytes, isDirectory: false)
    bytes += data
    if (1...3).contains(part.flaw) { fields[part.flaw - 1] = Int(random.oddNumber() >> 33) }
    appendZipHeader(part, fields, &directory, isDirectory: true)
    directory.append(part.flaw == 4 ? offset ^ 1 << random.below(12) : offset, bytes: 4)
    directory += part.name
  }
  let flaw = parts.map(\.flaw).max() ?? 0
  let start = bytes.count
  bytes += directory
  bytes.append(0x0605_4B50, bytes: 4)
  bytes.append(0, bytes: 4)
  bytes.append(flaw == 5 ? parts.count ^ 1 : parts.count, bytes: 2)
  bytes.append(parts.count, bytes: 2)
  bytes.append(flaw == 6 ? Int(random.oddNumber() >> 33) : directory.count, bytes: 4)
  bytes.append(flaw == 7 ? Int(random.oddNumber() >> 33) : start, bytes: 4)
  bytes.append(0, bytes: 2)
  return bytes
}

private func appendZipHeader(
  _ part: ZipPart, _ fields: [Int], _ bytes: inout [UInt8], isDirectory: Bool
) {
  bytes.append(isDirectory ? 0x0201_4B50 : 0x0403_4B50, bytes: 4)
  if isDirectory { bytes.append(20, bytes: 2) }
  bytes.append(20, bytes: 2)
  bytes.append(part.flags, bytes: 2)
  bytes.append(part.method, bytes: 2)
  bytes.append(0x21_0000, bytes: 4)
  for field in fields { bytes.append(field, bytes: 4) }
  bytes.append(part.name.count, bytes: 2)
  bytes.append(0, bytes: 2)
  // No comment, first disk, no attributes; the place follows.
  if isDirectory { bytes.append(0, bytes: 10) } else { bytes += part.name }
}
