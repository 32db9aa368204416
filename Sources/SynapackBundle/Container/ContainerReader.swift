internal import SynapackSupport

/// The sections of a file whose container obeys every rule.
struct ContainerReader {
  let header: ContainerHeader
  let entries: [SectionEntry]
  /// What each entry stands for, in the same order.
  let contents: [Content]

  /// The bytes of one section.
  enum Content {
    case raw([UInt8])
    /// Of a section that this build does not know, or whose weights are taken one after another.
    case aside(SectionBytes)
    /// The stored bytes; only other sections tell what they stand for.
    case modelled([UInt8])
  }

  /// Checks all of a file: header, table, gaps, lengths and digests.
  ///
  /// - Parameter leavesWeights: whether weights stay in the file where nothing models them.
  /// - Throws: see ``ContainerHeader`` and ``SectionEntry``; `SYN0605` for a section or table that
  ///   is not the one written.
  init(_ file: MappedFile, leavesWeights: Bool = false) throws(PackError) {
    let head = file.prefix(ContainerHeader.largest)
    let header = try ContainerHeader(reading: head, fileBytes: file.count)
    self.header = header
    let (entries, tableEnd) = try ContainerReader.table(file, header)
    var contents: [Content] = []
    var end = UInt64(tableEnd)
    var total: UInt64 = 0
    for (index, entry) in entries.enumerated() {
      let content = try within(.section(entry.name)) { () throws(PackError) -> Content in
        let range = try within(.bytes(header.place(ofEntry: index))) { () throws(PackError) in
          try entry.range(after: end, fileBytes: file.count)
        }
        total += entry.rawLength
        guard total <= BundleLimits.totalRawBytes else {
          throw ContainerHeader.malformed("more than \(BundleLimits.totalRawBytes) raw bytes")
        }
        // A gap is shorter than the largest alignment.
        let gap = ContainerReader.copy(file, Int(end)..<range.lowerBound)
        guard gap.allSatisfy({ $0 == 0 }) else {
          throw ContainerHeader.malformed(
            "bytes before the section that are not zero", at: Int(end)..<range.lowerBound)
        }
        end = UInt64(range.upperBound)
        return try within(.bytes(range)) { () throws(PackError) -> Content in
          if leavesWeights && entry.known == .weights && !entry.isModelled {
            return .aside(try ContainerReader.left(entry, file, range))
          }
          return try ContainerReader.content(of: entry, file, range)
        }
      }
      contents.append(content)
    }
    guard end == UInt64(file.count) else {
      throw ContainerHeader.malformed(
        "\(file.count - Int(end)) bytes behind the last section", at: Int(end)..<file.count)
    }
    self.entries = entries
    self.contents = contents
  }

  /// SHA-256 over type, raw length and raw digest of every section, in the order of the table.
  var contentID: Digest {
    var out = ByteWriter()
    for entry in entries {
      out.put(entry.type)
      out.put(entry.rawLength)
      out.put(bytes: entry.rawDigest.bytes)
    }
    return Digest(of: out.bytes)
  }

  private static func table(
    _ file: MappedFile, _ header: ContainerHeader
  ) throws(PackError) -> ([SectionEntry], end: Int) {
    // At most 4096 entries of 4096 bytes behind a header of 4096: no overflow.
    let start = Int(header.tableOffset)
    let size = Int(header.entrySize)
    let end = start + Int(header.count) * size
    guard end <= file.count else {
      throw ContainerHeader.malformed(
        "a table that ends at \(end) of \(file.count) bytes", at: 48..<64)
    }
    let bytes = copy(file, start..<end)
    guard Digest(of: bytes) == header.tableDigest else {
      throw PackError(
        .digestMismatch, "the section table is not the one that was written",
        at: .bytes(start..<end), hint: "fetch the bundle again from its source")
    }
    var entries: [SectionEntry] = []
    var reader = ByteReader(bytes, refusing: .malformedBundle)
    for index in 0..<Int(header.count) {
      let place = header.place(ofEntry: index)
      let entry = try within(.bytes(place)) { () throws(PackError) in
        try SectionEntry(reading: &reader)
      }
      _ = try reader.take(size - SectionEntry.size)
      guard entries.last.map({ $0.type < entry.type }) ?? true else {
        throw ContainerHeader.malformed(
          "section \(entry.type) stands twice or out of order", at: place)
      }
      entries.append(entry)
    }
    return (entries, end)
  }

