internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Operators on running means become populations of compensated neurons.
extension ProgramLowering {
  /// Adds the population that computes an operator and sends its running result.
  mutating func compensate(
    _ node: Node, _ op: Spike, _ computation: Computation, _ report: inout Report
  ) throws(PackError) {
    let shape = computation.shape
    let channels = shape.planes?.channels ?? 1
    var amplitude = try graph.weights.floats(op.amplitude).first ?? 1
    let index = populations.count
    let input = try driven(computation, node.name, &report)
    let made = try function(computation, input, &amplitude)
    if case .weighted(let weighted) = computation.drive {
      connect(weighted, made.units, to: index)
    }
    let drive: Drive =
      switch computation.drive {
      case .weighted: .synapses
      case .product(let product): .product(product.product)
      }
    populations.append(
      Population(
        name: node.name, shape: shape,
        model: .compensated(
          Compensation(payloads: op.lower...op.upper, drive: drive, function: made.function)),
        thresholds: Parameter(made.thresholds), biases: input.biases(self, made.units),
        initial: Parameter([0]), membrane: Population.membraneRange(bits: 32),
        biasBits: options.biasBits))
    report.add(
      Loss(
        .compensatedOperator, .warning, subject: node.name,
        "\(computation.description), computed on running means by neurons that multiply; "
          + "`measured` is the multiplications of a tick",
        measured: Double(populations[index].multiplicationsPerTick)))
    let amplitudes = Array(repeating: amplitude, count: channels)
    layers.append(LoweredLayer(name: node.name, amplitude: amplitudes, unit: made.units))
    carried[node.output] = .spikes([
      Term(
        source: .population(index), native: shape, relays: [], amplitude: amplitudes,
        rounding: Array(repeating: 1, count: channels), logical: graph.shape(of: node.output),
        first: 0, order: computation.order)
    ])
  }

  /// What drives a compensated population, in membrane units.
  private struct Driven {
    /// What one unit of the membrane stands for, a channel.
    var units: [Float]
    /// The largest membrane of all ticks, in the same numbers as the units.
    var reach: Float
    var weighted: WeightedInput?

    func biases(_ lowering: ProgramLowering, _ units: [Float]) -> Parameter {
      weighted.map { lowering.biases($0, units) } ?? Parameter([0])
    }
  }

  private struct Made {
    var function: CompensatedFunction
    var thresholds: [Int32]
    var units: [Float]
  }

  private func driven(
    _ computation: Computation, _ name: String, _ report: inout Report
  ) throws(PackError) -> Driven {
    switch computation.drive {
    case .product(let product):
      let unit = product.unit * computation.factor
      guard unit.isNormal else {
        throw PackError(
          .notFinite, "the product's unit \(unit) is no number of use",
          hint: "check --preprocess against how the model was trained")
      }
      let channels = product.shape.planes?.channels ?? 1
      return Driven(units: Array(repeating: unit, count: channels), reach: 0, weighted: nil)
    case .weighted(let input):
      let reach = reach(input)
      let isShared = if case .softmax = computation.function { true } else { false }
      let least = Array(repeating: reach * 0x1p-30, count: input.bias.count)
      let units = units(input, least: least, shared: isShared, name, &report)
      try checkFinite(input, units)
      return Driven(units: units, reach: reach, weighted: input)
    }
  }

  private func function(
    _ computation: Computation, _ input: Driven, _ amplitude: inout Float
  ) throws(PackError) -> Made {
    let scale = Float(1 << Compensation.fractionBits) / amplitude
    switch computation.function {
    case .identity:
      let unit = input.units.first ?? 1
      let threshold = IntegerLevel.nearest(amplitude, unit: unit.magnitude, in: 1...Int32.max)
      amplitude = Float(threshold) * unit
      return Made(function: .identity, thresholds: [threshold], units: input.units)
    case .activation(let function):
      return try activation(function, input, scale)
    case .normalization(let gamma, let beta, let epsilon):
      return try normalization(computation, input, gamma, beta, epsilon, scale)
    case .softmax: return try softmax(computation, input, scale)
    }
  }

  /// The steps of a table in the unit of its argument.
  private static let step: Float = 1 / 32

