/// Writes a zip archive of stored entries whose bytes depend on the entries alone.
///
/// Every entry carries the first time that the format knows, 1 January 1980. Sizes and places
/// take 64 bits only where 32 do not do.
public struct ZipWriter: Sendable {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0
  private let naming: ZipArchive.Naming
  private var names: ZipNames
  /// From this number on, a size or place is written with 64 bits.
  private let wide: Int

  public init(naming: ZipArchive.Naming = .paths) {
    self.init(wideFrom: 0xFFFF_FFFF, naming: naming)
  }

  /// - Parameter wide: for tests, which cannot write 4 GiB.
  init(wideFrom wide: Int, naming: ZipArchive.Naming = .paths) {
    self.wide = wide
    self.naming = naming
    names = ZipNames(naming)
  }

  /// Adds an entry.
  ///
  /// - Throws: `SYN0231` for a name that readers would refuse or that was given before.
  public mutating func add(_ name: String, _ data: [UInt8]) throws(PackError) {
    let utf8 = Array(name.utf8)
    let flags: UInt16 = utf8.allSatisfy { $0 < 0x80 } ? 0 : 0x800
    let place = bytes.count..<bytes.count
    _ = try ZipNames.text(utf8, flags: flags, attributes: 0, at: place, naming)
    try names.add(name, at: place)
    let checksum = crc32(of: data)
    let offset = bytes.count
    let sizes = [data.count, data.count]
    ZipWriter.appendHeader(&bytes, 0x0403_4B50, [needed(sizes), flags, 0, 0, 0x21])
    ZipWriter.appendSizes(&bytes, checksum, sizes, utf8, [], wide)
    bytes += data

    ZipWriter.appendHeader(
      &directory, 0x0201_4B50, [45, needed(sizes + [offset]), flags, 0, 0, 0x21])
    ZipWriter.appendSizes(&directory, checksum, sizes, utf8, [offset], wide)
    count += 1
  }

  /// The whole archive.
  public consuming func finish() -> [UInt8] {
    let offset = bytes.count
    bytes += directory
    let isWide = count >= min(wide, 0xFFFF) || offset >= wide || directory.count >= wide
    if isWide {
      let end = bytes.count
      append(0x0606_4B50, 4, to: &bytes)
      append(44, 8, to: &bytes)
      append(45, 2, to: &bytes)
      append(45, 2, to: &bytes)
      append(0, 8, to: &bytes)
      for number in [count, count, directory.count, offset] { append(number, 8, to: &bytes) }
      append(0x0706_4B50, 4, to: &bytes)
      append(0, 4, to: &bytes)
      append(end, 8, to: &bytes)
      append(1, 4, to: &bytes)
    }
    append(0x0605_4B50, 4, to: &bytes)
    append(0, 4, to: &bytes)
    append(isWide ? 0xFFFF : count, 2, to: &bytes)
    append(isWide ? 0xFFFF : count, 2, to: &bytes)
    append(isWide ? 0xFFFF_FFFF : directory.count, 4, to: &bytes)
    append(isWide ? 0xFFFF_FFFF : offset, 4, to: &bytes)
    append(0, 2, to: &bytes)
    return bytes
  }

  /// The version of the format that a reader needs: 4.5 for 64-bit numbers.
  private func needed(_ numbers: [Int]) -> UInt16 {
    numbers.contains { $0 >= wide } ? 45 : 20
  }

  private static func appendHeader(
    _ target: inout [UInt8], _ signature: Int, _ fields: [UInt16]
  ) {
    append(signature, 4, to: &target)
    for field in fields { append(Int(field), 2, to: &target) }
  }

  /// What both headers share from the checksum on; the directory's also has the entry's place.
  private static func appendSizes(
    _ target: inout [UInt8], _ checksum: UInt32, _ sizes: [Int], _ name: [UInt8], _ place: [Int],
    _ wide: Int
  ) {
    append(Int(checksum), 4, to: &target)
    for size in sizes { append(size >= wide ? 0xFFFF_FFFF : size, 4, to: &target) }
    let numbers = (sizes + place).filter { $0 >= wide }
    append(name.count, 2, to: &target)
    append(numbers.isEmpty ? 0 : 4 + 8 * numbers.count, 2, to: &target)
    if let offset = place.first {
      // No comment, first disk, no attributes.
      append(0, 10, to: &target)
      append(offset >= wide ? 0xFFFF_FFFF : offset, 4, to: &target)
    }
    target += name
    guard !numbers.isEmpty else { return }
    append(1, 2, to: &target)
    append(8 * numbers.count, 2, to: &target)
    for number in numbers { append(number, 8, to: &target) }
  }
}

private func append(_ value: Int, _ count: Int, to bytes: inout [UInt8]) {
  for index in 0..<count {
    bytes.append(index < 8 ? UInt8(truncatingIfNeeded: value >> (8 * index)) : 0)
  }
}
