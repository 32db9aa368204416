internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Neurons and the readout: real numbers become integers.
extension ProgramLowering {
  /// Adds the population of a neuron node.
  ///
  ///     q(o) = max |w(o, ·)| / w_max      w_int = round(w / q)     b_int = round(b / q)
  ///     θ_int = max(1, round(θ / q))      v_int = round(v₀ / q)
  ///
  /// q: the unit of the membrane, one a channel; w_max: the largest weight of the width. As the
  /// unit is a channel's own, scaling each channel costs nothing at run time. The rounded
  /// threshold θ_int·q is the real one, and what a payload stands for follows it.
  mutating func fire(
    _ node: Node, _ op: Spike, _ input: Carried, _ report: inout Report
  ) throws(PackError) {
    if case .computed(let computation) = input {
      return try compensate(node, op, computation, &report)
    }
    let target = graph.shape(of: node.output)
    var weighted = try weighted(input, node.inputs, target)
    let shape = weighted.shape
    let ratio = passedRounding(weighted)
    let theta = Parameters(try values(op.threshold, weighted), shape, ratio)
    let channels = shape.planes?.channels ?? 1
    let membrane = Population.membraneRange(bits: options.membraneBits)
    let limit = Float(membrane.upperBound) / held(weighted)
    let least = theta.largest(channels).map { $0 / limit }
    try refit(&weighted, node.name, least: least, &report)
    let amplitude = Parameters(try values(op.amplitude, weighted), shape, ratio)
    let initial = Parameters(try values(op.initial, weighted), shape, ratio)
    var units = units(weighted, least: least, shared: false, node.name, &report)
    let shared = isCompensated ? widen(&units, to: theta) : nil
    try checkFinite(weighted, units)
    var thresholds = theta.quantized(units, 1...membrane.upperBound)
    var effective = shared ?? amplitude.following(thresholds, theta, units)
    let index = populations.count
    func append(_ lowering: inout ProgramLowering) {
      lowering.connect(weighted, units, to: index)
      lowering.populations.append(
        Population(
          name: node.name, shape: shape,
          model: .integrateAndFire(
            FiringBehaviour(
              payloads: op.lower...op.upper, memory: op.memory, reset: lowering.options.reset)),
          thresholds: Parameter(thresholds), biases: lowering.biases(weighted, units),
          initial: Parameter(initial.quantized(units, membrane)), membrane: membrane,
          biasBits: lowering.options.biasBits))
      guard lowering.options.start == .zero, !lowering.startsAtZero(node.name, weighted) else {
        return
      }
      lowering.populations[index].startAtZero(timesteps: lowering.options.timesteps)
    }
    append(&self)
    var attempt = NeuronAttempt(
      ladder: .init(
        lower: op.lower, upper: op.upper, memory: op.memory, forgets: options.reset == .zero),
      limit: limit, amplitude: effective)
    if options.thresholdScope == .layer {
      let common = try layerThreshold(weighted, units, attempt)
      units = common.units
      thresholds = Array(repeating: common.steps, count: channels)
      effective = amplitude.following(thresholds, theta, units)
      append(&self)
      attempt.keepsThresholds = true
    }
    let fitted = try fitNeurons(weighted, units, attempt, &effective)
    if options.thresholdScope == .layer { populations[index].shareThreshold() }
    checkSteps(populations[index], &report)
    layers.append(
      LoweredLayer(name: node.name, amplitude: effective, unit: units, fit: fitted))
    let nominal = amplitude.perChannel(channels)
    carried[node.output] = .spikes([
      Term(
        source: .population(index), native: shape, relays: [], amplitude: effective,
        rounding: effective.indices.map { channel in
          let asked = nominal[channel, default: 0]
          return asked == 0 ? 1 : effective[channel] / asked * ratio[channel, default: 1]
        },
        logical: target, first: 0, order: weighted.order)
    ])
  }

  /// Widens the unit of each channel until the threshold that all of them share is a whole number
  /// of it, so that their payloads stand for exactly the same; `nil` where they share none.
  private func widen(_ units: inout [Float], to theta: Parameters) -> [Float]? {
    let thresholds = theta.perChannel(units.count)
    guard let threshold = thresholds.first, thresholds.allSatisfy({ $0 == threshold }),
      units.allSatisfy({ $0 <= threshold })
    else { return nil }
    for channel in units.indices {
      units[channel] = threshold / (threshold / units[channel]).rounded(.down)
    }
    return thresholds
  }

  /// A neuron's numbers in the layout of its population: where that is not the wire's, the wire's
  /// neurons were balanced alike.
  private func values(_ name: String, _ input: WeightedInput) throws(PackError) -> [Float] {
    let values = try graph.weights.floats(name)
    guard input.order != nil, let first = values.first else { return values }
    return Array(repeating: first, count: input.bias.count)
  }

