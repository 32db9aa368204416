internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// Runs the program that a student stands for, and says what its wires carried.
///
///     r = N/T      z = (N·θ + v_T − v₀)/T      of an integrator, which sends nothing, N = 0
///
/// N: the sum of a neuron's payloads; v_T: its membrane after the last tick. As a payload takes θ
/// from the membrane, z is the mean of what came in a tick, exactly, wherever the membrane was not
/// held at an end of its range; what came after the neuron's last chance to fire counts too.
struct ProgramObserver: StudentObserver {
  typealias P = StudentPhase

  private let program: SpikingProgram
  private let layout: ProgramGraph
  private let simulator: Simulator
  private let output: WireID
  private let thresholds: [[Int32]]
  private let initial: [[Int32]]

  init(_ program: SpikingProgram, _ layout: ProgramGraph) throws(PackError) {
    self.program = program
    self.layout = layout
    simulator = try Simulator(program)
    output = layout.graph.outputs[0]
    thresholds = program.populations.map { $0.thresholds.expanded(to: $0.shape) }
    initial = program.populations.map { $0.initial.expanded(to: $0.shape) }
  }

  func observe(_ samples: [Float], count: Int) throws(PackError) -> Observation {
    var seen = Observation(unread: layout.unread)
    let size = samples.count / max(1, count)
    for sample in 0..<count {
      let payloads = program.encode(Array(samples[sample * size..<(sample + 1) * size])).payloads
      seen.given[layout.input, default: []] += rates(ofInput: payloads)
      let states = try simulator.finalStates(payloads)
      for (index, state) in states.enumerated() { add(state, of: index, to: &seen) }
    }
    return seen
  }

  /// The mean payload a tick.
  private func rates(ofInput payloads: [Int32]) -> [Float] {
    let (ticks, size) = (Float(program.timesteps), program.input.shape.count)
    guard program.input.encoding.varies else {
      let share = Float(program.inputTicks) / ticks
      return payloads.map { Float($0) * share }
    }
    var sums = Array(repeating: Float(0), count: size)
    for (index, payload) in payloads.enumerated() { sums[index % size] += Float(payload) }
    return sums.map { $0 / ticks }
  }

  private func add(_ state: PopulationState, of index: Int, to seen: inout Observation) {
    let wires = layout.populations[index]
    let ticks = Double(program.timesteps)
    seen.given[wires.drive, default: []] += state.payloads.indices.map { neuron in
      state.drive(
        neuron, threshold: thresholds[index][neuron], initial: initial[index][neuron],
        ticks: ticks)
    }
    let rates = state.payloads.map { Float(Double($0) / ticks) }
    if let rate = wires.rate { seen.given[rate, default: []] += rates }
    guard index == program.readout.population else { return }
    let scores = wires.rate == nil ? state.membranes.map { Float(Double($0) / ticks) } : rates
    seen.given[output, default: []] += scores.map { $0 * layout.scale }
  }
}

extension PopulationState {
  /// z = (N·θ + v_T − v₀)/T of a neuron: the mean of what came in a tick.
  func drive(_ neuron: Int, threshold: Int32, initial: Int32, ticks: Double) -> Float {
    let fired = Double(payloads[neuron]) * Double(threshold)
    let held = Double(membranes[neuron]) - Double(initial)
    return Float((fired + held) / ticks)
  }
}
