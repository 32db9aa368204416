public import SynapackSupport

/// A bundle as it was read, with what the file around it says.
public struct StoredBundle: Sendable, Hashable {
  public let bundle: Bundle
  /// The identity of the content: SHA-256 over type, raw length and raw digest of each section.
  public let contentID: Digest
  /// In the order of the file.
  public let sections: [SectionInfo]
  public let formatMajor: Int
  public let formatMinor: Int
  /// Whether this build may write the bundle again without losing something it does not know.
  public let isRewritable: Bool
  public let fileBytes: Int

  /// Bytes of the file that hold weights.
  public var weightBytes: Int {
    sections.first { $0.type == SectionType.weights.rawValue }?.storedBytes ?? 0
  }

  /// Bytes of the file that belong to no section: header, table, and zeros between the sections.
  public var containerBytes: Int { sections.reduce(fileBytes) { $0 - $1.storedBytes } }
}

/// Reads bundles of format 1 and holds them to every rule of `schemas/bundle.md`.
public enum BundleReader {
  /// Whether the file begins with the magic of a bundle.
  public static func recognises(_ file: MappedFile) -> Bool {
    file.prefix(ContainerHeader.magic.count) == ContainerHeader.magic
  }

  /// Reads the bundle in `file`.
  ///
  /// - Throws: `SYN0601` to `SYN0608` and `SYN0610` as `schemas/bundle.md` lists them, and what
  ///   ``SpikingProgram/verify()`` throws.
  public static func read(
    _ file: MappedFile, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    try within(.file(file.path)) { () throws(PackError) in try stored(file, &report) }
  }

  /// Reads the bundle in `bytes`; see ``read(_:_:)-(MappedFile,_)``.
  public static func read(
    _ bytes: [UInt8], _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    try stored(MappedFile(bytes: unsafe bytes.span.bytes, path: ""), &report)
  }

  private static func stored(
    _ file: MappedFile, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    let container = try ContainerReader(file)
    let isNewer = container.header.minor > ContainerHeader.currentMinor
    let bundle = try content(of: container)
    try checkCanonical(bundle, container, skippingManifest: isNewer)
    note(container, isNewer: isNewer, in: &report)
    return StoredBundle(
      bundle: bundle, contentID: container.contentID, sections: container.entries.map(info),
      formatMajor: Int(container.header.major), formatMinor: Int(container.header.minor),
      // A newer manifest may hold fields that this build would drop.
      isRewritable: container.header.writeFeatures == 0 && !isNewer,
      fileBytes: file.count)
  }

  private static func content(of container: ContainerReader) throws(PackError) -> Bundle {
    func raw(
      _ type: SectionType,
      _ decode: ([UInt8], _ count: Int) throws(PackError) -> [UInt8] = { (_, _) throws(PackError) in
        []
      }
    ) throws(PackError) -> [UInt8] {
      guard let index = container.entries.firstIndex(where: { $0.type == type.rawValue }) else {
        throw PackError(
          .missingSection, "the bundle has no section `\(type.name)`",
          hint: "make the bundle again from its model")
      }
      // The raw length was held against the limit of all raw bytes.
      return try container.raw(index) { (stream, entry) throws(PackError) in
        try decode(stream, Int(entry.rawLength))
      }
    }
    let manifest = try Manifest(reading: try raw(.manifest))
    let weights = try raw(.weights) { (stream, count) throws(PackError) in
      try ModelledSection.weights(stream, for: manifest, count: count)
    }
    let neurons = try raw(.neurons) { (stream, count) throws(PackError) in
      try ModelledSection.neurons(stream, for: manifest, count: count)
    }
    let program = try manifest.assembled(weights: weights, neurons: neurons)
    guard manifest.isPlaced == container.entries.contains(where: { $0.known == .placement }) else {
      throw Manifest.refusal("it does not agree with the table whether there is a placement")
    }
    var bundle = Bundle(program: program, origin: manifest.origin, generator: manifest.generator)
    bundle.preprocess = manifest.preprocess
    if manifest.isPlaced {
      bundle.placement = try within(.section("placement")) { () throws(PackError) in
        try PlacementSection.read(try raw(.placement), for: program)
      }
    }
    bundle.recipe = try text(try raw(.recipe), of: .recipe)
    bundle.report = try text(try raw(.report), of: .report)
    let vectors = try raw(.conformance) { (stream, count) throws(PackError) in
      try ModelledSection.conformance(stream, for: program, count: count)
    }
    bundle.conformance = try within(.section("conformance")) { () throws(PackError) in
      try ConformanceSection.read(vectors, for: program)
    }
    for case (let entry, .aside(let content)) in zip(container.entries, container.contents) {
      bundle.aside.append(AsideSection(type: entry.type, content: content))
    }
    return bundle
  }

  private static func text(_ bytes: [UInt8], of type: SectionType) throws(PackError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PackError(
        .malformedSection, "the text is no UTF-8", at: .section(type.name),
        hint: "make the bundle again from its model")
    }
    return text
  }

  /// Equal contents must have equal digests, so what was read must be what would be written.
  private static func checkCanonical(
    _ bundle: Bundle, _ container: ContainerReader, skippingManifest: Bool
  ) throws(PackError) {
    let codecs =
      container.entries.contains(where: \.isModelled)
      ? ContainerHeader.modelledSections : 0
    let features = BundleWriter.requiredFeatures(of: bundle) | codecs
    guard container.header.requiredFeatures == features else {
      throw PackError(
        .notCanonical, "the required features are not those of the program and its sections",
        at: .bytes(24..<32), hint: "make the bundle again with `synapack convert`")
    }
    let expected = try BundleWriter.sections(of: bundle)
    for (section, (entry, content)) in zip(expected, zip(container.entries, container.contents)) {
      if skippingManifest && entry.known == .manifest { continue }
      let isSame =
        switch content {
        case .raw(let bytes): section.content == SectionBytes(bytes)
        case .aside(let content): section.content == content
        // The raw bytes follow from the stream and had the right digest.
        case .modelled(let stream): BundleWriter.stream(of: entry.type, bundle) == stream
        }
      guard section.type == entry.type, isSame else {
        throw PackError(
          .notCanonical, "the section is not written in its one form", at: .section(entry.name),
          hint: "make the bundle again with `synapack convert`")
      }
    }
  }

  private static func note(
    _ container: ContainerReader, isNewer: Bool, in report: inout Report
  ) {
    if isNewer {
      report.add(
        Finding(
          .newerMinorVersion, .note,
          "the bundle has format \(container.header.major).\(container.header.minor); this build "
            + "knows \(ContainerHeader.currentMajor).\(ContainerHeader.currentMinor)"))
    }
    for entry in container.entries where entry.known == nil {
      report.add(
        Finding(
          .optionalSectionSkipped, .note,
          "\(entry.storedLength) bytes of an optional section of a newer version were left alone",
          at: .section(entry.name)))
    }
  }

  private static func info(_ entry: SectionEntry) -> SectionInfo {
    // The container was checked: every length fits the file or the limit of raw bytes.
    SectionInfo(
      type: entry.type, name: entry.name, isCritical: entry.isCritical,
      coding: SectionCoding(rawValue: entry.codec) ?? .raw, offset: Int(entry.offset),
      storedBytes: Int(entry.storedLength), rawBytes: Int(entry.rawLength),
      storedDigest: entry.storedDigest.description, rawDigest: entry.rawDigest.description)
  }
}