  /// Adds the population that integrates the output, in one unit for all classes.
  mutating func readOut(_ output: WireID, _ report: inout Report) throws(PackError) -> Readout {
    guard let input = carried[output] else {
      throw PackError(.defect, "the output carries nothing", hint: "please report this model")
    }
    var weighted = try weighted(input, [output], graph.shape(of: output))
    let name = graph.wires[output.index].name
    try refit(&weighted, FitSamples.readout, called: name, &report)
    let reach = reach(weighted)
    // Half the widest register is left to what rounding adds.
    let widest = min(32, options.readoutBits)
    let half = Float(sign: .plus, exponent: widest - 2, significand: 1)
    let least = Array(repeating: reach / half, count: weighted.bias.count)
    let units = units(weighted, least: least, shared: true, name, &report)
    try within(.layer(name)) { () throws(PackError) in try checkFinite(weighted, units) }
    let index = populations.count
    connect(weighted, units, to: index)
    let taken = populations.contains { $0.name == name }
    // 30 bits leave the simulator's sums 32 bits wide; the score must not saturate.
    let bits = reach < (units.first ?? 1) * 0x1p28 ? min(30, widest) : widest
    populations.append(
      Population(
        name: taken ? name + ".readout" : name, shape: weighted.shape, model: .integrator,
        thresholds: Parameter([1]), biases: biases(weighted, units),
        initial: Parameter([0]), membrane: Population.membraneRange(bits: bits),
        biasBits: options.biasBits))
    layers.append(LoweredLayer(name: name, amplitude: [], unit: units))
    return Readout(
      population: index, decoding: .membrane,
      unit: (units.first ?? 1) / Float(options.timesteps))
  }

  /// What a wire drives neurons with: spikes as they are, by one synapse a value.
  func weighted(
    _ input: Carried, _ wires: [WireID], _ shape: Shape
  ) throws(PackError) -> WeightedInput {
    switch input {
    case .weighted(let input): return input
    case .computed:
      throw PackError(
        .defect, "an operator without neurons behind it", hint: "please report this model")
    case .spikes(let terms):
      let order = terms.first?.order
      let isMoved = order != nil && shape.rank > 1
      let native = isMoved ? terms.first?.native ?? shape : shape
      var weighted = WeightedInput(
        shape: native, connections: [],
        bias: Array(repeating: 0, count: native.planes?.channels ?? 1),
        order: isMoved ? order : nil)
      for term in terms { weighted.connections.append(try identity(term, in: weighted)) }
      for wire in wires { if let constant = constants[wire] { weighted.add(constant: constant) } }
      return weighted
    }
  }

  /// A neuron that only compares sources, as in a tournament, must count in their rounded unit.
  private func passedRounding(_ input: WeightedInput) -> [Float] {
    let passes = input.connections.compactMap(\.passes)
    return input.bias.indices.map { channel in
      let stated = passes.compactMap { $0[channel, default: nil] }
      guard passes.count == input.connections.count, let first = stated.first,
        // Equal but for the last bits of a division.
        stated.allSatisfy({ abs($0 - first) <= 1e-4 * abs(first) })
      else { return 1 }
      return first
    }
  }

  /// The unit of the membrane for each output channel, wide enough for the largest weight, the
  /// bias and the threshold each to fit its width; `least` is what the membrane's width asks for.
  ///
  /// Where the bias or the threshold decides, the weights use fewer of their bits; that is a loss
  /// with the bits as its measure.
  func units(
    _ input: WeightedInput, least: [Float], shared: Bool, _ name: String,
    _ report: inout Report
  ) -> [Float] {
    let largest = largestWeights(input)
    let peak = largest.max() ?? 0
    let most = Float((1 << (options.weightBits - 1)) - 1)
    let biasLimit = Float(IntegerLevel.range(bits: options.biasBits).upperBound)
    let shortcuts = input.units == nil ? [] : largestShortcuts(input)
    let mostOfShortcut = Float((1 << (max(options.shortcutBits, options.weightBits) - 1)) - 1)
    let common = shared ? input.bias.indices.map(input.largestBias).max() ?? 0 : 0
    var lost: Float = 0
    var leastLost = Float.infinity
    let units = largest.indices.map { channel in
      let weight =
        input.units?[channel]
        ?? (shared || largest[channel] == 0 ? peak : largest[channel]) / most
      let bias = max(common, input.largestBias(channel)) / biasLimit
      let shortcut = shortcuts[channel, default: 0] / mostOfShortcut
      let unit = max(weight, bias, shortcut, least[channel, default: 0])
      if weight > 0 {
        lost = max(lost, unit / weight)
        leastLost = min(leastLost, unit / weight)
      }
      return unit > 0 ? unit : 1
    }
    if lost > 1 {
      // A ratio past every number is as many bits as there are.
      let bits = lost.isFinite ? lost.exponent + 1 : options.weightBits
      // The largest weight of every channel is below one unit.
      let isNothingLeft = leastLost > most
      let message =
        isNothingLeft
        ? "membranes or biases are too narrow for this layer, and no weight of it is left above one "
          + "unit; use more --membrane-bits or --bias-bits, or --readout-bits where it is read; "
          + "`measured` is the most bits lost"
        : "biases, thresholds or shortcuts are large against the weights of a channel, which uses "
          + "fewer of its bits; `measured` is the most bits lost"
      report.add(
        Loss(
          .narrowedBias, isNothingLeft ? .warning : .note, subject: name, message,
          measured: Double(bits)))
    }
    return units
  }

