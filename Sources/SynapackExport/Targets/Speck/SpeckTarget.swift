internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Speck 2e and 2f: the configuration of their cores as JSON, and a loader that fills samna's objects.
///
/// One layer is one core; a dense layer is a convolution over its whole input. Thresholds, biases and
/// initial membranes keep 16 bits (Speck's datasheet, table 3), where sinabs rounds biases to the scale
/// of its 8-bit weights. Known of the chip: a lower threshold of 0 does not work, so −2¹⁵ stands; the
/// readout's class k hears channel 4·k of the last layer, which gets channels without weights between.
///
/// The chip has no ticks: it works event by event, sends at most one spike an event, and leaks by its
/// slow clock. What a program's ticks say is lost, and said so.
struct SpeckTarget: ExportTarget {
  let id: String

  var summary: String { "\(id)'s cores as JSON for samna, without the ticks of the program" }

  static let channelsPerClass = 4
  private static let largestState = Int64(Int16.max)
  private static let classes = 15

  var capability: Capability {
    var capability = Capability(reader: "sinabs 3.1.3, samna")
    capability.chip = id
    capability.payloads = 0...1
    capability.inputs = 0...255
    capability.schedules = [.wavefront]
    capability.weights = -127...127
    capability.thresholds = 1...Int32(Int16.max)
    capability.biases = -Int32(Int16.max)...Int32(Int16.max)
    capability.thresholdSharing = .perLayer
    capability.features = [.start, .relays]
    capability.conversion = ["input": "poisson", "readout": "count", "weight-bits": "4"]
    capability.transformations = [
      "dense layers as convolutions", "classes on every fourth channel", "no ticks: events alone",
    ]
    return capability
  }

  func files(_ source: ExportSource, _ report: inout Report) throws(PackError) -> [ExportedFile] {
    let program = try SpeckTarget.spread(source.program, id)
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        try SpeckLayer.checkRange(program, index, id)
      }
    }
    let cores = try cores(program)
    var layers: [String: JSON] = [:]
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        layers[String(cores[index])] = try SpeckLayer(program, index, cores, id).document
      }
    }
    report.add(
      Loss(
        .ticksNotCarried, .error, subject: program.populations[program.readout.population].name,
        "\(id) works event by event: \(program.timesteps) ticks, their order and their one spike a "
          + "neuron and tick are not part of its configuration"))
    let document = JSON.object([
      "chip": .string(id), "cnn_layers": .object(layers),
      "input": .object(["layer": .integer(cores.first ?? 0)]),
      "readout": .object([
        "classes": .integer(
          source.program.populations[source.program.readout.population].shape.count),
        "channels_per_class": .integer(SpeckTarget.channelsPerClass),
      ]),
    ])
    return [
      ExportedFile("configuration.json", document.text(indent: true) + "\n"),
      ExportedFile("load.py", PackageResources.speck_py_in),
      ExportedFile("README.md", readme),
    ]
  }

  /// The program with its classes on every fourth channel.
  static func spread(
    _ program: SpikingProgram, _ target: String
  ) throws(PackError) -> SpikingProgram {
    let last = program.readout.population
    let population = program.populations[last]
    guard last == program.populations.count - 1, program.readout.decoding == .count,
      population.payloads != 0...0, population.shape.rank == 1, population.shape.count <= classes,
      case .dense(let weights)? = program.incoming(last).first?.synapses
    else {
      throw PackError(
        .readoutNotCarried,
        "\(target) counts the spikes of a last dense layer of at most \(classes) classes",
        at: .layer(population.name), hint: "convert again with `--readout count`")
    }
    let count = channelsPerClass * (population.shape.count - 1) + 1
    let inputs = weights.shape[1]
    var values = Array(repeating: Int16(0), count: count * inputs)
    for row in 0..<population.shape.count {
      for column in 0..<inputs {
        values[row * channelsPerClass * inputs + column] = weights.values[row * inputs + column]
      }
    }
    func apart(_ parameter: Parameter) -> Parameter {
      var spread = Array(repeating: Int32(0), count: count)
      for (row, value) in parameter.expanded(to: population.shape).enumerated() {
        spread[row * channelsPerClass] = value
      }
      return Parameter(spread)
    }
    var result = program
    result.populations[last].shape = try Shape([count])
    result.populations[last].biases = apart(population.biases)
    result.populations[last].initial = apart(population.initial)
    result.populations[last].thresholds = Parameter([population.thresholds.values[0]])
    for index in result.connections.indices where result.connections[index].target == last {
      result.connections[index].synapses = .dense(
        IntegerWeights(shape: try Shape([count, inputs]), values: values))
    }
    return result
  }

  /// For each population its core.
  private func cores(_ program: SpikingProgram) throws(PackError) -> [Int] {
    var fitting = ExportTargets.held(program, by: self)
    // The chip's file is of sinabs, which writes 8 of the 16 bits that biases have.
    for index in fitting.populations.indices {
      let biases = fitting.populations[index].biases.values
      fitting.populations[index].biases = Parameter(biases.map { max(-127, min(127, $0)) })
      fitting.populations[index].biasBits = 8
    }
    let placement: Placement
    do throws(PackError) {
      placement = try Placer.place(
        fitting, on: try Chips.named(id),
        rates: program.populations.map { _ in 1 }, accepted: [.missingNumber])
    } catch {
      throw PackError(
        .structureNotCarried, "the layers do not fit the cores of \(id): \(error.message)",
        at: error.trail.first ?? .layer(program.populations[0].name), hint: error.hint)
    }
    return program.populations.indices.map { index in
      placement.slices.first { $0.population == index }?.core ?? index
    }
  }

  private var readme: String {
    """
    # A spiking network for \(id)

    `configuration.json` has the registers of each core. `load.py` fills samna's objects with them:

        from load import configuration
        chip = configuration(".")          # samna.\(id).configuration.SpeckConfiguration
        samna.\(id).validate_configuration(chip)

    Class k is channel 4·k of the last core. The chip works event by event, so spikes are not those of
    the program's ticks; a bias acts once a period of the slow clock, which stands for a tick.

    """
  }
}
