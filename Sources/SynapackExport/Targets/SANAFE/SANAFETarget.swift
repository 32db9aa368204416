internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Network and architecture files of SANA-FE, which tells spikes, energy and time on a mesh.
///
/// The architecture is SANA-FE's Loihi with the soma model `truenorth`, because its `v ≥ θ` and both
/// resets are ours; its energies are Loihi's as published. Cores are those of the placement.
struct SANAFETarget: ExportTarget {
  let id = "sanafe"
  let summary = "SANA-FE's netlist and architecture, on the cores of the placement"

  var capability: Capability {
    var capability = Capability(reader: "SANA-FE 2.2.9")
    capability.chip = "loihi1"
    capability.payloads = 0...1
    capability.schedules = [.tick, .wavefront]
    capability.features = [.start, .relays, .shortcuts]
    capability.transformations = [
      "bias, start and windows by host axons", "input digits as axons", "one empty step in front",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id)
    let netlist = try SANAFENetlist(
      export.program, export.plan, export.run, source.placement)
    return export.files(
      [
        ExportedFile("network.net", netlist.text),
        ExportedFile("architecture.yaml", netlist.architecture),
      ], loader: PackageResources.sanafe_py_in, readme: SANAFETarget.readme)
  }

  private static let readme = """
    # A spiking network for SANA-FE 2.2.9

    `network.net` is a netlist, `architecture.yaml` a mesh of one core a tile with Loihi's published
    energies; the cores of the host, which drive inputs and biases, stand in columns of their own.

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames)
        network.result["energy"], network.result["sim_time"]

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `spikes` has an array [ticks, neurons] for every layer that fires.

    """
}
