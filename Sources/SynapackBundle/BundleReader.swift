internal import SynapackProgram
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

  /// Whether weights that were left in the file were the same at every reading.
  public var isIntact: Bool {
    bundle.program.connections.allSatisfy { $0.synapses.weights.isIntact }
  }

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
  /// - Parameter leavesWeights: whether weights stay in their section, to be read one connection
  ///   after another; who asks for that looks at ``StoredBundle/isIntact`` when the work is done.
  /// - Throws: `SYN0601` to `SYN0608` and `SYN0610` as `schemas/bundle.md` lists them, and what
  ///   ``SpikingProgram/verify()`` throws.
  public static func read(
    _ file: MappedFile, leavesWeights: Bool = false, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    try within(.file(file.path)) { () throws(PackError) in
      try stored(file, leavesWeights: leavesWeights, &report)
    }
  }

  /// Reads the bundle in `bytes`; see ``read(_:_:)-(MappedFile,_)``.
  public static func read(
    _ bytes: [UInt8], _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    try stored(
      MappedFile(bytes: unsafe bytes.span.bytes, path: ""), leavesWeights: false, &report)
  }

  private static func stored(
    _ file: MappedFile, leavesWeights: Bool, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    let container = try ContainerReader(file, leavesWeights: leavesWeights)
    let isNewer = container.header.minor > ContainerHeader.currentMinor
    let (bundle, weights) = try content(of: container, leavesWeights: leavesWeights)
    try checkCanonical(bundle, weights, container, skippingManifest: isNewer)
    note(container, isNewer: isNewer, in: &report)
    return StoredBundle(
      bundle: bundle, contentID: container.contentID, sections: container.entries.map(info),
      formatMajor: Int(container.header.major), formatMinor: Int(container.header.minor),
      // A newer manifest may hold fields that this build would drop.
      isRewritable: container.header.writeFeatures == 0 && !isNewer,
      fileBytes: file.count)
  }

  private static func content(
    of container: ContainerReader, leavesWeights: Bool
  ) throws(PackError) -> (Bundle, LeftWeights?) {
    let manifest = try Manifest(reading: try container.raw(.manifest))
    let (program, left) = try manifest.program(from: container, leavesWeights: leavesWeights)
    guard manifest.isPlaced == container.entries.contains(where: { $0.known == .placement }) else {
      throw Manifest.refusal("it does not agree with the table whether there is a placement")
    }
    var bundle = Bundle(program: program, origin: manifest.origin, generator: manifest.generator)
    bundle.preprocess = manifest.preprocess
    if manifest.isPlaced {
      bundle.placement = try within(.section("placement")) { () throws(PackError) in
        try PlacementSection.read(try container.raw(.placement), for: program)
      }
    }
    bundle.recipe = try text(try container.raw(.recipe), of: .recipe)
    bundle.report = try text(try container.raw(.report), of: .report)
    let vectors = try container.raw(.conformance) { (stream, count) throws(PackError) in
      try ModelledSection.conformance(stream, for: program, count: count)
    }
    bundle.conformance = try within(.section("conformance")) { () throws(PackError) in
      try ConformanceSection.read(vectors, for: program)
    }
    for case (let entry, .aside(let content)) in zip(container.entries, container.contents)
    where entry.known == nil {
      bundle.aside.append(AsideSection(type: entry.type, content: content))
    }
    return (bundle, left)
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
    _ bundle: Bundle, _ left: LeftWeights?, _ container: ContainerReader, skippingManifest: Bool
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
    let expected = try BundleWriter.sections(of: bundle, maps: left?.maps)
    for (section, (entry, content)) in zip(expected, zip(container.entries, container.contents)) {
      if skippingManifest && entry.known == .manifest { continue }
      if entry.known == .weights, let left, !left.isCanonical { throw notCanonical(entry) }
      let isSame =
        switch content {
        // It was written with the maps that it states itself.
        case _ where entry.known == .manifest && left?.areOwn == false: false
        // Their maps were held to their form one by one.
        case .raw where entry.known == .weights && left != nil: true
        case .aside where entry.known == .weights: true
        case .raw(let bytes): section.content == SectionBytes(bytes)
        case .aside(let content): section.content == content
        // The raw bytes follow from the stream and had the right digest.
        case .modelled(let stream): BundleWriter.stream(of: entry.type, bundle) == stream
        }
      guard section.type == entry.type, isSame else { throw notCanonical(entry) }
    }
  }

  private static func notCanonical(_ entry: SectionEntry) -> PackError {
    PackError(
      .notCanonical, "the section is not written in its one form", at: .section(entry.name),
      hint: "make the bundle again with `synapack convert`")
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
