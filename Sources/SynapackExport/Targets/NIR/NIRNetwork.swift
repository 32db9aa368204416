internal import SynapackHDF5
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A program as nodes and edges of NIR.
///
/// A population becomes `neurons_I`, a connection `weights_I_K` with a `flatten_I_K` before it
/// where a plane meets a dense map. The first connection of a population brings its bias. An
/// integrator has no node: the readout's sums leave the graph tick by tick, and the host adds them.
/// Where several paths meet in it they are summed in the node `scores`: snnTorch and SpikingJelly
/// return the inputs of an `Output` apart from one another.
struct NIRNetwork {
  private let program: SpikingProgram
  private let profile: NIRProfile
  private var nodes: [HDF5Member] = []
  private var edges: [(String, String)] = []
  /// Whether each population lies on planes: where convolutions drive it.
  private let isPlane: [Bool]
  /// What people have to know of the file, where it stands alone.
  private let readme: String?

  init(
    _ program: SpikingProgram, _ profile: NIRProfile, readme: String? = nil
  ) throws(PackError) {
    self.readme = readme
    self.program = program
    self.profile = profile
    isPlane = program.populations.indices.map { index in
      program.incoming(index).contains {
        if case .convolution = $0.synapses { true } else { false }
      }
    }
    addNode("input", "Input", [HDF5Member("shape", shape(of: .input))])
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        try addPopulation(index)
      }
    }
    let readout = program.readout.population
    guard fires(readout) == (program.readout.decoding == .count) else {
      throw PackError(
        .readoutNotCarried,
        "NIR files carry scores of integrators or counts of spikes, not "
          + "membranes of neurons that fire", at: .layer(program.populations[readout].name),
        hint: "convert again with `--readout membrane` or `--readout count`")
    }
    addNode("output", "Output", [HDF5Member("shape", shape(of: .population(readout)))])
    if fires(readout) { edges.append(("neurons_\(readout)", "output")) }
  }

  /// The root group of the file.
  var root: [HDF5Member] {
    let pairs = HDF5Value.texts(edges.flatMap { [$0.0, $0.1] }, shape: [edges.count, 2])
    let graph = HDF5Value.group([
      HDF5Member("edges", pairs), HDF5Member("metadata", metadata),
      HDF5Member("nodes", .group(nodes)), HDF5Member("type", .text("NIRGraph")),
    ])
    return [HDF5Member("node", graph), HDF5Member("version", .text("1.0.8"))]
  }

  private var metadata: HDF5Value {
    let program = program
    let readout = program.populations[program.readout.population]
    let payloads = program.input.encoding.payloads
    let inputs = [Int32(clamping: payloads.lowerBound), Int32(clamping: payloads.upperBound)]
    // A count of spikes begins at 0, wherever the membranes of its neurons do.
    let starts = readout.initial.expanded(to: readout.shape).map {
      fires(program.readout.population) ? 0 : $0
    }
    let text = readme.map { [HDF5Member("readme", .text($0))] } ?? []
    var members =
      text + [
        HDF5Member("input_payloads", integers(inputs)),
        HDF5Member("input_ticks", .integers([program.inputTicks], shape: [])),
        HDF5Member("producer", .text("synapack")),
        HDF5Member("readout_starts", integers(starts)),
        HDF5Member("tau_unit", .text("s")),
        HDF5Member("timesteps", .integers([program.timesteps], shape: [])),
      ]
    if let step = profile.step {
      members.append(HDF5Member("dt", .reals([step], shape: [])))
      members.append(HDF5Member("integration", .text("euler")))
    }
    if profile.hasLoader { members.append(HDF5Member("reader", .text(profile.rawValue))) }
    if let reset = commonReset {
      members.append(HDF5Member("reset_mode", .text(reset.rawValue)))
    }
    return .group(members.sorted { $0.name < $1.name })
  }

  /// The reset of all neurons that fire; `nil` where they differ.
  private var commonReset: Reset? {
    let resets = program.populations.compactMap { population -> Reset? in
      guard case .integrateAndFire(let behaviour) = population.model else { return nil }
      return behaviour.reset
    }
    return Set(resets).count == 1 ? resets.first : nil
  }

  private func fires(_ index: Int) -> Bool { program.populations[index].payloads != 0...0 }

  private mutating func addPopulation(_ index: Int) throws(PackError) {
    let population = program.populations[index]
    let isReadout = program.readout.population == index
    guard fires(index) || isReadout else {
      throw NIRKernel.refused("a layer that never fires is not the readout")
    }
    if fires(index), profile == .snntorch { try checkStart(population) }
    let incoming = program.incoming(index)
    guard !incoming.isEmpty else { throw NIRKernel.refused("no connection leads into the layer") }
    var target = "output"
    if fires(index) {
      target = "neurons_\(index)"
      addNode(target, neuronType, neurons(population, index))
    } else if incoming.count > 1 {
      target = sum(into: index)
    }
    for (position, connection) in incoming.enumerated() {
      try add(connection, position, into: index, target: target)
    }
  }

  /// snnTorch takes a membrane above its threshold for one whose spike was sent in the tick before.
  private func checkStart(_ population: Population) throws(PackError) {
    let starts = population.initial.expanded(to: population.shape)
    let thresholds = population.thresholds.expanded(to: population.shape)
    for (start, threshold) in zip(starts, thresholds) where start >= threshold {
      throw PackError(
        .neuronNotCarried,
        "snnTorch resets a membrane that starts at \(start), not below its threshold of "
          + "\(threshold), before the first tick",
        hint: "convert again with `--start zero`")
    }
  }

  private mutating func add(
    _ connection: Connection, _ position: Int, into index: Int, target: String
  ) throws(PackError) {
    let population = program.populations[index]
    let name = "weights_\(index)_\(position)"
    var from = "input"
    var isSourcePlane = program.input.shape.rank > 1 && profile.readsPlanes
    if case .population(let source) = connection.source {
      guard fires(source) else { return }
      from = "neurons_\(source)"
      isSourcePlane = isPlane[source]
    }
    let shape = program.shape(of: connection.source)
    guard let planes = shape.planes else { throw NIRKernel.refused("an input of \(shape)") }
    let bias = try biases(position == 0 ? population : nil, index)
    let fields: [HDF5Member]
    switch connection.synapses {
    case .dense:
      guard !isPlane[index] else {
        throw NIRKernel.refused("a dense map and a convolution drive one layer")
      }
      if isSourcePlane { from = flatten(connection.source, from, "flatten_\(index)_\(position)") }
      let matrix = try NIRMatrix(connection, from: shape)
      fields = [HDF5Member("weight", .reals(try exact(matrix.values), shape: matrix.shape))]
    case .convolution:
      guard isSourcePlane, dimensions(connection.source).count == 3 else {
        throw NIRKernel.refused("a convolution over \(shape)")
      }
      let kernel = try NIRKernel(connection, from: planes, isSquare: !profile.hasLoader)
      fields = [
        HDF5Member("dilation", .integers([1, 1], shape: [2])),
        HDF5Member("groups", .integers([1], shape: [])),
        HDF5Member("input_shape", .integers([planes.height, planes.width], shape: [2])),
        HDF5Member("padding", .integers([kernel.padding.y, kernel.padding.x], shape: [2])),
        HDF5Member("stride", .integers([kernel.stride.y, kernel.stride.x], shape: [2])),
        HDF5Member("weight", .reals(try exact(kernel.values), shape: kernel.shape)),
      ]
    }
    addNode(
      name, isPlane[index] ? "Conv2d" : "Affine",
      fields + [HDF5Member("bias", .reals(bias, shape: [bias.count]))])
    edges.append((from, name))
    edges.append((name, target))
  }

  /// A node before the output that leaves the sum of its inputs as it is: it flattens one axis.
  private mutating func sum(into index: Int) -> String {
    addNode("scores", "Flatten", flattening(dimensions(.population(index)), through: 0))
    edges.append(("scores", "output"))
    return "scores"
  }

  /// Lays a plane out in a row; the name of the node.
  private mutating func flatten(_ source: Source, _ from: String, _ name: String) -> String {
    addNode(name, "Flatten", flattening(dimensions(source), through: -1))
    edges.append((from, name))
    return name
  }

  private func flattening(_ shape: [Int], through end: Int) -> [HDF5Member] {
    [
      HDF5Member("end_dim", .integers([end], shape: [])),
      HDF5Member("input_type", integers(shape.map(Int32.init))),
      HDF5Member("start_dim", .integers([0], shape: [])),
    ]
  }

  /// One value for each channel of a convolution or neuron of a dense map; zeros beside the first.
  private func biases(_ population: Population?, _ index: Int) throws(PackError) -> [Float] {
    let shape = program.populations[index].shape
    let channels = shape.planes?.channels ?? 1
    guard let population else { return Array(repeating: 0, count: channels) }
    let values = population.biases.expanded(to: shape)
    let each = max(1, values.count / channels)
    guard values.indices.allSatisfy({ values[$0] == values[$0 / each * each] }) else {
      throw PackError(
        .valueNotCarried, "NIR has one bias a channel of a convolution, the layer one a neuron",
        hint: "convert again with another `--method`, such as `mmse`")
    }
    return (0..<channels).map { Float(values[$0 * each]) }
  }

  private var neuronType: String {
    switch profile {
    case .rockpool: "CubaLIF"
    case .snntorch: "LIF"
    case .strict, .norse, .sinabs, .spikingjelly: "IF"
    }
  }

  private func neurons(_ population: Population, _ index: Int) -> [HDF5Member] {
    let shape = dimensions(.population(index))
    let thresholds = population.thresholds.expanded(to: population.shape)
    func all(_ name: String, _ value: Float) -> HDF5Member {
      HDF5Member(
        name, .reals(Array(repeating: value, count: population.shape.count), shape: shape))
    }
    let starts = population.initial.expanded(to: population.shape)
    var reset = Reset.subtract
    if case .integrateAndFire(let behaviour) = population.model { reset = behaviour.reset }
    let metadata = HDF5Value.group([
      HDF5Member("layer", .text(population.name)), HDF5Member("reset", .text(reset.rawValue)),
      HDF5Member("starts", integers(starts)),
    ])
    let threshold = HDF5Member(
      "v_threshold",
      .reals(thresholds.map { Float($0) - profile.thresholdShift }, shape: shape))
    let common = [HDF5Member("metadata", metadata), all("v_reset", 0), threshold]
    // exp(−dt/τ) is 1 in double precision: the step of snnTorch is 1e-4, where r·dt/τ is 1, that of
    // Rockpool τ / (1 + r).
    switch profile {
    case .rockpool:
      return common + [
        all("r", 1e20), all("tau_mem", 1e17), all("tau_syn", 1e17), all("v_leak", 0),
        all("w_in", 1),
      ]
    case .snntorch: return common + [all("r", 1e20), all("tau", 1e16), all("v_leak", 0)]
    case .strict, .norse, .sinabs, .spikingjelly: return common + [all("r", profile.resistance)]
    }
  }

  private mutating func addNode(_ name: String, _ type: String, _ fields: [HDF5Member]) {
    let members = (fields + [HDF5Member("type", .text(type))]).sorted { $0.name < $1.name }
    nodes.append(HDF5Member(name, .group(members)))
  }

  /// The extents that a source has in NIR: [C, H, W] where convolutions drive it, else [N].
  private func dimensions(_ source: Source) -> [Int] {
    let shape = program.shape(of: source)
    let planes = shape.planes.map { [$0.channels, $0.height, $0.width] } ?? [shape.count]
    switch source {
    case .input: return shape.rank > 1 && profile.readsPlanes ? planes : [shape.count]
    case .population(let index): return isPlane[index] ? planes : [shape.count]
    }
  }

  private func shape(of source: Source) -> HDF5Value {
    integers(dimensions(source).map(Int32.init))
  }

  private func integers(_ values: [Int32]) -> HDF5Value {
    .integers(values.map(Int.init), shape: [values.count])
  }

  /// Weights that single precision holds.
  private func exact(_ values: [Float]) throws(PackError) -> [Float] {
    guard values.allSatisfy({ $0.magnitude < 0x1p24 }) else {
      throw NIRKernel.refused("a pooled weight beyond 2²⁴")
    }
    return values
  }
}
