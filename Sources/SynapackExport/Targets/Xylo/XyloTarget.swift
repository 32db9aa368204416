internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Xylo Audio through xylosim, where a synapse is the integrator.
///
/// A membrane of Xylo leaks at least a step a tick, and so does a synaptic current; but a current with
/// the slowest decay loses at most one unit a tick towards zero. So the current x holds v·2ˢ, the
/// membrane is wiped (dash 0), weights are shifted by s, a neuron inhibits itself by θ, and
///
///     threshold = θ·2ˢ − (T + 1)      v = ⌊(x + T) / 2ˢ⌋
///
/// which is exact where 3·T + 2 < 2ˢ and |v|·2ˢ fits 16 bits. A neuron cannot be capped at one spike: v
/// must stay below 2θ, which the weights must prove.
/// Biases and initial membranes enter by channels of the host; all layers are hidden.
///
/// Widths: weights 8 bits, currents and thresholds 16, 16 channels with up to 15 spikes a tick, 1000
/// neurons (Rockpool, docs/devices/xylo-overview; xylosim 0.1.3).
struct XyloTarget: ExportTarget {
  let id = "xylo"
  let summary = "Xylo Audio 2 in xylosim, with synapses that integrate"

  private static let channels = 16
  private static let neurons = 1000
  private static let largestState = Int64(Int16.max)

  var capability: Capability {
    var capability = Capability(reader: "xylosim 0.1.3")
    capability.chip = "xylo-audio2"
    capability.resets = [.subtract]
    capability.payloads = 0...1
    capability.inputs = 0...15
    capability.schedules = [.tick, .wavefront]
    capability.weights = -127...127
    capability.thresholds = 1...127
    capability.biases = -127...127
    capability.features = [.start, .relays, .shortcuts]
    capability.conversion = ["input": "poisson", "weight-bits": "4"]
    capability.transformations = [
      "synapses integrate, weights shifted", "reset by a self-synapse",
      "bias and start by host channels",
    ]
    return capability
  }

  func checkStructure(_ program: SpikingProgram) throws(PackError) {
    try checkSize(program, channels: program.input.shape.count)
  }

  private func checkSize(_ program: SpikingProgram, channels: Int) throws(PackError) {
    guard channels <= XyloTarget.channels, program.neurons <= XyloTarget.neurons else {
      throw PackError(
        .structureNotCarried,
        "\(channels) channels and \(program.neurons) neurons; \(id) has \(XyloTarget.channels) and "
          + "\(XyloTarget.neurons)",
        at: .layer(program.input.name), hint: "use a smaller network")
    }
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id, hasGates: false)
    let (program, plan) = (export.program, export.plan)
    let shift = try checkedShift(program, plan)
    try checkChannels(program, plan)
    let own: [String: JSON] = [
      "shift": .integer(shift), "loss": .integer(XyloTarget.loss(plan)),
    ]
    return export.files(
      export.network(own), loader: PackageResources.xylo_py_in, readme: XyloTarget.readme)
  }

  /// The units that a current can lose until all are done: one a tick.
  private static func loss(_ plan: AxonPlan) -> Int { plan.steps }

  /// s, the same for all layers, as Xylo shifts all weights alike.
  private func checkedShift(
    _ program: SpikingProgram, _ plan: AxonPlan
  ) throws(PackError) -> Int {
    let loss = XyloTarget.loss(plan)
    // (2θ − 1)·2ˢ + loss < 2·(θ·2ˢ − loss − 1), so that one spike is not taken for two.
    var shift = 1
    while 3 * loss + 2 >= 1 << shift { shift += 1 }
    for (index, reach) in MembraneReach.bounds(program).enumerated() {
      let population = program.populations[index]
      try within(.layer(population.name)) { () throws(PackError) in
        guard !plan.axons.contains(where: { $0.population == index && $0.isGate }) else {
          throw PackError(
            .structureNotCarried, "\(id) has no gates, and paths of several lengths meet here",
            hint: "export a network without such shortcuts")
        }
        // v < θ + up ≤ 2θ after every tick but the first, which begins at v₀ ≤ θ.
        let threshold = Int64(population.thresholds.values.min() ?? 1)
        let start = Int64(population.initial.values.max() ?? 0)
        let most = MembraneReach.step(program, index).up
        let isSingle = start + most < 2 * threshold && most <= threshold
        guard population.payloads == 0...0 || isSingle else {
          throw PackError(
            .neuronNotCarried,
            "\(id) sends two spikes where v reaches 2θ, and one tick could bring \(most) with a "
              + "threshold of \(threshold)",
            hint: "use fewer inputs a neuron, or another target of `synapack export --list`")
        }
        let state = max(-reach.lowerBound, reach.upperBound) << Int64(shift) + Int64(loss)
        guard max(-reach.lowerBound, reach.upperBound) < 1 << 16,
          state < XyloTarget.largestState
        else {
          throw PackError(
            .saturationNotCarried,
            "a membrane could get to \(reach.lowerBound)…\(reach.upperBound), and \(plan.steps) "
              + "steps take \(shift) of the 16 bits of \(id)",
            hint: RefusalAdvice.smaller(
              program, index, sum: state, limit: XyloTarget.largestState))
        }
      }
    }
    return shift
  }

  private func checkChannels(_ program: SpikingProgram, _ plan: AxonPlan) throws(PackError) {
    let shifts = Set(
      program.connections.compactMap { $0.source == .input ? plan.shifts[$0.target] : nil })
    let channels = program.input.shape.count * shifts.count + Set(plan.axons.map(\.steps)).count
    try checkSize(program, channels: channels)
    for connection in program.connections {
      let list = SynapseList(
        connection, from: program.shape(of: connection.source),
        to: program.populations[connection.target].shape)
      guard list.synapses.allSatisfy({ abs($0.weight) <= 127 }) else {
        throw PackError(
          .valueNotCarried, "synapses that add up beyond ±127 do not fit \(id)",
          at: .layer(program.populations[connection.target].name),
          hint: RefusalAdvice.smaller(program, connection.target, sum: 255, limit: 127))
      }
    }
  }

  private static let readme = """
    # A spiking network for Xylo

    `load.py` builds the network in xylosim 0.1.3 with the integers that the chip's registers take:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)

    `frames` are the payloads of one sample, [ticks, neurons of the input]: spikes of a channel in a
    tick, up to 15. `spikes` has an array [ticks, neurons] for every layer that fires.

    """
}
