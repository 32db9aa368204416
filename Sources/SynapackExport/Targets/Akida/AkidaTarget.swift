internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Akida 1.0 and 1.5 through MetaTF's `akida`: layers of payloads without membranes that outlive a tick.
///
/// With S = ⌊16·act_step⌋ its activation is ⌈16·(potential − threshold) / (S·2^(4−a))⌉, clipped to
/// 0 … 2ᵃ − 1, which is our clip(⌊(Σ w·s + b + v₀) / θ⌋) where
///
///     threshold = θ − 1 − b − v₀      act_step = θ / 2^(4 − a)
///
/// T is 1, so that no membrane is left. A `Convolutional` is a true convolution and gets its kernel
/// turned; the input's is a correlation. Widths: weights 4 bits, those of the input's convolution 8,
/// thresholds and potentials 20 (akida 2.19.3). Both chips have these layers and differ in their meshes.
struct AkidaTarget: ExportTarget {
  /// A chip of the first generation of layers.
  enum Chip: String, CaseIterable {
    case akd1000, akd1500

    var version: String {
      switch self {
      case .akd1000: "1.0"
      case .akd1500: "1.5"
      }
    }

    /// The virtual device of akida.
    var device: String { rawValue.uppercased() }
  }

  let chip: Chip

  var id: String {
    switch chip {
    case .akd1000: "akida1"
    case .akd1500: "akida1.5"
    }
  }

  var summary: String {
    "Akida \(chip.version) through MetaTF's akida: one tick, payloads of 1, 2 or 4 bits"
  }

  var capability: Capability {
    var capability = Capability(reader: "akida 2.19.3")
    capability.chip = chip.rawValue
    capability.payloads = 0...15
    capability.inputs = 0...255
    capability.weights = -127...127
    capability.timesteps = 1...1
    capability.thresholds = 1...AkidaLayer.largestPotential
    capability.features = [.start]
    capability.conversion = ["input-bits": "4", "weight-bits": "4"]
    capability.transformations = [
      "bias and initial membrane in the threshold", "kernels turned", "T = 1",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let program = source.program
    try AxonReadout.check(program, target: id)
    let network = try AkidaChain.network(
      program, device: chip.device, bits: AkidaLayer.inputBits(program), type: "uint8"
    ) { index throws(PackError) in
      try AkidaLayer(program, index).document
    }
    return [
      network,
      ExportedFile("load.py", AkidaChain.loader + PackageResources.akida_py_in),
      ExportedFile("README.md", readme),
    ]
  }

  private var readme: String {
    """
    # A network for Akida \(chip.version)

    `load.py` builds the network in akida 2.19.3, whose software backend computes what the chip does:

        from load import Network
        network = Network(".")
        scores, payloads = network.run(frames)

    `frames` are the payloads of one sample, [1, neurons of the input]. `payloads` has an array
    [1, neurons] for every layer but one that only integrates. `network.compile("network.fbz")` maps the
    network to a virtual \(chip.device) and gives the bytes of its program.

    """
  }
}
