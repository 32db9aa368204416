internal import SynapackProgram
internal import SynapackTensor

/// What demands speak of in a whole program, taken from visited synapses like ``LayerCensus``.
struct ProgramCensus: DemandValues {
  private var numbers: [DemandVariable: Int] = [:]

  /// - Parameter cores: those in use.
  init(_ program: SpikingProgram, _ layers: [LayerCensus], _ census: Census, cores: Int) {
    let readout = program.readout.population
    for (index, population) in program.populations.enumerated() {
      add(population.shape.count, to: .neurons)
      add(population.shape.count, to: index == readout ? .outputs : .hidden)
      let hears = program.connections.contains { $0.target == index && $0.source == .input }
      let isHeard = program.connections.contains {
        $0.target == readout && $0.source == .population(index)
      }
      if hears { add(population.shape.count, to: .firstHidden) }
      if isHeard { add(population.shape.count, to: .lastHidden) }
      numbers[.weightBits] = max(numbers[.weightBits] ?? 0, layers[index][.weightBits])
    }
    for (connection, synapses) in zip(program.connections, census.synapses) {
      add(synapses, to: .synapses)
      if connection.target == readout {
        add(synapses, to: .outputSynapses)
      } else if connection.source != .input {
        add(synapses, to: .hiddenSynapses)
      }
    }
    numbers[.inputs] = program.input.shape.count
    numbers[.layers] = program.populations.count
    numbers[.timesteps] = program.timesteps
    numbers[.cores] = cores
  }

  private mutating func add(_ count: Int, to variable: DemandVariable) {
    numbers[variable, default: 0] += count
  }

  func value(_ variable: DemandVariable) -> Double { Double(numbers[variable] ?? 0) }
  func distinct(_ set: DemandSet) -> Double { 0 }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
}