  /// The thresholds that a membrane must be able to hold: the largest payload for each tick that
  /// is heard before a decision, and once more for what comes on top. The input is never waited for.
  private func held(_ input: WeightedInput) -> Float {
    let schedule = options.schedule
    let waits = input.connections.contains { $0.source != .input }
    let lag = waits ? schedule.lag(timesteps: options.timesteps) - schedule.travel : 0
    return Float((min(lag + 1, options.timesteps) + 1) * options.payloads.upperBound)
  }

  /// The largest magnitude that the sum over all ticks can have, over all outputs.
  func reach(_ input: WeightedInput) -> Float {
    var reach = input.bias.indices.map(input.largestBias)
    for connection in input.connections {
      var payload = largestPayload(of: connection.source)
      for relay in connection.relays { payload *= Float(relay.kernel.y * relay.kernel.x) }
      let row = max(1, connection.weights.count / max(1, reach.count))
      for index in connection.weights.indices {
        reach[index / row] += connection.weights[index].magnitude * payload
      }
    }
    return (reach.max() ?? 0) * Float(options.timesteps)
  }

  private func largestPayload(of source: Source) -> Float {
    switch source {
    case .input: Float(max(-encoding.payloads.lowerBound, encoding.payloads.upperBound))
    case .population(let index):
      Float(
        max(-populations[index].payloads.lowerBound, populations[index].payloads.upperBound))
    }
  }

  /// The largest magnitude of the weights of each output channel.
  private func largestWeights(_ input: WeightedInput) -> [Float] {
    var largest = Array(repeating: Float(0), count: input.bias.count)
    for connection in input.connections {
      let row = max(1, connection.weights.count / max(1, largest.count))
      for index in connection.weights.indices {
        largest[index / row] = max(largest[index / row], connection.weights[index].magnitude)
      }
    }
    return largest
  }

  /// The largest magnitude of what each channel is passed unchanged.
  private func largestShortcuts(_ input: WeightedInput) -> [Float] {
    var passed = input
    passed.connections.removeAll { !$0.isShortcut }
    return largestWeights(passed)
  }

  mutating func connect(_ input: WeightedInput, _ units: [Float], to target: Int) {
    let ordered = input.connections.enumerated().sorted {
      ($0.element.source.order, $0.offset) < ($1.element.source.order, $1.offset)
    }
    for (_, connection) in ordered {
      // A shortcut is one weight a channel: where the grid is that of small weights it is wider.
      let bits =
        input.units != nil && connection.isShortcut
        ? max(options.weightBits, min(connection.bits(units), options.shortcutBits))
        : options.narrowsWeights && input.units != nil
          ? min(options.weightBits, connection.bits(units)) : options.weightBits
      connections.append(connection.quantized(units, bits: bits, to: target))
    }
  }

  /// Weights times amplitudes can leave float32 where both are near its end.
  ///
  /// - Throws: `SYN0014` for a weight, bias or unit that is no longer a number.
  func checkFinite(_ input: WeightedInput, _ units: [Float]) throws(PackError) {
    let weights = input.connections.allSatisfy { $0.weights.allSatisfy(\.isFinite) }
    guard weights, input.bias.allSatisfy(\.isFinite),
      input.places?.allSatisfy(\.isFinite) ?? true, units.allSatisfy(\.isNormal)
    else {
      throw PackError(
        .notFinite, "the layer's weights or biases leave the range of float32 in membrane units",
        hint: "the source network has weights of an impossible size; retrain or clean it")
    }
  }

  /// Biases in membrane units, which are wide enough for them.
  func biases(_ input: WeightedInput, _ units: [Float]) -> Parameter {
    let range = IntegerLevel.range(bits: options.biasBits)
    if let places = input.places {
      let row = max(1, places.count / max(1, units.count))
      return Parameter(
        places.indices.map { index in
          IntegerLevel.nearest(
            input.bias[index / row] + places[index], unit: units[index / row], in: range)
        })
    }
    return Parameter(
      zip(input.bias, units).map { IntegerLevel.nearest($0, unit: $1, in: range) })
  }

  private func checkSteps(_ population: Population, _ report: inout Report) {
    let steps = population.thresholds.values
    guard let least = steps.min(), least < 4 else { return }
    let coarse = steps.count { $0 < 4 }
    report.add(
      Loss(
        .coarseThreshold, .warning, subject: population.name,
        "\(coarse) of \(steps.count) thresholds have fewer than 4 steps of the weights' unit; "
          + "`measured` is the least", measured: Double(least)))
  }
}

extension Array {
  subscript(index: Int, default value: Element) -> Element {
    indices.contains(index) ? self[index] : value
  }
}
