internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// Which of a program's integers are trained, within which range, and how they get back.
struct ProgramStudent: Sendable {
  let layout: StudentLayout
  private let program: SpikingProgram
  private let options: DistillationOptions

  /// - Throws: `SYN0805` for a population that has no gradient here.
  init(_ program: SpikingProgram, _ options: DistillationOptions) throws(PackError) {
    self.program = program
    self.options = options
    layout =
      switch options.path {
      case .rates: .rates(try ProgramGraph(program))
      case .ticks: .ticks(try TickGraph(program))
      }
  }

  /// What measures the program that a trained graph stands for.
  func observer(
    _ graph: Graph<StudentPhase>
  ) throws(PackError) -> any StudentObserver<StudentPhase> {
    let program = try program(from: graph)
    switch layout {
    case .rates(let layout): return try ProgramObserver(program, layout)
    case .ticks(let layout): return try ScoreObserver(program, layout)
    }
  }

  /// Those of populations whose rates are a wire; ticks have none.
  func features(_ populations: [PopulationFeature]) -> [Feature] {
    guard case .rates(let layout) = layout else { return [] }
    return populations.compactMap { pair in
      guard layout.populations.indices.contains(pair.population),
        let rate = layout.populations[pair.population].rate
      else { return nil }
      return Feature(
        teacher: pair.teacher, student: rate, channels: pair.channels, worth: pair.worth)
    }
  }

  /// The rates of every population that fires, with the synapses that its events reach.
  func pricedWires() throws(PackError) -> [PricedWire] {
    guard case .rates(let layout) = layout, options.training.operationWeight != 0 else {
      return []
    }
    let simulator = try Simulator(program)
    return layout.populations.enumerated().compactMap { index, wires in
      wires.rate.map {
        PricedWire(wire: $0, fanOut: simulator.fanOut(of: index).map { Float($0) })
      }
    }
  }

  var tensors: [TrainedTensor] {
    var tensors: [TrainedTensor] = []
    for (place, connection) in program.connections.enumerated() {
      tensors.append(weights(connection, place))
    }
    for (index, population) in program.populations.enumerated() {
      tensors += numbers(of: population, index)
    }
    return tensors
  }

  /// The root of the mean square of the values that are not zero, 1 at least.
  private static func size(_ values: ArraySlice<some BinaryInteger>) -> Float {
    let sum = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let count = values.count { $0 != 0 }
    return max(1, Float((sum / Double(max(1, count))).squareRoot()))
  }

  /// Weights keep to their levels, and those that are zero stay so where weights were removed.
  private func weights(_ connection: Connection, _ place: Int) -> TrainedTensor {
    let weights = connection.synapses.weights
    let values = weights.values
    let limit = Float(Int16.max >> Int16(16 - connection.weightBits))
    // A shortcut may be wider than what the levels were made for.
    let isLevelled = values.allSatisfy { options.levels.rounded(Float($0)) == Float($0) }
    let grid = isLevelled ? options.levels.limited(to: limit) : .whole(-limit...limit)
    let row = max(1, values.count / max(1, weights.shape[0]))
    let units = stride(from: 0, to: values.count, by: row).flatMap { start in
      let size = ProgramStudent.size(values[start..<start + row])
      return Array(repeating: 10 * size, count: row)
    }
    return TrainedTensor(
      ProgramNodes.Name.weights(place),
      mask: options.keepsZeros ? values.map { $0 != 0 } : [], grid: grid, units: units)
  }

  private func numbers(of population: Population, _ index: Int) -> [TrainedTensor] {
    let limit = Float(Int32.max >> Int32(32 - population.biasBits))
    guard case .integrateAndFire = population.model else {
      // The scores' own size stands in for the threshold that an integrator does not have.
      return [
        TrainedTensor(
          ProgramNodes.Name.biases(index), grid: .whole(-limit...limit),
          units: [ProgramStudent.size(population.biases.values[...])])
      ]
    }
    // A quarter of the neuron's own threshold: a mean over the layer would follow channels that never
    // fire, whose thresholds are larger than all others by orders of magnitude.
    func units(_ parameter: Parameter) -> [Float] {
      let count = ProgramNodes.count(of: parameter, in: population.shape)
      let thresholds = population.thresholds.expanded(to: population.shape)
      return (0..<count).map { Float(max(1, thresholds[$0 * thresholds.count / count])) / 4 }
    }
    let membrane = Float(population.membrane.lowerBound)...Float(population.membrane.upperBound)
    var tensors = [
      TrainedTensor(
        ProgramNodes.Name.biases(index), grid: .whole(-limit...limit),
        units: units(population.biases))
    ]
    if !options.keepsStarts {
      tensors.append(
        TrainedTensor(
          ProgramNodes.Name.initial(index), grid: .whole(membrane),
          units: units(population.initial)))
    }
    // A chip with one threshold a layer keeps it.
    if population.thresholds.values.count > 1 || population.shape.count == 1 {
      tensors.append(
        TrainedTensor(
          ProgramNodes.Name.thresholds(index), grid: .whole(1...max(1, membrane.upperBound)),
          units: units(population.thresholds)))
    }
    return tensors
  }

  /// The program with the integers that the weights of a trained graph are.
  func program(from graph: Graph<StudentPhase>) throws(PackError) -> SpikingProgram {
    var trained = program
    for place in trained.connections.indices {
      let values = try graph.weights.floats(ProgramNodes.Name.weights(place))
      trained.connections[place].synapses.set(values.map { Int16(clamping: Int($0)) })
    }
    for (index, population) in trained.populations.enumerated() {
      trained.populations[index].biases = try parameter(
        ProgramNodes.Name.biases(index), graph, like: population.biases)
      guard case .integrateAndFire = population.model else { continue }
      trained.populations[index].initial = try parameter(
        ProgramNodes.Name.initial(index), graph, like: population.initial)
      trained.populations[index].thresholds = try parameter(
        ProgramNodes.Name.thresholds(index), graph, like: population.thresholds)
    }
    return trained
  }

  /// One number stays one where all are the same.
  private func parameter(
    _ name: String, _ graph: Graph<StudentPhase>, like old: Parameter
  ) throws(PackError) -> Parameter {
    // Float32 has the whole numbers up to 2²⁴; the ends of a range beyond are held.
    let values = try graph.weights.floats(name).map { Int32(clamping: Int($0)) }
    if old.values.count == 1, let first = values.first, values.allSatisfy({ $0 == first }) {
      return Parameter([first])
    }
    return Parameter(values)
  }
}

extension Synapses {
  /// Takes weights of the same shape.
  fileprivate mutating func set(_ values: [Int16]) {
    switch self {
    case .dense(var weights):
      weights.values = values
      self = .dense(weights)
    case .convolution(var weights, let window, let groups):
      weights.values = values
      self = .convolution(weights, window: window, groups: groups)
    }
  }
}