  /// A table of f over the interval where it bends; outside it the asymptotes go on. The unit of
  /// each channel is widened until a step is a whole number of it, so that the knots are exact.
  private func activation(
    _ function: Activation.Function, _ input: Driven, _ scale: Float
  ) throws(PackError) -> Made {
    let widest = input.units.max() ?? 1
    guard let domain = SmoothDomain(function), widest <= 1 else {
      throw PackError(
        .cannotSpike, "\(function.shortName) of values in steps of \(widest)",
        hint: "raise the weight bits")
    }
    var step = ProgramLowering.step
    while step < widest { step *= 2 }
    let limit = Float(SpikingProgram.largestStep / Int64(options.timesteps))
    let thresholds = input.units.map {
      IntegerLevel.nearest(min((step / $0).rounded(.down), limit), unit: 1, in: 1...Int32.max)
    }
    let first = Int((domain.lower / step).rounded(.down))
    let last = Int((domain.upper / step).rounded(.up))
    var values = (first...last).map { function.value(Float($0) * step) }
    values.insert(values[0] - domain.left * step, at: 0)
    values.append(values[values.count - 1] + domain.right * step)
    return Made(
      function: .table(
        FunctionTable(
          values: values.map {
            IntegerLevel.nearest($0 * scale, unit: 1, in: -(1 << 28)...(1 << 28))
          }, origin: 1 - first)),
      thresholds: thresholds,
      units: thresholds.map { step / Float($0) })
  }

  /// x in a unit of which the largest sum of all ticks is 2²⁴, so that no value is held back.
  private func normalization(
    _ computation: Computation, _ input: Driven, _ gamma: [Float], _ beta: [Float],
    _ epsilon: Float, _ scale: Float
  ) throws(PackError) -> Made {
    let shape = computation.shape
    let axis = GroupAxis(computation)
    let unit = max(input.reach * 0x1p-24, Float.leastNormalMagnitude)
    let cells = axis == .channels ? 1 : shape.count / max(1, gamma.count)
    func parameter(_ values: [Float]) -> Parameter {
      let whole = values.map {
        IntegerLevel.nearest($0 * scale, unit: 1, in: -Int32.max...Int32.max)
      }
      return Parameter((0..<cells).flatMap { _ in whole })
    }
    let shift = 16
    return Made(
      function: .normalization(
        MeanNormalization(
          axis: axis, shift: shift,
          epsilon: IntegerLevel.nearest(epsilon / unit, unit: unit, in: 0...(1 << 30)),
          gains: parameter(gamma), offsets: parameter(beta))),
      thresholds: input.units.map {
        IntegerLevel.nearest(unit * Float(1 << shift), unit: $0, in: 1...Int32.max)
      }, units: input.units)
  }

  /// The table of e⁻ˣ up to x = 16, behind which a share is below 2⁻²³.
  private func softmax(
    _ computation: Computation, _ input: Driven, _ scale: Float
  ) throws(PackError) -> Made {
    guard let unit = input.units.first, unit > 0 else {
      throw PackError(
        .cannotSpike, "softmax of scores with their sign turned",
        hint: "put the sign into the weights before the scores")
    }
    let limit = Int32(clamping: SpikingProgram.largestStep / Int64(options.timesteps))
    let threshold = IntegerLevel.nearest(ProgramLowering.step, unit: unit, in: 1...limit)
    let step = Float(threshold) * unit
    let pieces = min(max(Int((16 / step).rounded(.up)), 1), 4096)
    let exponential = Activation.Function.exponential
    return Made(
      function: .softmax(
        SoftmaxTable(
          axis: GroupAxis(computation),
          values: (0...pieces).map {
            IntegerLevel.nearest(
              exponential.value(-Float($0) * step) * 0x1p24, unit: 1, in: 0...(1 << 24))
          }, gain: IntegerLevel.nearest(scale, unit: 1, in: 1...Int32.max))),
      thresholds: [threshold], units: input.units)
  }
}

extension GroupAxis {
  /// The last axis of the wire: its channels where the neurons lie channel by channel.
  fileprivate init(_ computation: Computation) {
    let isRow = computation.order == nil && computation.shape.rank > 1
    self = isRow ? .row : .channels
  }
}

extension Computation {
  fileprivate var description: String {
    let name =
      switch function {
      case .identity: "a product of two activations"
      case .activation(let function): function.shortName
      case .normalization: "layer normalization"
      case .softmax: "softmax"
      }
    guard case .product = drive, case .softmax = function else { return name }
    return "softmax of a product of two activations"
  }
}
