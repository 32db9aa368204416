internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// PAICORE through PAIBox: neurons as the chip has them, simulated and compiled by its own tool.
///
/// Biases are leaks, membranes start at v₀, and a layer works in its own T ticks (`tick_wait_start`,
/// `tick_wait_end`), so every layer must begin, open and be biased at once: all paths into a layer have
/// one length. Widths: weights 8 bits, leak and membrane 30, threshold 29 (paicorelib 1.5.1).
struct PAICORETarget: ExportTarget {
  let id = "paicore"
  let summary = "PAICORE through PAIBox, which compiles it to the chip's configuration"

  var capability: Capability {
    var capability = Capability(reader: "PAIBox 1.3.0")
    capability.chip = "paicore2"
    capability.payloads = 0...1
    capability.schedules = [.wavefront, .tick]
    capability.weights = -127...127
    capability.thresholds = 1...PAICORETarget.largestMembrane
    capability.biases = -PAICORETarget.largestMembrane...PAICORETarget.largestMembrane
    capability.features = [.start, .relays, .shortcuts]
    capability.conversion = ["input": "poisson", "threshold-scope": "layer"]
    capability.transformations = [
      "bias as leak", "one neuron group a threshold", "layer k starts at tick k",
      "input digits as axons",
    ]
    return capability
  }

  /// Of two's complement in 30 bits.
  private static let largestMembrane = Int32(1 << 29) - 1

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    // The plan's axons stay away: leak, start and windows are the chip's own.
    let export = try AxonExport(source, target: id, hasGates: false)
    try check(export.program)
    try AxonDigits.check(export.program, export.run.digits, within: -128...127, target: id)
    return export.files(
      export.network(), loader: PackageResources.paicore_py_in, readme: PAICORETarget.readme)
  }

  private func check(_ program: SpikingProgram) throws(PackError) {
    let clock = Clock(program)
    for (index, reach) in MembraneReach.bounds(program).enumerated() {
      let population = program.populations[index]
      let times = clock.populations[index]
      let fires = population.payloads != 0...0
      guard times.begins == times.biasFrom, times.begins == times.opens || !fires else {
        throw PackError(
          .structureNotCarried,
          "\(id) starts a layer once, and paths of several lengths lead into this one",
          at: .layer(population.name), hint: "export a network without such shortcuts")
      }
      let limit = Int64(PAICORETarget.largestMembrane)
      guard reach.lowerBound >= -limit, reach.upperBound <= limit else {
        throw PackError(
          .saturationNotCarried,
          "a membrane could get to \(reach.lowerBound)…\(reach.upperBound), \(id) wraps at 30 bits",
          at: .layer(population.name),
          hint: RefusalAdvice.smaller(
            program, index, sum: max(-reach.lowerBound, reach.upperBound), limit: limit))
      }
    }
  }

  private static let readme = """
    # A spiking network for PAICORE

    `load.py` builds the network in PAIBox 1.3.0, simulates and compiles it:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)
        network.compile("config")          # config_all.bin and the core placement

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires.

    """
}
