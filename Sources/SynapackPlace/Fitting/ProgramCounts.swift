internal import SynapackProgram
internal import SynapackTensor

/// The counts of a whole program that demands speak of.
struct ProgramCounts: DemandValues {
  private var numbers: [DemandVariable: Int] = [:]

  /// - Parameters:
  ///   - layers: the counts of its layers.
  ///   - cores: how many cores it takes, once that is known.
  init(_ program: SpikingProgram, _ layers: [LayerCounts], cores: Int) {
    let readout = program.readout.population
    func neurons(_ isCounted: (Int) -> Bool) -> Int {
      layers.indices.reduce(0) { isCounted($1) ? Bounded.sum($0, layers[$1][.neurons]) : $0 }
    }
    let first = Set(program.connections.filter { $0.source == .input }.map(\.target))
    let last = Set(
      program.connections.filter { $0.target == readout }.compactMap { connection -> Int? in
        guard case .population(let index) = connection.source else { return nil }
        return index
      })
    var between = 0
    for (index, layer) in layers.enumerated() where index != readout {
      between = Bounded.sum(between, layer.innerSynapses)
    }
    numbers = [
      .neurons: neurons { _ in true }, .hidden: neurons { $0 != readout },
      .outputs: neurons { $0 == readout }, .inputs: program.input.shape.count,
      .firstHidden: neurons(first.contains), .lastHidden: neurons(last.contains),
      .layers: layers.count, .cores: cores, .timesteps: program.timesteps,
      .weightBits: layers.map { $0[.weightBits] }.max() ?? 0, .hiddenSynapses: between,
      .synapses: layers.reduce(0) { Bounded.sum($0, $1[.synapses]) },
      .outputSynapses: layers.indices.contains(readout) ? layers[readout][.synapses] : 0,
    ]
  }

  func value(_ variable: DemandVariable) -> Double { Double(numbers[variable] ?? 0) }
  func distinct(_ set: DemandSet) -> Double { 0 }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
}
