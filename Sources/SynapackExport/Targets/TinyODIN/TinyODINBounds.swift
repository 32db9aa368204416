internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// How far each neuron of a layer can get, event by event and whatever the input.
///
///     up(n)   = max(0, b) + Σ max(0, w·s over the payloads s of the source)
///     low(n)  = min(0, v₀) + life · down(n)
///     peak(n) = max(v₀ + (wait + 1) · up(n), θ − 1 + up(n))
///
/// down: up with min; life: the ticks that the layer is awake; wait: those before its window opens. In
/// the window each tick leaves less than θ behind: a reset to zero always, subtraction where no tick
/// reaches (hi + 1)·θ.
struct TinyODINBounds {
  private struct Neuron {
    let low: Int
    let high: Int
    let peak: Int
    let threshold: Int
  }

  /// Those of each connection.
  let synapses: [[SynapseList.Synapse]]
  private let neurons: [Neuron]
  private static let range = -2_048...2_047

  /// - Throws: `SYN0745` for a source of more neurons than a chip has rows.
  init(_ program: SpikingProgram, _ index: Int, target: String) throws(PackError) {
    let population = program.populations[index]
    let biases = population.biases.expanded(to: population.shape).map { Int($0) }
    var up = biases.map { max(0, $0) }
    var down = biases.map { min(0, $0) }
    var lists: [[SynapseList.Synapse]] = []
    for connection in program.incoming(index) {
      let source = program.shape(of: connection.source)
      guard source.count <= TinyODINLayer.largestRows else {
        throw PackError(
          .structureNotCarried,
          "\(target) has \(TinyODINLayer.largestRows) rows, the layer hears \(source.count) neurons",
          hint: "export a network of smaller layers")
      }
      let list = SynapseList(connection, from: source, to: population.shape).synapses
      let payloads = program.payloads(of: connection.source)
      for synapse in list {
        let ends = [synapse.weight * payloads.lowerBound, synapse.weight * payloads.upperBound]
        up[synapse.target] += max(0, ends[0], ends[1])
        down[synapse.target] += min(0, ends[0], ends[1])
      }
      lists.append(list)
    }
    synapses = lists
    let times = Clock(program).populations[index]
    let (life, wait) = (times.ends - times.begins, times.opens - times.begins)
    let initial = population.initial.expanded(to: population.shape).map { Int($0) }
    let thresholds = population.thresholds.expanded(to: population.shape).map { Int($0) }
    neurons = up.indices.map { place in
      let (start, threshold) = (initial[place], thresholds[place])
      return Neuron(
        low: min(0, start) + life * down[place], high: max(0, start) + life * up[place],
        peak: max(start + (wait + 1) * up[place], threshold - 1 + up[place]),
        threshold: threshold)
    }
  }

  /// The least G with peak − G < θ.
  var rise: Int {
    neurons.map { max(0, $0.peak - $0.threshold + 1) }.max() ?? 0
  }

  /// - Parameter limit: the largest payload of a layer that subtracts.
  /// - Throws: `SYN0741` where subtraction is not certified, `SYN0744` where 12 bits do not hold.
  func check(
    _ program: SpikingProgram, _ index: Int, offset: Int, fires: Bool, limit: Int?, target: String
  ) throws(PackError) {
    for neuron in neurons {
      if fires, let limit, neuron.peak >= (limit + 1) * neuron.threshold {
        throw PackError(
          .neuronNotCarried,
          "\(target) resets by subtraction while no tick reaches \(limit + 1) times the threshold of "
            + "\(neuron.threshold), and a membrane could get to \(neuron.peak)",
          hint: "convert again with `--reset zero`")
      }
      let (low, high) = (neuron.low - offset, fires ? neuron.threshold : neuron.high)
      guard TinyODINBounds.range.contains(low), TinyODINBounds.range.contains(high) else {
        throw PackError(
          .saturationNotCarried,
          "a membrane could get to \(low)…\(high), \(target) holds \(TinyODINBounds.range.lowerBound)…"
            + "\(TinyODINBounds.range.upperBound)",
          hint: RefusalAdvice.smaller(
            program, index, sum: Int64(max(-low, high)),
            limit: Int64(TinyODINBounds.range.upperBound)))
      }
    }
  }
}
