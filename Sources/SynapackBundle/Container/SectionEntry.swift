internal import SynapackSupport

/// One row of the section table: 104 bytes, little-endian.
struct SectionEntry: Hashable {
  var type: UInt32
  var flags: UInt32
  var offset: UInt64
  var storedLength: UInt64
  var rawLength: UInt64
  /// The section begins at a multiple of two to this power.
  var alignment: UInt32
  var codec: UInt32
  var storedDigest: Digest
  var rawDigest: Digest

  static let size = 104
  static let critical: UInt32 = 1
  static let compressed: UInt32 = 2
  static let rawCodec = SectionCoding.raw.rawValue
  static let zlibCodec = SectionCoding.zlib.rawValue
  static let modelledCodec = SectionCoding.modelled.rawValue
  static let smallestAlignment: UInt32 = 6
  static let largestAlignment: UInt32 = 16

  /// Weight maps that lie uncompressed in the file and are worth mapping get a page of their own.
  static func alignment(of type: UInt32, codec: UInt32, storedLength: UInt64) -> UInt32 {
    let isLarge = storedLength >= 1 << 16
    let isMapped = type == SectionType.weights.rawValue && codec == rawCodec
    return isMapped && isLarge ? 12 : smallestAlignment
  }

  var known: SectionType? { SectionType(rawValue: type) }
  var isCritical: Bool { flags & SectionEntry.critical != 0 }
  var isCompressed: Bool { codec != SectionEntry.rawCodec }
  var isModelled: Bool { codec == SectionEntry.modelledCodec }
  var name: String { known?.name ?? "section \(type)" }

  func put(into out: inout ByteWriter) {
    out.put(type)
    out.put(flags)
    out.put(offset)
    out.put(storedLength)
    out.put(rawLength)
    out.put(alignment)
    out.put(codec)
    out.put(bytes: storedDigest.bytes)
    out.put(bytes: rawDigest.bytes)
  }

  init(
    type: UInt32, flags: UInt32, offset: UInt64, storedLength: UInt64, rawLength: UInt64,
    alignment: UInt32, codec: UInt32, storedDigest: Digest, rawDigest: Digest
  ) {
    self.type = type
    self.flags = flags
    self.offset = offset
    self.storedLength = storedLength
    self.rawLength = rawLength
    self.alignment = alignment
    self.codec = codec
    self.storedDigest = storedDigest
    self.rawDigest = rawDigest
  }

  init(reading reader: inout ByteReader) throws(PackError) {
    type = try reader.u32()
    flags = try reader.u32()
    offset = try reader.u64()
    storedLength = try reader.u64()
    rawLength = try reader.u64()
    alignment = try reader.u32()
    codec = try reader.u32()
    storedDigest = try ContainerHeader.digest(&reader)
    rawDigest = try ContainerHeader.digest(&reader)
  }

  /// The first multiple of two to `power` that is not below `offset`; `nil` where it overflows.
  static func aligned(_ offset: UInt64, to power: UInt32) -> UInt64? {
    let mask = UInt64(1) << UInt64(min(power, largestAlignment)) - 1
    return offset.adding(mask).map { $0 & ~mask }
  }

  /// Where the section's stored bytes stand, given the end of what lies before it.
  ///
  /// - Throws: `SYN0603` for an unknown critical section or codec, `SYN0604` for a field that
  ///   breaks the container's rules, `SYN0607` for a raw length that nothing stored can explain.
  func range(after end: UInt64, fileBytes: Int) throws(PackError) -> Range<Int> {
    try checkKind()
    guard (SectionEntry.smallestAlignment...SectionEntry.largestAlignment).contains(alignment),
      let start = SectionEntry.aligned(end, to: alignment), start == offset,
      let stop = offset.adding(storedLength), stop <= UInt64(fileBytes)
    else {
      throw ContainerHeader.malformed(
        "\(storedLength) bytes at \(offset), aligned to 2^\(alignment), behind byte \(end) of "
          + "\(fileBytes)")
    }
    try checkLengths()
    return Int(offset)..<Int(stop)
  }

  private func checkKind() throws(PackError) {
    guard known != nil || !isCritical else {
      throw PackError(
        .newerBundle, "section \(type) must be known to read the bundle, and is not",
        hint: "update Synapack")
    }
    guard codec <= SectionEntry.modelledCodec,
      !isModelled || ModelledSection.isDefined(for: known),
      flags & ~(SectionEntry.critical | SectionEntry.compressed) == 0,
      (flags & SectionEntry.compressed != 0) == isCompressed,
      known.map({ $0.isCritical == isCritical }) ?? true
    else { throw ContainerHeader.malformed("flags \(flags) with codec \(codec)") }
  }

  /// What `storedLength` compressed bytes may stand for: deflate never expands more than 1032 times,
  /// and no other codec may.
  static func largestRawLength(of storedLength: UInt64) -> UInt64 {
    storedLength.times(1032)?.adding(64) ?? .max
  }

  private func checkLengths() throws(PackError) {
    let bound = isCompressed ? SectionEntry.largestRawLength(of: storedLength) : storedLength
    guard rawLength <= bound,
      isCompressed ? storedLength < rawLength : storedLength == rawLength,
      rawLength <= BundleLimits.totalRawBytes,
      known?.isMetadata != true || rawLength <= UInt64(BundleLimits.metadataBytes)
    else {
      throw PackError(
        .malformedSection, "\(storedLength) stored bytes declare \(rawLength) bytes",
        hint: "make the bundle again from its model")
    }
    let expected = SectionEntry.alignment(of: type, codec: codec, storedLength: storedLength)
    guard known == nil || alignment == expected else {
      throw ContainerHeader.malformed("an alignment of 2^\(alignment) instead of 2^\(expected)")
    }
  }
}
