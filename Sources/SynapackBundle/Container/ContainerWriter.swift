internal import SynapackSupport

/// Lays sections out as a file: header, table, then the sections with zeros between them.
enum ContainerWriter {
  /// A section before it has a place.
  struct Section {
    var type: UInt32
    var isCritical: Bool
    /// The raw bytes.
    var content: SectionBytes
    /// The section under the codec that models its values, where there is such a form.
    var stream: [UInt8]?

    init(type: UInt32, isCritical: Bool, content: SectionBytes) {
      self.type = type
      self.isCritical = isCritical
      self.content = content
    }

    init(type: UInt32, isCritical: Bool, raw: [UInt8], stream: [UInt8]? = nil) {
      self.init(type: type, isCritical: isCritical, content: SectionBytes(raw))
      self.stream = stream
    }

    /// All raw bytes in memory.
    var raw: [UInt8] {
      get { content.copy }
      set { content = SectionBytes(newValue) }
    }

    /// The shortest form, of equal ones that of the lowest codec.
    ///
    /// A form that is too short for its raw length is left out, as a reader would refuse it.
    func shortest() -> (SectionCoding, [UInt8]) {
      let raw = raw
      var best = (SectionCoding.raw, raw)
      let candidates = [(SectionCoding.zlib, Zlib.compressed(raw)), (.modelled, stream)]
      for case (let coding, let stored?) in candidates
      where stored.count < best.1.count
        && raw.count <= SectionEntry.largestRawLength(of: UInt64(stored.count))
      {
        best = (coding, stored)
      }
      return best
    }
  }

  /// - Precondition: `sections` are in ascending order of type, each type once.
  /// - Throws: `SYN0604` where a limit of the format would be passed.
  static func bytes(
    of sections: [Section], minor: UInt16 = ContainerHeader.currentMinor,
    requiring features: UInt64 = 0
  ) throws(PackError) -> [UInt8] {
    guard (1...BundleLimits.sections).contains(sections.count) else {
      throw ContainerHeader.malformed("\(sections.count) sections")
    }
    var end = UInt64(ContainerHeader.size + SectionEntry.size * sections.count)
    var table = ByteWriter()
    var payloads: [(offset: UInt64, stored: [UInt8])] = []
    var features = features
    for section in sections {
      let (entry, stored) = try place(section, after: end)
      if entry.isModelled { features |= ContainerHeader.modelledSections }
      entry.put(into: &table)
      payloads.append((entry.offset, stored))
      end = entry.offset + entry.storedLength
    }
    var header = ContainerHeader(
      fileLength: end, count: UInt32(sections.count), tableDigest: Digest(of: table.bytes))
    header.minor = minor
    header.requiredFeatures = features
    var out = ByteWriter()
    out.put(bytes: header.bytes)
    out.put(bytes: table.bytes)
    for (offset, stored) in payloads {
      out.pad(to: Int(offset))
      out.put(bytes: stored)
    }
    return out.bytes
  }

  private static func place(
    _ section: Section, after end: UInt64
  ) throws(PackError) -> (SectionEntry, [UInt8]) {
    let known = SectionType(rawValue: section.type)
    guard known?.isMetadata != true || section.content.count <= BundleLimits.metadataBytes else {
      throw PackError(
        .malformedSection, "\(section.content.count) bytes are more than metadata may have",
        at: .section(known?.name ?? "\(section.type)"), hint: "shorten the recipe or the report")
    }
    let (coding, stored) = section.shortest()
    let codec = coding.rawValue
    let alignment = SectionEntry.alignment(
      of: section.type, codec: codec, storedLength: UInt64(stored.count))
    guard let offset = SectionEntry.aligned(end, to: alignment) else {
      throw ContainerHeader.malformed("a file that is too long")
    }
    let flags =
      (section.isCritical ? SectionEntry.critical : 0)
      | (coding == .raw ? 0 : SectionEntry.compressed)
    let entry = SectionEntry(
      type: section.type, flags: flags, offset: offset, storedLength: UInt64(stored.count),
      rawLength: UInt64(section.content.count), alignment: alignment, codec: codec,
      storedDigest: Digest(of: stored), rawDigest: Digest(of: section.raw))
    return (entry, stored)
  }
}
