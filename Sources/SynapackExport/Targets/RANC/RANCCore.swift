internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer as a core: a row a neuron.
struct RANCCore {
  struct Neuron {
    let weights: [Int]
    let start: Int
    let leak: Int
    let threshold: Int?
    let subtracts: Bool
  }

  let neurons: [Neuron]
  /// All that potentials, starts and thresholds can be.
  let range: ClosedRange<Int>
  let axons: Int

  init(_ export: AxonExport, _ index: Int, target: String) throws(PackError) {
    let program = export.program
    let population = program.populations[index]
    let size = program.shape(of: index == 0 ? .input : .population(index - 1)).count
    let digits = index == 0 ? export.run.digits : [1]
    axons = size * digits.count
    var matrix = Array(
      repeating: Array(repeating: 0, count: size * digits.count), count: population.shape.count)
    for connection in program.incoming(index) {
      let list = SynapseList(
        connection, from: program.shape(of: connection.source), to: population.shape)
      for (number, digit) in digits.enumerated() {
        for synapse in list.synapses {
          matrix[synapse.target][number * size + synapse.source] = synapse.weight * digit
        }
      }
    }
    var subtracts = true
    if case .integrateAndFire(let behaviour) = population.model {
      subtracts = behaviour.reset == .subtract
    }
    let fires = population.payloads != 0...0
    let thresholds = population.thresholds.expanded(to: population.shape)
    let biases = population.biases.expanded(to: population.shape)
    let initial = population.initial.expanded(to: population.shape)
    var neurons: [Neuron] = []
    for (neuron, weights) in matrix.enumerated() {
      let (bias, start) = (Int(biases[neuron]), Int(initial[neuron]))
      let threshold = fires ? Int(thresholds[neuron]) : nil
      // Its highest membrane before the window: in the first early tick, or in the last one.
      let highest = max(start, start - (index - 1) * bias)
      if let threshold, index > 0, highest >= threshold {
        throw PackError(
          .neuronNotCarried,
          "\(target) adds a bias of \(bias) from the first tick on, and a membrane that has to be at "
            + "\(start) in tick \(index) would reach its threshold of \(threshold) before",
          hint: "export to `sanafe`, where biases begin with their layer")
      }
      neurons.append(
        Neuron(
          weights: weights, start: start - index * bias, leak: bias, threshold: threshold,
          subtracts: subtracts))
    }
    self.neurons = neurons
    range = try RANCCore.range(program, index, neurons, target)
  }

  private static func range(
    _ program: SpikingProgram, _ index: Int, _ neurons: [Neuron], _ target: String
  ) throws(PackError) -> ClosedRange<Int> {
    let reach = MembraneReach.bounds(program)[index]
    let ends =
      neurons.flatMap { [$0.start, $0.threshold ?? 0] } + [
        Int(clamping: reach.lowerBound), Int(clamping: reach.upperBound),
      ]
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
    let limit = 1 << 38
    guard low >= -limit, high < limit else {
      throw PackError(
        .saturationNotCarried, "a membrane could get to \(low)…\(high), \(target) takes 40 bits",
        hint: RefusalAdvice.smaller(
          program, index, sum: Int64(max(-low, high)), limit: Int64(limit)))
    }
    return low...high
  }

  /// The rows in binary, the most significant bit first: connections, start, reset, weights, leak,
  /// thresholds, reset mode, and where to: the core to the right, axon of the same number, no delay.
  func rows(_ widths: RANCWidths) -> String {
    var text = ""
    for number in 0..<widths.neurons {
      let neuron = number < neurons.count ? neurons[number] : nil
      let own = neuron?.weights ?? []
      let weights = own + Array(repeating: 0, count: max(0, widths.axons - own.count))
      for weight in weights.reversed() { text += weight == 0 ? "0" : "1" }
      text += RANCWidths.binary(neuron?.start ?? 0, widths.potential)
      text += RANCWidths.binary(0, widths.potential)
      for weight in weights { text += RANCWidths.binary(weight, widths.weight) }
      text += RANCWidths.binary(neuron?.leak ?? 0, widths.leak)
      let never = 1 << (widths.potential - 1) - 1
      text += RANCWidths.binary(neuron?.threshold ?? never, widths.potential)
      text += RANCWidths.binary(-never - 1, widths.potential)
      text += neuron?.subtracts == true ? "1" : "0"
      text += RANCWidths.binary(1, 9) + RANCWidths.binary(0, 9)
      text += RANCWidths.binary(number % widths.axons, widths.axon) + "0000\n"
    }
    return text
  }
}
