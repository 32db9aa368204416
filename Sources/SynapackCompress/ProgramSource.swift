internal import SynapackConvert
public import SynapackGraph
public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// A program as the network of real numbers whose rates it sends, to be compressed as any other.
///
///     x_p = min(max(Σ_q X·x_q + c, 0), max a_p)     X = u_p·W / a_q,   c = u_p·(b + offset / slope)
///     a_p = u_p / slope
///
/// x: the value that a rate stands for; a: what a payload in every tick stands for; W, b: the
/// program's own; slope, offset: how a rate follows its drive, as observed on inputs
/// (``RateResponse``); u: what one unit of the membrane stands for, a channel. u is the slope, so that
/// values are rates; behind a shortcut u follows from it, so that the shortcut passes its source on
/// as it is: u = a_q / W. What saturates is not repeated but at the layer's largest a: a
/// layer whose channels were clipped for few ticks need not be for more.
public enum ProgramSource {
  /// - Parameters:
  ///   - origin: the model that the program was made from.
  ///   - inputs: encoded inputs to observe the program on; without any, drives are taken to come
  ///     evenly.
  /// - Throws: `SYN0801` for neurons whose rate no rectifier has.
  public static func network(
    of program: SpikingProgram, origin: Origin, inputs: [[Int32]] = [], threads: Int = 1
  ) throws(PackError) -> Graph<Analog> {
    guard program.populations.allSatisfy({ GatedProgram.clockTick(of: $0) == nil }) else {
      throw PackError(
        .cannotCompress, "the program is gated: its weights hold windows of time too",
        hint: "compress the bundle, or the model, that it was made from, then add --gated")
    }
    var builder = Builder(program, origin)
    builder.seen = try RateResponse.observations(program, inputs, threads: threads)
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        try builder.add(index)
      }
    }
    return try Graph(verifying: builder.nodes.draft)
  }
}

private struct Builder {
  var nodes: ProgramNodes
  /// The wire of each source that sends, and a of each of its channels.
  private var values: [Source: (wire: WireID, amplitude: [Float])] = [:]

  /// What each population shows, by channel.
  var seen: [[RateResponse.Observations]] = []

  init(_ program: SpikingProgram, _ origin: Origin) {
    nodes = ProgramNodes(program)
    nodes.draft.origin = origin
    let input = nodes.draft.addWire(program.input.name, program.input.shape)
    nodes.draft.inputs = [input]
    let channels = program.input.shape.planes?.channels ?? 1
    values[.input] = (
      input, Array(repeating: program.input.encoding.scale, count: channels)
    )
  }

  mutating func add(_ index: Int) throws(PackError) {
    let population = nodes.program.populations[index]
    let channels = population.shape.planes?.channels ?? 1
    let behaviour = try nodes.firing(population)
    let response = try behaviour.map { (behaviour) throws(PackError) in
      try self.response(of: index, channels, most: Float(behaviour.payloads.upperBound))
    }
    guard index != nodes.program.readout.population else {
      // Scores are values whether they are membranes or counts.
      let score = nodes.program.readout.unit * Float(nodes.program.timesteps)
      let units = response?.slopes.map { score * $0 } ?? Array(repeating: score, count: channels)
      nodes.draft.outputs = [try driven(index, units, response)]
      nameOutput(population.name)
      return
    }
    guard let behaviour, let response else { throw refusal("it never fires") }
    guard behaviour.payloads.lowerBound >= 0 || behaviour.memory else {
      throw refusal("its payloads have both signs")
    }
    let units = shortcutUnits(index, channels) ?? response.slopes
    let amplitude = zip(units, response.slopes).map { $0 / $1 }
    let most = (amplitude.max() ?? 1) * Float(behaviour.payloads.upperBound)
    guard (units + amplitude + [most]).allSatisfy(\.isNormal) else {
      throw refusal("its thresholds leave float32")
    }
    let wire = try nodes.draft.addNode(
      population.name, .clip(Clip(lower: 0, upper: most)), [driven(index, units, response)])
    values[.population(index)] = (wire, amplitude)
  }

  private func response(
    of index: Int, _ channels: Int, most: Float
  ) throws(PackError) -> RateResponse {
    let population = nodes.program.populations[index]
    var response = RateResponse(
      even: population, timesteps: nodes.program.timesteps,
      thresholds: try perChannel(population.thresholds, channels))
    if index < seen.count { response.fit(seen[index], most: most) }
    return response
  }

  /// A population takes the name of its neurons' node; the readout, which has none, that of the
  /// product before it.
  private mutating func nameOutput(_ name: String) {
    let product = nodes.draft.nodes.lastIndex {
      switch $0.op {
      case .convolution, .linear: true
      default: false
      }
    }
    guard let product else { return }
    nodes.draft.nodes[product].name = name
  }

