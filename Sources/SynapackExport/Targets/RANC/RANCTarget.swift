internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// RANC's memories: `csram_NNN.mem` and `tc_NNN.mem` of one core a layer, for its simulator and Verilog.
///
/// In each tick, with the weight type of an axon its own number,
///
///     v ← v + Σ w·s + leak      spike where v ≥ θ      v ← v − θ, or v ← v_reset
///
/// Leak acts from the first tick on, and layer k opens at tick k: v starts at v₀ − k·b, from where it
/// must not fire before. Potentials wrap, so their width is that of a bound. One destination a neuron:
/// chains alone. (RANC at 08ae4bd: NeuronBlock.v, CSRAM.v; Mack et al. 2021.)
struct RANCTarget: ExportTarget {
  let id = "ranc"
  let summary = "memories of RANC's cores, one a layer, for its simulator and Verilog"

  var capability: Capability {
    var capability = Capability(reader: "RANC 08ae4bd")
    capability.payloads = 0...1
    capability.schedules = [.tick, .wavefront]
    capability.features = [.start, .relays]
    capability.conversion = ["input": "poisson"]
    capability.transformations = [
      "bias as leak, early ones taken from the start", "one weight type an axon",
      "potentials as wide as their bound", "input digits as axons",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let export = try AxonExport(source, target: id)
    var cores: [RANCCore] = []
    for (index, population) in export.program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        try AxonChain.check(export, index, target: id)
        cores.append(try RANCCore(export, index, target: id))
      }
    }
    let widths = RANCWidths(cores)
    let network = cores.enumerated().flatMap { index, core in
      let digits = String(index)
      let number = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
      return [
        ExportedFile("csram_\(number).mem", core.rows(widths)),
        ExportedFile("tc_\(number).mem", widths.types),
      ]
    }
    return export.files(
      network + [ExportedFile("parameters.json", widths.document(cores).text(indent: true) + "\n")],
      loader: PackageResources.ranc_py_in, readme: RANCTarget.readme)
  }

  private static let readme = """
    # A spiking network for RANC

    `csram_NNN.mem` and `tc_NNN.mem` are read by `$readmemb` and by RANC's simulator: layer k is the
    core at x = k, y = 0. `parameters.json` has the parameters of the Verilog. Reset does not clear
    potentials: load the memories again between samples.

        from load import Network
        network = Network(".")
        packets = network.packets(frames)      # one list of words for each tick
        network.write(frames, "sample")        # the same as packets.mem and counts.mem

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `network.run(frames)` gives scores and spikes [ticks, neurons] by the
    law of RANC's Verilog (github.com/UA-RCL/RANC at 08ae4bd), stated again as `machine` at the end of
    `load.py`. `network.run(frames, other)` asks any `other(folder, packets, steps)` that returns
    [steps, neurons] of spikes and of potentials for each core, such as a simulation of the Verilog.

    """
}
