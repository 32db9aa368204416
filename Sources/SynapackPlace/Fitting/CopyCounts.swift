internal import SynapackSupport

/// What the cores on one of several chips take together of what the chip has once.
struct CopyCounts: DemandValues {
  private var neurons = 0
  private var synapses = 0
  private var weightBits = 0
  private(set) var cores = 0

  /// What demands of joined chips may speak of: what is the sum, or the largest, of parts.
  static let variables: [DemandVariable] = [.neurons, .synapses, .weightBits, .cores]

  init() {}

  /// Those of one core alone.
  init(_ core: CoreCounts) { add(core) }

  mutating func add(_ core: CoreCounts) {
    neurons = Bounded.sum(neurons, core.neurons)
    synapses = Bounded.sum(synapses, core.synapses)
    weightBits = max(weightBits, core.weightBits)
    cores += 1
  }

  /// The first resource of which one of several chips has less; `nil` where there is one chip.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func excess(
    _ chip: Chip
  ) throws(PackError) -> (resource: Chip.Resource, demand: Int, capacity: Int)? {
    for resource in chip.sharedResources {
      guard let capacity = resource.capacity else { continue }
      let demand = try resource.demand.amount(self)
      if demand > capacity { return (resource, demand, capacity) }
    }
    return nil
  }

  func value(_ variable: DemandVariable) -> Double {
    switch variable {
    case .neurons: Double(neurons)
    case .synapses: Double(synapses)
    case .weightBits: Double(weightBits)
    case .cores: Double(cores)
    default: 0
    }
  }

  func distinct(_ set: DemandSet) -> Double { 0 }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
}