  /// u of a population to which a source is passed on, from its first shortcut.
  private func shortcutUnits(_ index: Int, _ channels: Int) -> [Float]? {
    for connection in nodes.program.connections where connection.target == index {
      guard connection.isPlainShortcut, let source = values[connection.source],
        source.amplitude.count == channels
      else { continue }
      let weights = connection.synapses.weights.values
      // A silent channel passes nothing on and has no unit from it.
      guard weights.count == channels, weights.allSatisfy({ $0 > 0 }) else { continue }
      return zip(source.amplitude, weights).map { $0 / Float($1) }
    }
    return nil
  }

  /// Everything that a population hears and its bias, in values.
  private mutating func driven(
    _ index: Int, _ units: [Float], _ response: RateResponse?
  ) throws(PackError) -> WireID {
    let population = nodes.program.populations[index]
    var terms: [WireID] = []
    for (place, connection) in nodes.program.connections.enumerated()
    where connection.target == index {
      guard let source = values[connection.source] else {
        throw refusal("it hears a population that never fires")
      }
      if connection.isPlainShortcut, passes(connection, source.amplitude, units) {
        terms.append(source.wire)
        continue
      }
      let (_, term) = try nodes.product(place, of: source.wire, "\(population.name).\(place)")
      try scale(place, by: units, over: source.amplitude)
      terms.append(term)
    }
    guard let first = terms.first else { throw refusal("nothing drives it") }
    let sum =
      terms.count == 1
      ? first : try nodes.draft.addNode(population.name + ".sum", .add(Add()), terms)
    let shift = ProgramNodes.Name.biases(index)
    nodes.draft.weights[shift] = try Tensor(
      shape: Shape([units.count]), floats: biases(population, units, response))
    return try nodes.draft.addNode(
      population.name + ".bias", .channelAffine(ChannelAffine(scale: nil, shift: shift)), [sum])
  }

  /// Whether a shortcut is the source as it is.
  private func passes(
    _ connection: Connection, _ amplitude: [Float], _ units: [Float]
  ) -> Bool {
    let weights = connection.synapses.weights.values
    guard weights.count == units.count, amplitude.count == units.count else { return false }
    return units.indices.allSatisfy { channel in
      let factor = units[channel] * Float(weights[channel]) / amplitude[channel]
      return (factor - 1).magnitude < 1e-5
    }
  }

  /// c of each channel, the mean where its neurons differ.
  private func biases(
    _ population: Population, _ units: [Float], _ response: RateResponse?
  ) -> [Float] {
    let biases = population.biases.expanded(to: population.shape)
    let cells = max(1, biases.count / max(1, units.count))
    return units.indices.map { channel in
      let own = biases[channel * cells..<(channel + 1) * cells]
      let mean = own.reduce(Float(0)) { $0 + Float($1) } / Float(cells)
      let shift = response.map { $0.offsets[channel] / $0.slopes[channel] } ?? 0
      return units[channel] * (mean + shift)
    }
  }

  /// X of a connection from its W.
  private mutating func scale(
    _ place: Int, by units: [Float], over amplitude: [Float]
  ) throws(PackError) {
    let (name, connection) = (ProgramNodes.Name.weights(place), nodes.program.connections[place])
    let weights = connection.synapses.weights
    let rows = max(1, weights.shape[0])
    let row = max(1, weights.values.count / rows)
    let taps = connection.tapsPerChannel(row: row, channels: amplitude.count)
    var values = weights.values.map { Float($0) }
    for index in values.indices {
      let output = index / row
      let first = connection.firstChannel(ofRow: output, rows: rows, amplitude.count)
      let channel = min(first + index % row / max(1, taps), amplitude.count - 1)
      values[index] *= units[output * units.count / rows] / amplitude[channel]
    }
    nodes.draft.weights[name] = try Tensor(shape: weights.shape, floats: values)
  }

  /// One number a channel.
  private func perChannel(_ parameter: Parameter, _ channels: Int) throws(PackError) -> [Int32] {
    guard [1, channels].contains(parameter.values.count) else {
      throw refusal("its neurons have thresholds of their own")
    }
    return (0..<channels).map { parameter.values[$0 * parameter.values.count / channels] }
  }

  private func refusal(_ message: String) -> PackError {
    PackError(
      .cannotCompress, "no rectifier has the rate of these neurons: \(message)",
      hint: "compress the model that the bundle was made from")
  }
}

extension Connection {
  /// Whether it passes its source on, cell by cell.
  fileprivate var isPlainShortcut: Bool {
    guard passesOn, relays.isEmpty, case .convolution(_, let window, _) = synapses else {
      return false
    }
    return window == Window(kernel: Extent(y: 1, x: 1))
  }

  /// Weights of one row that hear the same channel.
  fileprivate func tapsPerChannel(row: Int, channels: Int) -> Int {
    switch synapses {
    case .dense: row / max(1, channels)
    case .convolution(_, let window, _): window.kernel.y * window.kernel.x
    }
  }

  /// The first channel that a row of weights hears.
  fileprivate func firstChannel(ofRow output: Int, rows: Int, _ channels: Int) -> Int {
    guard case .convolution(_, _, let groups) = synapses, groups > 1 else { return 0 }
    return output / max(1, rows / groups) * (channels / groups)
  }
}
