public import SynapackTensor

/// A neuromorphic chip as numbers, each with its source. What a chip file does not say is absent:
/// no limit is guessed and no cost is zero by default. `schemas/chip.md` describes the file.
public struct Chip: Sendable, Hashable {
  public internal(set) var id: String
  public let name: String
  public let kind: Kind
  /// What a reader should know about the file, e.g. that the chip does not exist.
  public let note: String
  /// What one core takes.
  public let takes: Grain
  /// Rows (`y`) and columns (`x`) of cores.
  public internal(set) var mesh: Extent
  public let meshSource: String
  /// The chips that share the mesh; `nil` where all of it is one chip, which cannot be joined.
  public internal(set) var board: Board?
  /// Columns (`x`) and rows (`y`) of what the file describes that were joined.
  public internal(set) var copies = Extent(y: 1, x: 1)
  /// At least one; the cores are numbered one kind after the other.
  public internal(set) var kinds: [CoreKind]
  public let resources: [Resource]
  public let limits: [Limit]
  public let neurons: Capabilities
  public let weights: WeightEncoding?
  public let routing: Routing?
  public let costs: Costs
  /// What an event or operation was measured to take; reported, not part of the cost.
  public let energy: [Measurement]
  /// What nobody published.
  public let unpublished: [Unpublished]

  /// How the chip can be had.
  public enum Kind: String, Sendable, CaseIterable {
    case purchase, cloud, license, research, historic, virtual

    /// Why people cannot get the chip, `nil` where they can.
    public var obstacle: String? {
      switch self {
      case .purchase, .cloud, .license: nil
      case .research: "cannot be bought: it goes to research partners"
      case .historic: "cannot be had any more"
      case .virtual: "does not exist: its numbers serve comparisons"
      }
    }
  }

  /// What one core takes.
  public enum Grain: String, Sendable, CaseIterable {
    /// Blocks of neurons of one or several layers.
    case blocks
    /// One whole layer.
    case layers
  }

  /// Cores with the same memories.
  public struct CoreKind: Sendable, Hashable {
    public let name: String
    public internal(set) var count: Int
    /// What the cores have of a resource, where that differs between the kinds.
    public let capacities: [String: Int]
    /// Which layers they take; none for all of them.
    public let accepts: [LayerKind]
    public let source: String
  }

  /// Layers as cores tell them apart.
  public enum LayerKind: String, Sendable, CaseIterable {
    case convolution, dense
  }

  /// Something of which there is a fixed amount.
  public struct Resource: Sendable, Hashable {
    public let name: String
    public var scope: DemandScope { demand.scope }
    /// `nil` where nobody published it or each core kind has its own.
    public let capacity: Int?
    public let demand: DemandExpression
    public let basis: Basis
    public let source: String
  }

  /// A property that has to lie within bounds.
  public struct Limit: Sendable, Hashable {
    public let name: String
    public var scope: DemandScope { value.scope }
    public let value: DemandExpression
    public let allowed: Allowed
    public let basis: Basis
    public let source: String

    public enum Allowed: Sendable, Hashable {
      case range(ClosedRange<Int>)
      case values([Int])

      public func contains(_ value: Int) -> Bool {
        switch self {
        case .range(let range): range.contains(value)
        case .values(let values): values.contains(value)
        }
      }
    }
  }

  /// What a number stands on.
  public enum Basis: String, Sendable, CaseIterable {
    /// The maker's own tool computes or checks it.
    case tool
    /// A document of the maker or a paper states it.
    case document
    /// Follows from such numbers by a rule that stands in this file.
    case derived
  }

  /// A number and where it comes from.
  public struct Figure: Sendable, Hashable {
    public let value: Double
    public let source: String
  }

  /// What the neurons can be; an absent entry sets no limit.
  public struct Capabilities: Sendable, Hashable {
    public var payloads: [ClosedRange<Int>] = []
    /// What may reach a core from outside; absent where it is as what the neurons send.
    public var inputPayloads: [ClosedRange<Int>] = []
    public var inputs: [String] = []
    public var resets: [String] = []
    public var schedules: [String] = []
    public var weightBits: ClosedRange<Int>?
    public var membraneBits: ClosedRange<Int>?
    public var biasBits: ClosedRange<Int>?
    /// Ticks that a spike may take from neuron to neuron.
    public var delays: ClosedRange<Int>?
    public var hasLeak: Bool?
    /// What one threshold serves.
    public var thresholdScope: ThresholdScope?
    public var source = ""

    public enum ThresholdScope: String, Sendable, CaseIterable {
      case layer, channel, neuron
    }
  }

  /// How a weight is stored.
  public struct WeightEncoding: Sendable, Hashable {
    public let encoding: Encoding
    /// The widths that exist; none where the source names none.
    public let bits: [Int]
    public let exponents: ClosedRange<Int>?
    /// Values in an axon table.
    public let entries: Int?
    public let source: String

    public enum Encoding: String, Sendable, CaseIterable {
      case integer
      case mantissaExponent = "mantissa-exponent"
      case axonTable = "axon-table"
      case fixedPoint = "fixed-point"
      case analogue
    }
  }

  /// How events travel.
  public struct Routing: Sendable, Hashable {
    public let topology: Topology
    public let multicast: String
    public let source: String

    public enum Topology: String, Sendable, CaseIterable {
      case mesh, torus, crossbar, quadtree, single, tags
    }
  }

  /// Energy (E) and latency (L) of an event in a router and on a wire between two cores.
  public struct Costs: Sendable, Hashable {
    public var energyRoute: Figure?
    public var energyWire: Figure?
    public var latencyRoute: Figure?
    public var latencyWire: Figure?
  }

  /// Something that was measured.
  public struct Measurement: Sendable, Hashable {
    public let name: String
    public let value: Double
    public let unit: String
    public let source: String
  }

  /// A number that is not known.
  public struct Unpublished: Sendable, Hashable {
    public let number: String
    /// What cannot be checked without it.
    public let check: String
  }

  public var cores: Int { mesh.y * mesh.x }

  /// The kind of a core, by its number.
  public func kind(ofCore core: Int) -> CoreKind? {
    var first = 0
    for kind in kinds {
      first += kind.count
      if core < first { return kind }
    }
    return nil
  }

  /// What a core of `kind` has of a resource; `nil` where that is not known.
  public func capacity(of resource: Resource, in kind: CoreKind?) -> Int? {
    kind?.capacities[resource.name] ?? resource.capacity
  }

  /// The most that any core has of a resource, among the kinds that take such layers.
  func largestCapacity(of resource: Resource, for layer: LayerKind? = nil) -> Int? {
    let able = kinds.filter { kind in
      layer.map { kind.accepts.isEmpty || kind.accepts.contains($0) } ?? true
    }
    return able.compactMap { capacity(of: resource, in: $0) }.max()
  }

  /// The resources of which each core has an amount of its own, as a placement lists them.
  public var coreResources: [Resource] {
    resources.filter { $0.scope == .core || ($0.scope == .layer && takes == .layers) }
  }

  func resources(_ scope: DemandScope) -> [Resource] { resources.filter { $0.scope == scope } }

  /// Whether any demand or limit speaks of a variable, list or set.
  func mentions(_ name: String) -> Bool {
    resources.contains { $0.demand.mentions(name) } || limits.contains { $0.value.mentions(name) }
  }
}
