public import SynapackSupport
public import SynapackTensor

/// A neuromorphic chip as numbers, each with its source. What a chip file does not say is absent:
/// no limit is guessed and no cost is zero by default.
public struct Chip: Sendable, Hashable {
  public let id: String
  public let name: String
  public let kind: Kind
  /// What a reader should know about the file, e.g. that the chip does not exist.
  public let note: String
  /// Rows (`y`) and columns (`x`) of cores.
  public let mesh: Extent
  public let resources: [Resource]
  public let neurons: Capabilities
  public let costs: Costs

  /// How the chip can be had.
  public enum Kind: String, Sendable, CaseIterable {
    case purchase, cloud, research, historic, virtual
  }

  /// Something of which each core has a fixed amount.
  public struct Resource: Sendable, Hashable {
    public let name: String
    public let capacity: Int
    public let demand: DemandExpression
    public let source: String
  }

  /// A number and where it comes from.
  public struct Figure: Sendable, Hashable {
    public let value: Double
    public let source: String
  }

  /// What the neurons can be; an absent entry sets no limit.
  public struct Capabilities: Sendable, Hashable {
    public var payloads: [ClosedRange<Int>] = []
    public var resets: [String] = []
    public var schedules: [String] = []
    public var weightBits: ClosedRange<Int>?
    public var membraneBits: ClosedRange<Int>?
    public var biasBits: ClosedRange<Int>?
    public var hasLeak: Bool?
    public var source = ""
  }

  /// Energy (E) and latency (L) of an event in a router and on a wire between two cores.
  public struct Costs: Sendable, Hashable {
    public var energyRoute: Figure?
    public var energyWire: Figure?
    public var latencyRoute: Figure?
    public var latencyWire: Figure?
  }

  public var cores: Int { mesh.y * mesh.x }
}

/// The chips that this build knows.
public enum Chips {
  /// In ascending order of their identifiers.
  public static let texts: [(id: String, text: String)] = [
    ("generic-mesh", genericMeshText)
  ]

  /// - Throws: `SYN0501` where a built-in text is wrong, which a test rules out.
  public static func all() throws(PackError) -> [Chip] {
    var chips: [Chip] = []
    for entry in texts { chips.append(try Chip(yaml: entry.text)) }
    return chips
  }

  /// The built-in chip of that identifier.
  ///
  /// - Throws: `SYN0502` where there is none.
  public static func named(_ id: String) throws(PackError) -> Chip {
    guard let entry = texts.first(where: { $0.id == id }) else {
      let known = texts.map(\.id).joined(separator: ", ")
      throw PackError(
        .unknownChip, "there is no chip `\(id)`; built in: \(known)",
        hint: "list the chips with `synapack chips`, or give the path of a chip file")
    }
    return try Chip(yaml: entry.text)
  }
}
