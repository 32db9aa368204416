internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// SpiNNaker through sPyNNaker: a PyNN script and files of connections.
///
/// Its neuron without leak is `IF_trunc_delta`; with cm = tau_m = 1 and no refractory time
///
///     v ← max(v + Σ exc − Σ inh, F)      spike where v ≥ θ      v ← F
///
/// F (`v_reset`) is both its reset and its floor. Ours resets to zero and has none: F lies below all that
/// a membrane can reach, and every neuron excites itself by −F, which arrives a step after its spike and
/// lifts it to zero again. Biases, initial membranes and windows enter by axons of the host.
///
/// Values are s16.15, and a ring buffer holds what one step brings to a receptor: integers are exact
/// while both sums stay below 2¹⁵, which `max_expected_summed_weight` tells (sPyNNaker 7.4.1,
/// population_vertex.py, neuron_model_if_trunc.h).
struct SpiNNakerTarget: ExportTarget {
  let id = "spinnaker"
  let summary = "SpiNNaker as a PyNN script for sPyNNaker, with files of connections"

  var capability: Capability {
    var capability = Capability(reader: "sPyNNaker 7.4.1")
    capability.chip = "spinnaker1"
    capability.resets = [.zero]
    capability.payloads = 0...1
    capability.schedules = [.tick, .wavefront]
    capability.thresholds = 1...Int32(SpiNNakerProjection.largestMembrane)
    capability.features = [.start, .relays, .shortcuts]
    capability.conversion = ["input": "poisson", "weight-bits": "4"]
    capability.transformations = [
      "reset below reach, undone by a self-synapse", "bias, start and windows by host axons",
      "input digits as axons", "one empty step in front",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id)
    let program = export.program
    var populations: [JSON] = []
    var projections: [SpiNNakerProjection] = []
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        let layer = try SpiNNakerLayer(export, index, target: id)
        populations.append(layer.document)
        projections += layer.projections
      }
    }
    let lists = projections.enumerated().map { ($1, "connections-\($0).txt") }
    let network = JSON.object([
      "populations": .array(populations),
      "projections": .array(lists.map { $0.document(file: $1) }),
    ])
    return export.files(
      [ExportedFile("network.json", network.text(indent: true) + "\n")]
        + lists.map { ExportedFile($1, $0.text) },
      loader: PackageResources.spinnaker_py_in, readme: SpiNNakerTarget.readme)
  }

  private static let readme = """
    # A spiking network for SpiNNaker

    `load.py` is a PyNN script; `connections-N.txt` are lists of connections, one a line, for PyNN's
    `FromListConnector`. On a board, with sPyNNaker 7.4.1:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires.

    `network.place()` maps the network and returns the cores, without a board too where a file
    `spynnaker.cfg` in the folder you work in asks for a virtual one of 48 chips:

        [Machine]
        virtual_board = True
        version = 5

    The board's `version` is needed as well: without it sPyNNaker knows no virtual board. It asks for a
    file `.spynnaker.cfg` in your home too; where that is missing, it writes one and ends, once.

    """
}
