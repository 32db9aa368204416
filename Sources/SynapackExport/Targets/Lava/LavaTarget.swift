internal import SynapackHDF5
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Loihi 2 through lava-dl: the HDF5 file of `netx`, run by lava's model of the chip's integers.
///
/// A layer is CUBA with currents that decay at once and voltages that never do; with 6 bits of
/// alignment a weight w adds 64·w, a bias 64·b, and a neuron fires where v > 64·vThMant:
///
///     vThMant = θ − 1      |v| < 2¹⁷      |b| < 2¹²
///
/// It resets to zero. Layers follow each other by a step and are cleared by `netx`'s own reset where
/// their window opens, so a bias acts from there on. `netx` reads chains alone. It shifts a dense
/// matrix of one sign beyond 255 to zeros, cuts a mixed one at 254, and fails on one of zeros: weights
/// stay within ±127, and zeros are refused (lava-dl 0.6.0, netx/utils.py; lava-nc 0.10.0,
/// proc/lif/models.py).
struct LavaTarget: ExportTarget {
  let id = "lava"
  let summary = "Loihi 2 as lava-dl's netx file, run by lava's fixed-point models"

  var capability: Capability {
    var capability = Capability(reader: "lava-dl 0.6.0")
    capability.chip = "loihi2"
    capability.resets = [.zero]
    capability.payloads = 0...1
    capability.schedules = [.tick, .wavefront]
    capability.weights = -127...127
    capability.thresholds = 1...Int32(LavaTarget.largestState)
    capability.biases = -4095...4095
    capability.thresholdSharing = .perLayer
    capability.features = []
    capability.conversion = ["weight-bits": "6"]
    capability.transformations = [
      "θ − 1 for >", "layer k cleared where its window opens", "one empty step in front",
    ]
    return capability
  }

  static let largestState = Int64(1 << 17) - 1

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id)
    let program = export.program
    var layers: [HDF5Value] = []
    if program.connections.first?.synapses.window != nil {
      layers.append(
        .group([
          HDF5Member("shape", LavaLayer.shape(program.input.shape)),
          HDF5Member("type", .text("input")),
        ]))
    }
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        layers += try LavaLayer(export, index).groups
      }
    }
    // The reader counts members; ours have to be in the order of their names.
    let named = layers.enumerated().map { HDF5Member("\($0)", $1) }.sorted { $0.name < $1.name }
    let root = [HDF5Member("layer", .group(named))]
    return export.files(
      [ExportedFile("network.net", HDF5Writer.file(root))],
      loader: PackageResources.lava_py_in, readme: LavaTarget.readme)
  }

  private static let readme = """
    # A spiking network for Loihi 2

    `network.net` is read by lava-dl 0.6.0's `netx`, which needs Python 3.10:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires.
    `netx` itself: `hdf5.Network("network.net", input_message_bits=24, reset_interval=N,
    reset_offset=1)` with N beyond the steps of a sample, which clears each layer as its window opens.

    """
}
