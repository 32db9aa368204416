internal import SynapackProgram
internal import SynapackSupport

/// Holds a program against every limit and every resource that is not one of single cores.
struct ScopeCheck {
  let program: SpikingProgram
  let chip: Chip
  let layers: [LayerCounts]

  init(_ program: SpikingProgram, _ chip: Chip, _ facts: ProgramFacts) {
    self.program = program
    self.chip = chip
    layers = program.populations.indices.map { LayerCounts(program, $0, facts) }
  }

  /// What is missed before anything lies on a core.
  func misses() throws(PackError) -> [Certificate.Miss] {
    var misses: [Certificate.Miss] = []
    for index in layers.indices {
      let layer = NeuronCounts(layer: layers[index])
      try misses += limits(.layer, layers[index], index)
      try misses += limits(.neuron, layer, index)
      try misses += resources(.neuron, layer, index)
      try misses += resources(.layer, layers[index], index)
    }
    // Of several chips each holds a part, which is counted where the cores are shared out.
    guard !chip.isJoined else { return misses }
    let counts = ProgramCounts(program, layers, cores: 0)
    try misses += limits(.chip, counts, nil)
    try misses += resources(.chip, counts, nil)
    return misses
  }

  /// What is missed once the cores are filled.
  ///
  /// - Parameters:
  ///   - routes: between cores.
  ///   - cores: how many are in use.
  func misses(_ routes: [Route], cores: Int) throws(PackError) -> [Certificate.Miss] {
    var misses: [Certificate.Miss] = []
    if chip.mentions(DemandVariable.destinationCores.rawValue) {
      for index in layers.indices {
        let reached = routes.filter { $0.population == index }.map(\.destinations.count).max()
        let counts = NeuronCounts(layer: layers[index], destinationCores: reached ?? 0)
        try misses += limits(.neuron, counts, index)
        try misses += resources(.neuron, counts, index)
      }
    }
    guard !chip.isJoined else { return misses }
    let counts = ProgramCounts(program, layers, cores: cores)
    for resource in chip.resources(.chip)
    where resource.demand.mentions(DemandVariable.cores.rawValue) {
      try misses += miss(resource, counts, nil)
    }
    return misses
  }

  private func limits(
    _ scope: DemandScope, _ values: some DemandValues, _ index: Int?
  ) throws(PackError) -> [Certificate.Miss] {
    var misses: [Certificate.Miss] = []
    for limit in chip.limits where limit.scope == scope {
      let value = try limit.value.amount(values)
      let (isAllowed, allowed, bound) = Self.judge(value, limit.allowed)
      guard !isAllowed else { continue }
      misses.append(
        Certificate.Miss(
          code: .resourceExceeded, layer: name(index), coreKind: nil, resource: limit.name,
          demand: value, capacity: bound,
          text: "\(subject(index)): \(limit.name) is \(value); \(chip.id) takes \(allowed)",
          hall: nil))
    }
    return misses
  }

  private static func judge(
    _ value: Int, _ allowed: Chip.Limit.Allowed
  ) -> (isAllowed: Bool, text: String, bound: Int?) {
    switch allowed {
    case .range(let range):
      let bound = value < range.lowerBound ? range.lowerBound : range.upperBound
      let text =
        range.count == 1
        ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      return (range.contains(value), text, bound)
    case .values(let values):
      return (
        values.contains(value), values.map(String.init).joined(separator: ", "),
        values.last { $0 <= value } ?? values.first
      )
    }
  }

  /// Resources of which no core of its own has an amount: a whole-layer chip's are matched.
  private func resources(
    _ scope: DemandScope, _ values: some DemandValues, _ index: Int?
  ) throws(PackError) -> [Certificate.Miss] {
    guard scope != .layer || chip.takes == .blocks else { return [] }
    var misses: [Certificate.Miss] = []
    for resource in chip.resources(scope) { try misses += miss(resource, values, index) }
    return misses
  }

  private func miss(
    _ resource: Chip.Resource, _ values: some DemandValues, _ index: Int?
  ) throws(PackError) -> [Certificate.Miss] {
    guard let capacity = resource.capacity else { return [] }
    let demand = try resource.demand.amount(values)
    guard demand > capacity else { return [] }
    let whose = resource.scope == .neuron ? "a neuron of \(subject(index))" : subject(index)
    return [
      Certificate.Miss(
        code: .resourceExceeded, layer: name(index), coreKind: nil, resource: resource.name,
        demand: demand, capacity: capacity,
        text: "\(whose) takes \(demand) of \(resource.name); \(chip.id) has \(capacity)",
        hall: nil)
    ]
  }

  private func name(_ index: Int?) -> String? { index.map { program.populations[$0].name } }

  private func subject(_ index: Int?) -> String {
    name(index).map { "layer `\($0)`" } ?? "the program"
  }
}
