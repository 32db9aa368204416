internal import SynapackPlace
internal import SynapackProgram
public import SynapackSupport

/// Writes bundles of format 1.0. The bytes are a function of the bundle alone.
public enum BundleWriter {
  /// The whole file. The caller writes it with ``AtomicFile``.
  ///
  /// - Throws: what ``SpikingProgram/verify()`` throws; `SYN0505` for a placement, `SYN0209` for
  ///   the name of a layer, `SYN0606` for another name or a number and `SYN0607` for a vector that the format cannot hold; `SYN0610` for a
  ///   recipe or report that is not canonical JSON.
  public static func bytes(of bundle: Bundle) throws(PackError) -> [UInt8] {
    try bundle.program.verify()
    try Manifest.checkNeurons(of: bundle.program)
    var sections = try sections(of: bundle)
    for index in sections.indices {
      sections[index].stream = stream(of: sections[index].type, bundle)
    }
    return try ContainerWriter.bytes(of: sections, requiring: requiredFeatures(of: bundle))
  }

  /// The form of a section under the codec that models its values; `nil` where it has none.
  static func stream(of type: UInt32, _ bundle: Bundle) -> [UInt8]? {
    SectionType(rawValue: type).flatMap {
      ModelledSection.stream(of: $0, bundle.program, bundle.conformance)
    }
  }

  /// What a reader has to know of the bundle's content; codecs may add to it.
  static func requiredFeatures(of bundle: Bundle) -> UInt64 {
    bundle.program.hasCompensation ? ContainerHeader.compensation : 0
  }

  /// The raw sections in the order of their types: the one form that the bundle's meaning has.
  ///
  /// - Parameter maps: of weights that are known to be in it; their section is left empty.
  static func sections(
    of bundle: Bundle, maps: [WeightMap]? = nil
  ) throws(PackError) -> [ContainerWriter.Section] {
    var weights: [UInt8] = []
    var neurons: [UInt8] = []
    let manifest = Manifest(taking: bundle, maps: maps, weights: &weights, neurons: &neurons)
    try CanonicalText.check(bundle.recipe, of: .recipe)
    try CanonicalText.check(bundle.report, of: .report)
    var contents: [(SectionType, [UInt8])] = [
      (.manifest, try manifest.bytes()), (.weights, weights), (.neurons, neurons),
    ]
    if let placement = bundle.placement {
      let bytes = PlacementSection.bytes(of: placement)
      // Reading it back is the check that every number lies in the range that the format gives it.
      guard (try? PlacementSection.read(bytes, for: bundle.program)) == placement else {
        throw PackError(
          .malformedPlacement, "the placement does not fit its program or its chip's mesh",
          hint: "place the program again")
      }
      contents.append((.placement, bytes))
    }
    contents += [
      (.recipe, Array(bundle.recipe.utf8)),
      (
        .conformance,
        try ConformanceSection.bytes(of: bundle.conformance, for: bundle.program)
      ),
      (.report, Array(bundle.report.utf8)),
    ]
    var sections = contents.map { type, raw in
      ContainerWriter.Section(type: type.rawValue, isCritical: type.isCritical, raw: raw)
    }
    for aside in bundle.aside {
      guard SectionType(rawValue: aside.type) == nil,
        sections.last.map({ $0.type < aside.type }) ?? true
      else { throw ContainerHeader.malformed("section \(aside.type) set aside out of order") }
      sections.append(.init(type: aside.type, isCritical: false, content: aside.content))
    }
    return sections
  }
}
