internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Akida 2 through MetaTF's `akida`: layers of payloads without membranes that outlive a tick.
///
/// Where Akida 1 compares with a threshold and steps, Akida 2 multiplies and shifts: ``AkidaScale``
/// finds the numbers that are our division, or the layer is refused. T is 1. Its mapper takes weights
/// and payloads of 8 bits, both with a sign; a `Conv2D` is a true convolution and gets its kernel
/// turned, the image's `InputConv2D` is a correlation (akida 2.19.3).
struct Akida2Target: ExportTarget {
  let id = "akida2"
  let summary = "Akida 2 through MetaTF's akida: one tick, payloads to 127 where 8 bits divide"

  var capability: Capability {
    var capability = Capability(reader: "akida 2.19.3")
    capability.chip = "akida2"
    capability.payloads = 0...127
    capability.inputs = -127...255
    capability.weights = -127...127
    // Beyond, no ceiling of 8 bits and a shift stands at a threshold; what no potential reaches is lowered.
    capability.thresholds = 1...(1 << 22)
    capability.timesteps = 1...1
    capability.features = [.start]
    capability.conversion = ["input-bits": "4", "neuron": "if"]
    capability.transformations = [
      "division by a product, a shift and a bias", "kernels turned", "T = 1",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let program = source.program
    try AxonReadout.check(program, target: id)
    let isImage = Akida2Layer.isImage(program)
    let payloads = program.input.encoding.payloads
    guard isImage ? payloads.lowerBound >= 0 : payloads.upperBound <= 127 else {
      throw PackError(
        .inputNotCarried,
        "\(id) takes inputs -127…127, or 0…255 in a convolution, not "
          + "\(payloads.lowerBound)…\(payloads.upperBound)",
        at: .layer(program.input.name), hint: "convert again with `--input-bits 4`")
    }
    let network = try AkidaChain.network(
      program, device: "SixNodesIPv2", bits: 8, type: isImage ? "uint8" : "int8"
    ) { index throws(PackError) in
      try Akida2Layer(program, index).document
    }
    return [
      network,
      ExportedFile("load.py", AkidaChain.loader + PackageResources.akida2_py_in),
      ExportedFile("README.md", Akida2Target.readme),
    ]
  }

  private static let readme = """
    # A network for Akida 2

    `load.py` builds the network in akida 2.19.3, whose software backend computes what the chip does:

        from load import Network
        network = Network(".")
        scores, payloads = network.run(frames)

    `frames` are the payloads of one sample, [1, neurons of the input]. `payloads` has an array
    [1, neurons] for every layer but one that only integrates. `network.compile("network.fbz")` maps the
    network to a virtual device of six nodes and gives the bytes of its program.

    """
}
