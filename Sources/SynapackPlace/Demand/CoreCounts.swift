/// The counts of one core that demands speak of.
public struct CoreCounts: Sendable, Hashable {
  public var neurons = 0
  public var senders = 0
  public var inAxons = 0
  public var synapses = 0
  public var synapseBits = 0
  public var weightBits = 0
  public var slices = 0
  public var storedWeights = 0
  public var storedWeightBits = 0
  public var kernelWeightBits = 0
  /// How many axons have each number of synapses, in ascending order of the synapses; an axon is
  /// one source neuron with one slice over one connection. Counted only where a chip asks for it.
  public var axons: [AxonGroup] = []
  /// The different thresholds and biases, ascending; counted only where a chip asks for them.
  public var thresholds: [Int32] = []
  public var biases: [Int32] = []

  /// Axons with the same number of synapses.
  public struct AxonGroup: Sendable, Hashable {
    public var synapses: Int
    public var count: Int

    public init(synapses: Int, count: Int) {
      self.synapses = synapses
      self.count = count
    }
  }

  public init() {}

  /// The axons of several slices as one list.
  static func merged(_ lists: [[AxonGroup]]) -> [AxonGroup] {
    var counts: [Int: Int] = [:]
    for group in lists.joined() {
      counts[group.synapses] = Bounded.sum(counts[group.synapses] ?? 0, group.count)
    }
    return counts.sorted { $0.key < $1.key }.map { AxonGroup(synapses: $0.key, count: $0.value) }
  }
}

extension CoreCounts: DemandValues {
  public func value(_ variable: DemandVariable) -> Double {
    switch variable {
    case .neurons: Double(neurons)
    case .senders: Double(senders)
    case .inAxons: Double(inAxons)
    case .synapses: Double(synapses)
    case .synapseBits: Double(synapseBits)
    case .weightBits: Double(weightBits)
    case .slices: Double(slices)
    case .storedWeights: Double(storedWeights)
    case .storedWeightBits: Double(storedWeightBits)
    case .kernelWeightBits: Double(kernelWeightBits)
    default: 0
    }
  }

  public func distinct(_ set: DemandSet) -> Double {
    switch set {
    case .thresholds: Double(thresholds.count)
    case .biases: Double(biases.count)
    }
  }

  public func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] {
    guard list == .axons else { return [] }
    return axons.map { (AxonCount(synapses: $0.synapses), Double($0.count)) }
  }

  private struct AxonCount: DemandValues {
    let synapses: Int

    func value(_ variable: DemandVariable) -> Double {
      variable == .axonSynapses ? Double(synapses) : 0
    }
    func distinct(_ set: DemandSet) -> Double { 0 }
    func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
  }
}
