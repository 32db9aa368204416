internal import SynapackSupport

/// The first 128 bytes of a bundle, little-endian.
struct ContainerHeader: Hashable {
  var major: UInt16 = ContainerHeader.currentMajor
  var minor: UInt16 = ContainerHeader.currentMinor
  var length = UInt32(ContainerHeader.size)
  var fileLength: UInt64
  /// Features that a reader must know to read.
  var requiredFeatures: UInt64 = 0
  /// Features that a reader may ignore.
  var optionalFeatures: UInt64 = 0
  /// Features that a tool must know to write the bundle again.
  var writeFeatures: UInt64 = 0
  var tableOffset = UInt64(ContainerHeader.size)
  var entrySize = UInt32(SectionEntry.size)
  var count: UInt32
  var tableDigest: Digest

  static let magic: [UInt8] = [0x89, 0x53, 0x50, 0x4B, 0x0D, 0x0A, 0x1A, 0x0A]
  static let size = 128
  static let digestOffset = 96
  static let currentMajor: UInt16 = 1
  static let currentMinor: UInt16 = 0
  /// Required feature: the program has neurons that compute operators on running means.
  static let compensation: UInt64 = 1 << 1
  /// Required feature: a section has the codec that models its values.
  static let modelledSections: UInt64 = 1 << 2
  /// The longest header that a newer minor version may have.
  static let largest = 4096

  /// The 128 bytes, the last 32 of them the SHA-256 of the header with zeros in their place.
  var bytes: [UInt8] {
    var out = ByteWriter()
    out.put(bytes: ContainerHeader.magic)
    out.put(major)
    out.put(minor)
    out.put(length)
    out.put(fileLength)
    out.put(requiredFeatures)
    out.put(optionalFeatures)
    out.put(writeFeatures)
    out.put(tableOffset)
    out.put(entrySize)
    out.put(count)
    out.put(bytes: tableDigest.bytes)
    let unsigned = out.bytes + [UInt8](repeating: 0, count: 32)
    return out.bytes + Digest(of: unsigned).bytes
  }
}

extension ContainerHeader {
  /// Reads and checks the header of a file of `fileBytes` bytes.
  ///
  /// - Parameter head: the first `largest` bytes of the file, or all where it is shorter.
  /// - Throws: `SYN0601` without the magic, `SYN0602` for a length that is not the file's,
  ///   `SYN0603` for a newer major version or required feature, `SYN0605` for a digest that does
  ///   not match, `SYN0604` for a field out of its range.
  init(reading head: [UInt8], fileBytes: Int) throws(PackError) {
    guard head.starts(with: ContainerHeader.magic) else {
      if let pointer = LFSPointer(head) { throw pointer.refusal() }
      throw PackError(
        .notABundle, "the file does not begin with the magic of a bundle",
        at: .bytes(0..<min(8, fileBytes)),
        hint: "check the path, and transfer the file in binary mode")
    }
    guard head.count >= ContainerHeader.size else {
      throw ContainerHeader.wrongLength(
        "\(fileBytes) bytes are less than a header", at: 0..<fileBytes)
    }
    var reader = ByteReader(head, refusing: .malformedBundle)
    _ = try reader.take(8)
    major = try reader.u16()
    minor = try reader.u16()
    length = try reader.u32()
    fileLength = try reader.u64()
    requiredFeatures = try reader.u64()
    optionalFeatures = try reader.u64()
    writeFeatures = try reader.u64()
    tableOffset = try reader.u64()
    entrySize = try reader.u32()
    count = try reader.u32()
    tableDigest = try ContainerHeader.digest(&reader)
    let stated = try ContainerHeader.digest(&reader)
    try checkVersion()
    try check(stated, against: head)
    try checkFields(fileBytes: fileBytes)
  }

  /// The bytes of an entry of the section table; the fields were checked to be small.
  func place(ofEntry index: Int) -> Range<Int> {
    let start = Int(tableOffset) + index * Int(entrySize)
    return start..<start + Int(entrySize)
  }

  static func digest(_ reader: inout ByteReader) throws(PackError) -> Digest {
    guard let digest = Digest(bytes: Array(try reader.take(32))) else {
      throw reader.refusal("a digest that is cut off")
    }
    return digest
  }

  /// The version decides where the digest stands, so it is looked at first.
  private func checkVersion() throws(PackError) {
    guard major <= ContainerHeader.currentMajor else {
      throw PackError(
        .newerBundle,
        "the bundle has format \(major).\(minor); this build reads up to "
          + "\(ContainerHeader.currentMajor)",
        at: .bytes(8..<12), hint: "update Synapack")
    }
    let isKnown = major == ContainerHeader.currentMajor && minor <= ContainerHeader.currentMinor
    let lengths =
      isKnown
      ? ContainerHeader.size...ContainerHeader.size
      : ContainerHeader.size...ContainerHeader.largest
    guard major == ContainerHeader.currentMajor, lengths.contains(Int(length)) else {
      throw ContainerHeader.malformed(
        "format \(major).\(minor) with a header of \(length) bytes", at: 8..<16)
    }
  }

  private func check(_ stated: Digest, against head: [UInt8]) throws(PackError) {
    guard head.count >= Int(length) else {
      throw ContainerHeader.wrongLength(
        "the header of \(length) bytes is cut off", at: 12..<16)
    }
    var covered = Array(head[0..<Int(length)])
    let place = ContainerHeader.digestOffset..<ContainerHeader.digestOffset + 32
    covered.replaceSubrange(place, with: [UInt8](repeating: 0, count: 32))
    guard Digest(of: covered) == stated else {
      throw PackError(
        .digestMismatch, "the header is not the one that was written",
        at: .bytes(0..<Int(length)), hint: "fetch the bundle again from its source")
    }
  }

  private func checkFields(fileBytes: Int) throws(PackError) {
    guard fileLength == UInt64(fileBytes) else {
      throw ContainerHeader.wrongLength(
        "the header states \(fileLength) bytes, not \(fileBytes)", at: 16..<24)
    }
    let unknown =
      requiredFeatures & ~(ContainerHeader.compensation | ContainerHeader.modelledSections)
    guard unknown == 0 else {
      throw PackError(
        .newerBundle,
        "the bundle requires features 0x\(String(unknown, radix: 16)), "
          + "of which this build knows none",
        at: .bytes(24..<32), hint: "update Synapack")
    }
    guard minor > ContainerHeader.currentMinor || (optionalFeatures == 0 && writeFeatures == 0)
    else {
      throw ContainerHeader.malformed(
        "feature bits that format \(major).\(minor) lacks", at: 32..<48)
    }
    let sizes =
      minor > ContainerHeader.currentMinor
      ? SectionEntry.size...4096
      : SectionEntry.size...SectionEntry.size
    guard tableOffset == UInt64(length), sizes.contains(Int(entrySize)),
      (1...BundleLimits.sections).contains(Int(count))
    else {
      throw ContainerHeader.malformed(
        "a table of \(count) entries of \(entrySize) bytes at \(tableOffset)", at: 48..<64)
    }
  }

  private static func wrongLength(_ message: String, at place: Range<Int>) -> PackError {
    PackError(.truncatedBundle, message, at: .bytes(place), hint: "fetch the file again")
  }

  /// - Parameter place: the bytes of the file that are wrong, where it is known.
  static func malformed(_ message: String, at place: Range<Int>? = nil) -> PackError {
    PackError(
      .malformedBundle, message, at: place.map { .bytes($0) },
      hint: "make the bundle again from its model")
  }
}
