internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// tinyODIN: the words that its SPI takes, one chip a layer, and a host that plays the ticks.
///
/// In each event, for every neuron in ascending order, with the weight w of the event's row,
///
///     v ← sat₁₂(v + w)      spike and v ← 0 where v ≥ θ
///
/// Spikes leave by the output bus alone (SPI_OPEN_LOOP = 1): the host counts those of a tick and sends
/// them on. How a layer compares once a tick on a chip that compares at each event:
/// ``TinyODINLayer``. Widths: weights of 4 bits, membranes of 12, thresholds to 2,047, 256 rows and
/// neurons. (tinyODIN at 1865653: lif_neuron.v, controller.v, doc/README.md.)
struct TinyODINTarget: ExportTarget {
  let id = "tinyodin"
  let summary = "SPI words of tinyODIN, one chip a layer, and the events of its host"

  var capability: Capability {
    var capability = Capability(reader: "tinyODIN 1865653")
    capability.resets = [.zero, .subtract]
    capability.payloads = 0...2_047
    capability.weights = -8...7
    capability.thresholds = 1...2_047
    capability.features = [.start, .relays, .shortcuts]
    capability.conversion = ["input": "poisson", "reset": "zero", "weight-bits": "4"]
    capability.transformations = [
      "a guard below θ, lifted once a tick to compare", "subtraction by lifts of 1, within a bound",
      "payloads as repeated events", "bias by rows of its digits",
    ]
    return capability
  }

  func checkStructure(_ program: SpikingProgram) throws(PackError) {
    for population in program.populations
    where population.shape.count > TinyODINLayer.largestNeurons {
      throw PackError(
        .structureNotCarried,
        "\(id) has \(TinyODINLayer.largestNeurons) neurons beside its mark, the layer has "
          + "\(population.shape.count)", at: .layer(population.name),
        hint: "export a network of smaller layers")
    }
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let program = source.program
    try AxonReadout.check(program, target: id)
    var layers: [TinyODINLayer] = []
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        layers.append(try TinyODINLayer(program, index, target: id))
      }
    }
    let words = layers.enumerated().map { index, layer in
      let digits = String(index)
      let number = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
      return ExportedFile("chip_\(number).spi", TinyODINWords.text(layer))
    }
    let plan = TinyODINPlan.document(program, layers)
    return words + [
      ExportedFile("run.json", plan.text(indent: true) + "\n"),
      ExportedFile("load.py", PackageResources.tinyodin_py_in + PackageResources.payloads_py_in),
      ExportedFile("README.md", TinyODINTarget.readme),
    ]
  }

  private static let readme = """
    # A spiking network for tinyODIN

    `chip_NNN.spi` programs the chip of layer NNN: one word of 40 bits a line, in hexadecimal, the
    20 bits of the address first, as its SPI takes them. `run.json` says which rows the host sends in
    which tick, and `load.py` plays a sample:

        from load import Network
        network = Network(".")
        scores, spikes = network.run(frames, chips)

    `frames` are the payloads of one sample, [ticks, neurons of the input]; a constant current is the
    same frame in every tick. `chips` has for each layer an object with

    - `write(word)` and `read(word)`: one transfer of the SPI; `read` gives the byte
    - `send(address)`: one handshake of the input bus
    - `receive()`: the next address of the output bus; the interface answers its requests at once and
      keeps the addresses, also while `send` waits

    The last neuron of a chip is a mark: it spikes when everything sent before has been processed.
    Without `chips`, `run` takes the law of tinyODIN's Verilog (github.com/ChFrenkel/tinyODIN at
    1865653), stated again as `Chip` at the end of `load.py`.

    """
}
