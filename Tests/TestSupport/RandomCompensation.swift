internal import SynapackProgram
internal import SynapackTensor

/// Compensated populations at random, far beyond what a conversion makes of them.
extension RandomProgram {
  /// Lets the neurons of a population compute an operator.
  mutating func compensate(_ population: inout Population, _ timesteps: Int) {
    let payloads = pick(0...1, -1...1, -15...15, -255...255, -32_767...32_767, 0...7)
    population.model = .compensated(
      Compensation(
        payloads: payloads, drive: .synapses, function: function(population.shape)))
    population.thresholds = parameter(population.shape, 1...pick(1, 50, 3_000, 1 << 28))
    let largest = Int(SpikingProgram.largestStep) / timesteps
    population.thresholds.values = population.thresholds.values.map {
      min($0, Int32(clamping: largest))
    }
  }

  private mutating func function(_ shape: Shape) -> CompensatedFunction {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .identity
    case 1:
      let pieces = pick(1, 2, 7, 64)
      let reach = pick(4_000, 1 << 20, 1 << 28)
      return .table(
        FunctionTable(
          values: (0...pieces).map { _ in Int32(Int.random(in: -reach...reach, using: &random)) },
          origin: Int.random(in: 0...pieces, using: &random)))
    case 2:
      return .normalization(
        MeanNormalization(
          axis: pick(.channels, .row), shift: pick(0, 4, 16), epsilon: pick(0, 40, 1 << 30),
          gains: parameter(shape, -Int(Int32.max)...Int(Int32.max)),
          offsets: parameter(shape, -200_000...200_000)))
    default:
      let pieces = pick(1, 3, 40)
      let top = pick(1, 4_096, 1 << 24)
      var values = (0...pieces).map { _ in Int32(Int.random(in: 0...top, using: &random)) }
      values[0] = Int32(top)
      return .softmax(
        SoftmaxTable(
          axis: pick(.channels, .row), values: values, gain: pick(1, 1 << 20, Int32.max)))
    }
  }

  /// A population driven by a product of two earlier ones, whose matrices may overlap or repeat.
  mutating func product(_ populations: [Population], _ timesteps: Int) throws -> Population {
    let (batch, rows) = (pick(1, 2), pick(1, 2, 3))
    let (columns, inner) = (pick(1, 2, 3), pick(1, 2, 4))
    let left = operand(populations, batch, rows, inner)
    let right = operand(populations, batch, columns, inner)
    let product = OperandProduct(
      batch: batch, rows: rows, columns: columns, inner: inner,
      isColumnMajor: Bool.random(using: &random), left: left, right: right)
    let shape = try Shape(pick([batch, rows, columns], [batch * rows * columns]))
    var population = Population(
      name: "product", shape: shape, model: .integrator, thresholds: Parameter([1]),
      biases: Parameter([0]), initial: Parameter([0]),
      membrane: Population.membraneRange(bits: pick(12, 24, 32)), biasBits: 16)
    compensate(&population, timesteps)
    if case .compensated(var compensation) = population.model {
      compensation.drive = .product(product)
      population.model = .compensated(compensation)
    }
    return population
  }

  private mutating func operand(
    _ populations: [Population], _ batch: Int, _ lines: Int, _ inner: Int
  ) -> Operand {
    let source = Int.random(in: populations.indices, using: &random)
    let count = populations[source].shape.count
    while true {
      let operand = Operand(
        source: source, offset: pick(0, 1, 3), perMatrix: pick(0, 1, 4), perLine: pick(0, 1, 2, 5),
        perTerm: pick(0, 1, 2))
      let last =
        operand.offset + (batch - 1) * operand.perMatrix + (lines - 1) * operand.perLine
        + (inner - 1) * operand.perTerm
      if last < count { return operand }
    }
  }
}
