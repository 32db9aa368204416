internal import SynapackHDF5
internal import SynapackProgram
internal import SynapackSupport

/// A `.nir` file for one of its readers, with a loader that sets what NIR has no field for.
struct NIRTarget: ExportTarget {
  let profile: NIRProfile

  var id: String { profile.target }

  var summary: String {
    profile == .strict
      ? "NIR as its paper defines it: one file, reset to zero alone"
      : "NIR for \(profile.reader), with a loader in Python"
  }

  var capability: Capability {
    var capability = Capability(reader: profile.reader)
    capability.resets = profile.resets
    capability.payloads = 0...1
    capability.schedules = [.wavefront]
    capability.thresholdSharing = profile.sharing
    // θ − ½ is exact in single precision.
    capability.thresholds = 1...(1 << 22)
    capability.biases = -(1 << 24)...(1 << 24)
    capability.features =
      profile.hasLoader ? [.start, .relays, .shortcuts] : [.relays, .shortcuts]
    // nirtorch's executor, which these use, runs a layer before all that it hears.
    if [.norse, .rockpool, .sinabs].contains(profile) {
      capability.features.removeAll { $0 == .shortcuts }
    }
    capability.transformations = profile.transformations
    return capability
  }

  func checkStructure(_ program: SpikingProgram) throws(PackError) {
    guard !profile.readsPlanes else { return }
    for connection in program.connections {
      guard case .convolution = connection.synapses else { continue }
      throw PackError(
        .structureNotCarried, "\(profile.reader) reads dense maps from NIR, not convolutions",
        at: .layer(program.populations[connection.target].name),
        hint: "convert a network of dense layers, or export to another reader")
    }
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let network = try NIRNetwork(
      source.program, profile, readme: loader == nil ? NIRTarget.readme(source) : nil)
    let file = ExportedFile("network.nir", HDF5Writer.file(network.root))
    guard let loader = loader else { return [file] }
    return [
      file, ExportedFile("load.py", loader),
      ExportedFile("README.md", NIRTarget.readme(profile)),
    ]
  }

  private var loader: [UInt8]? {
    let common = PackageResources.common_py_in + PackageResources.payloads_py_in
    switch profile {
    case .strict: return nil
    case .norse: return common + PackageResources.norse_py_in
    case .rockpool: return common + PackageResources.rockpool_py_in
    case .sinabs: return common + PackageResources.sinabs_py_in
    case .snntorch: return common + PackageResources.snntorch_py_in
    case .spikingjelly: return common + PackageResources.spikingjelly_py_in
    }
  }

  /// Of the file that stands alone, in its metadata.
  private static func readme(_ source: ExportSource) -> String {
    let isCounted = source.program.readout.decoding == .count
    let input = InputWords(program: source.program, preprocess: source.preprocess)
    return """
      # A spiking network as NIR

      nir 1.0.8 reads this file; `nir.read(path).metadata["readme"]` is this text. Neurons are those of
      the NIR paper at one unit of time a tick: v grows by R·I, v > v_threshold is a spike and sets v to
      v_reset, membranes start at 0. A spike reaches the next layer in the tick in which it is sent, and
      biases act in all \(source.program.timesteps) ticks. The input has payloads in the first
      \(source.program.inputTicks) of them.

      The score of a class is the sum over all ticks of what `output` gives\(isCounted
        ? ", a count of spikes" : ", a current that nothing integrates, plus `readout_starts`").
      \(input.section)
      """
  }

  private static func readme(_ profile: NIRProfile) -> String {
    """
    # A spiking network for \(profile.reader)

    `network.nir` is read by nir 1.0.8. NIR has no field for a reset by subtraction, for membranes that
    start elsewhere than at 0, or for how a neuron compares, so load it with `load.py`, which sets them:

        from load import Network
        network = Network("network.nir")
        scores, spikes = network.run(frames)

    `frames` are the payloads of one sample, [ticks, …input shape]; a constant current is the same
    frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires, `scores` is
    the readout's. Sums are exact in float64, which the loader uses.

    """
  }
}
