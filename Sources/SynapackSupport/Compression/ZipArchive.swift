/// A zip archive in a mapped file (PKWARE's APPNOTE 6.3), read so that it can mean only one thing.
///
/// The directory and the headers before the entries must agree in everything that both state, and
/// headers, data and directory must fill the file without a gap, an overlap or a byte before or
/// behind. Entries are stored or deflated; archives inside archives are data like any other.
public struct ZipArchive: Sendable {
  public let file: MappedFile
  /// In the order in which their data lies in the file.
  public let entries: [Entry]

  /// One file of an archive.
  public struct Entry: Sendable, Hashable {
    /// The path inside the archive: relative, `/` between its components; a folder ends in `/`.
    public let name: String
    public let method: Method
    /// The number of bytes that come out.
    public let size: Int
    /// The CRC-32 of these bytes.
    public let checksum: UInt32
    /// Where the bytes as they are stored lie in the file.
    public let range: Range<Int>
  }

  /// How the bytes of an entry are stored.
  public enum Method: UInt16, Sendable, Hashable {
    case stored = 0
    case deflated = 8
  }

  /// What the names of entries are to the caller.
  public enum Naming: Sendable, Hashable {
    /// Places of files: relative, without anything that some system would take for another place.
    case paths
    /// Words that are compared and never opened, such as `/2/Relu` or `conv:0`; any text without
    /// control characters.
    case labels
  }

  /// Reads the directory of an archive and checks it against the headers of the entries.
  ///
  /// - Throws: `SYN0230` where the archive contradicts itself, `SYN0231` for a name that could
  ///   leave its folder or stands twice, `SYN0232` for what no entry of a model needs:
  ///   encryption, several disks, other methods. Every refusal names its bytes.
  public init(_ file: MappedFile, naming: Naming = .paths) throws(PackError) {
    self.file = file
    entries = try within(.file(file.path)) { () throws(PackError) in
      try file.withBytes { (span: RawSpan) throws(PackError) in
        try ZipDirectory.entries(span, naming)
      }
    }
  }

  /// Whether the file begins with the header of an entry or is an archive without entries.
  public static func recognises(_ file: MappedFile) -> Bool {
    let prefix = file.prefix(4)
    return prefix == [0x50, 0x4B, 3, 4] || prefix == [0x50, 0x4B, 5, 6]
  }

  /// The entry of that name.
  public func entry(_ name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  /// The bytes of an entry, copied or inflated, with their checksum checked.
  ///
  /// - Throws: `SYN0233` for a damaged stream, `SYN0234` for a wrong checksum.
  public func data(_ entry: Entry) throws(PackError) -> [UInt8] {
    try inPlace(entry) { (stored: RawSpan) throws(PackError) in
      let bytes: [UInt8]
      switch entry.method {
      case .stored: bytes = stored.copy(0..<stored.byteCount)
      case .deflated: bytes = try Inflate.raw(stored, count: entry.size)
      }
      try check(crc32(of: bytes), entry)
      return bytes
    }
  }

  /// Where the bytes of a stored entry lie in the file; `nil` for one that is compressed.
  ///
  /// Nothing is read, so nothing is checked; see ``verify(_:)``.
  public func storedRange(_ entry: Entry) -> Range<Int>? {
    entry.method == .stored ? entry.range : nil
  }

  /// Compares the checksum of an entry with its bytes, in one pass and without keeping them where
  /// they are stored as they are.
  ///
  /// - Throws: as ``data(_:)``.
  public func verify(_ entry: Entry) throws(PackError) {
    switch entry.method {
    case .stored:
      try inPlace(entry) { (stored: RawSpan) throws(PackError) in
        try check(crc32(of: stored), entry)
      }
    case .deflated: _ = try data(entry)
    }
  }

  private func inPlace<Result>(
    _ entry: Entry, _ body: (RawSpan) throws(PackError) -> Result
  ) throws(PackError) -> Result {
    try within(.file(file.path)) { () throws(PackError) in
      try within(.section(entry.name)) { () throws(PackError) in
        try within(.bytes(entry.range)) { () throws(PackError) in
          try file.withBytes { (span: RawSpan) throws(PackError) in
            try body(span.extracting(entry.range))
          }
        }
      }
    }
  }

  private func check(_ checksum: UInt32, _ entry: Entry) throws(PackError) {
    guard checksum == entry.checksum else {
      throw PackError(
        .wrongChecksum, "the CRC-32 is \(checksum), the archive states \(entry.checksum)",
        hint: "the file is damaged; fetch or write it again")
    }
  }
}
