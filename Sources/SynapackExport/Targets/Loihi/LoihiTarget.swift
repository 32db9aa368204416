internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Loihi 1 through nengo-loihi's emulator, block by block with the chip's own integers.
///
/// With a unit of 128, a weight w is the mantissa 2w at exponent 0, θ is the register 64·(2θ − 1),
/// because the chip fires above it, and an axon's value is a sum of mantissas at the exponents 0 and 7.
/// Currents decay at once, voltages never, and nobody is refractory. Widths: weight mantissa 8 bits and
/// even, threshold mantissa 17 bits, voltage 24 bits, synaptic sum 21 bits (nengo-loihi 1.1.0,
/// discretize.py and emulator/interface.py).
///
/// The chip resets to zero. Subtraction is built where it can be proved: the current integrates (decay
/// 0), the voltage is the current (decay 4096), and a synapse of the neuron to itself takes θ away in
/// the next step. Such a current loses ⌈|128·v| / 4096⌉ a tick, so that with |v| ≤ r
///
///     life · ⌈r / 32⌉ < 64
///
/// leaves it on the same side of the threshold, which stands half a unit below θ.
struct LoihiTarget: ExportTarget {
  let id = "loihi1"
  let summary = "Loihi 1 in nengo-loihi's emulator, as blocks of chip integers"

  var capability: Capability {
    var capability = Capability(reader: "nengo-loihi 1.1.0")
    capability.chip = "loihi1"
    capability.resets = [.zero, .subtract]
    capability.payloads = 0...1
    capability.inputs = -255...255
    capability.schedules = [.tick, .wavefront]
    capability.weights = -127...127
    capability.thresholds = 1...65_535
    capability.features = [.start, .relays, .shortcuts]
    capability.conversion = ["input": "poisson", "reset": "zero", "weight-bits": "4"]
    capability.transformations = [
      "θ − ½ for >", "subtraction by a self-synapse, within a bound",
      "bias, start and windows by host axons", "input digits by weight exponents",
      "one empty step in front",
    ]
    return capability
  }

  /// |v| in the unit of 128, and |Σ w·s| of one step.
  private static let largestVoltage = Int64(1 << 16) - 1
  private static let largestSum = Int64(1 << 13) - 1
  /// What two mantissas at the exponents 0 and 7 add up to.
  private static let largestAxon = Int64(127 + 127 * 128)

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id)
    try check(export.program, export.plan)
    return export.files(
      export.network(), loader: PackageResources.loihi_py_in, readme: LoihiTarget.readme)
  }

  private func check(_ program: SpikingProgram, _ plan: AxonPlan) throws(PackError) {
    let sums = try program.inputBounds()
    try checkSubtraction(program, plan)
    for (index, reach) in MembraneReach.bounds(program).enumerated() {
      let population = program.populations[index]
      let axons = plan.axons.filter { $0.population == index }
      let largest = axons.flatMap(\.weights).map { abs($0) }.max() ?? 0
      // What is gated or closed listens on, from −G.
      let gate = axons.contains(where: \.isGate) ? largest : 0
      let voltage = max(-reach.lowerBound, reach.upperBound) + gate
      let sum = sums[index] + largest
      guard voltage <= LoihiTarget.largestVoltage, sum <= LoihiTarget.largestSum,
        largest <= LoihiTarget.largestAxon
      else {
        throw PackError(
          .saturationNotCarried,
          "a membrane could get to \(voltage) and one step bring \(sum); \(id) holds "
            + "\(LoihiTarget.largestVoltage) and \(LoihiTarget.largestSum)",
          at: .layer(population.name),
          hint: RefusalAdvice.smaller(
            program, index, sum: max(voltage, sum),
            limit: sum > LoihiTarget.largestSum
              ? LoihiTarget.largestSum : LoihiTarget.largestVoltage))
      }
    }
  }

  /// The certificate of a reset by subtraction: what the current can lose stays below half a unit.
  private func checkSubtraction(
    _ program: SpikingProgram, _ plan: AxonPlan
  ) throws(PackError) {
    let clock = Clock(program)
    for (index, reach) in MembraneReach.bounds(program).enumerated() {
      let population = program.populations[index]
      guard case .integrateAndFire(let behaviour) = population.model,
        behaviour.reset == .subtract
      else { continue }
      let life = Int64(clock.populations[index].ends - clock.populations[index].begins)
      let largest = max(-reach.lowerBound, reach.upperBound)
      let loss = life.times((largest + 31) / 32) ?? .max
      let isGated = plan.axons.contains { $0.population == index && $0.isGate }
      guard loss < 64, !isGated else {
        throw PackError(
          .neuronNotCarried,
          "\(id) resets by subtraction while \(life) ticks lose less than 64 parts of 128; with "
            + "membranes to \(largest)\(isGated ? " and gates" : "") they could lose \(loss)",
          at: .layer(population.name), hint: "convert again with `--reset zero`")
      }
    }
  }

  private static let readme = """
    # A spiking network for Loihi 1

    `load.py` builds the network from nengo-loihi 1.1.0's blocks with the integers that the chip's
    registers take, and runs it in the emulator:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires.
    Blocks hold 1,024 compartments each, as a core does.

    """
}