  /// The raw bytes of the section at `index`.
  ///
  /// - Parameter decode: the raw bytes that a modelled stream of the entry stands for.
  /// - Throws: `SYN0605` where those are not the ones that were written.
  func raw(
    _ index: Int, decode: ([UInt8], SectionEntry) throws(PackError) -> [UInt8]
  ) throws(PackError) -> [UInt8] {
    switch contents[index] {
    case .raw(let bytes): return bytes
    case .aside(let content): return content.copy
    case .modelled(let stream):
      let entry = entries[index]
      // The table was checked: the section lies in the file.
      let place = Int(entry.offset)..<Int(entry.offset) + stream.count
      return try within(.section(entry.name)) { () throws(PackError) in
        try within(.bytes(place)) { () throws(PackError) in
          let raw = try decode(stream, entry)
          guard Digest(of: raw) == entry.rawDigest else { throw ContainerReader.mismatch("raw") }
          return raw
        }
      }
    }
  }

  /// What is read is copied first, so that nothing but the bytes that had the right digest is taken
  /// apart, even where another process writes to the file. What is left aside stays there.
  private static func content(
    of entry: SectionEntry, _ file: MappedFile, _ range: Range<Int>
  ) throws(PackError) -> Content {
    if entry.known == nil && !entry.isCompressed { return .aside(try left(entry, file, range)) }
    let bytes = copy(file, range)
    guard Digest(of: bytes) == entry.storedDigest else { throw mismatch("stored") }
    if entry.isModelled { return .modelled(bytes) }
    guard entry.isCompressed else {
      guard entry.rawDigest == entry.storedDigest else { throw mismatch("raw") }
      return .raw(bytes)
    }
    // The entry's lengths are bounded, so the raw length fits.
    let raw = try Zlib.inflated(bytes, count: Int(entry.rawLength))
    guard Digest(of: raw) == entry.rawDigest else { throw mismatch("raw") }
    return entry.known == nil ? .aside(SectionBytes(raw)) : .raw(raw)
  }

  /// A section that no codec models, held to its digests and left in the file.
  private static func left(
    _ entry: SectionEntry, _ file: MappedFile, _ range: Range<Int>
  ) throws(PackError) -> SectionBytes {
    guard Digest(of: file, in: range) == entry.storedDigest else { throw mismatch("stored") }
    guard entry.isCompressed else {
      guard entry.rawDigest == entry.storedDigest else { throw mismatch("raw") }
      return SectionBytes(file, range)
    }
    // The entry's lengths are bounded, so the raw length fits.
    return SectionBytes(
      try InflatedSection(file, range, count: Int(entry.rawLength), digest: entry.rawDigest))
  }

  static func mismatch(_ kind: String) -> PackError {
    PackError(
      .digestMismatch, "the \(kind) bytes are not those that were written",
      hint: "fetch the bundle again from its source")
  }

  /// A copy of a range that must lie inside the file.
  private static func copy(_ file: MappedFile, _ range: Range<Int>) -> [UInt8] {
    file.withBytes { $0.copy(range) }
  }
}

extension ContainerReader {
  /// The raw bytes of a section that every bundle of its kind has.
  ///
  /// - Parameter decode: the raw bytes, of that count, for which a modelled stream stands.
  /// - Throws: `SYN0608` where the section is missing; else as ``raw(_:decode:)``.
  func raw(
    _ type: SectionType,
    _ decode: ([UInt8], _ count: Int) throws(PackError) -> [UInt8] = { (_, _) throws(PackError) in
      []
    }
  ) throws(PackError) -> [UInt8] {
    guard let index = entries.firstIndex(where: { $0.type == type.rawValue }) else {
      throw PackError(
        .missingSection, "the bundle has no section `\(type.name)`",
        hint: "make the bundle again from its model")
    }
    // The raw length was held against the limit of all raw bytes.
    return try raw(index) { (stream, entry) throws(PackError) in
      try decode(stream, Int(entry.rawLength))
    }
  }

  /// The section of weights, where there is one.
  var weights: (entry: SectionEntry, content: Content)? {
    zip(entries, contents).first { $0.0.known == .weights }.map { ($0.0, $0.1) }
  }
}
