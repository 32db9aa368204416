public import SynapackGraph
public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Turns a spiking graph of real numbers into a program of integers.
///
/// Every neuron, and the output, becomes a population; the linear operators before it become its
/// connections. Sum-pooling and padding move into the relays, factors and amplitudes into the
/// weights, concatenation into slices of the weights.
public struct ProgramLowering {
  let graph: Graph<Spiking>
  let options: ConversionOptions
  let encoding: InputEncoding
  var carried: [WireID: Carried] = [:]
  /// What is added to the spikes of a wire, for each of its values.
  var constants: [WireID: [Float]] = [:]
  var populations: [Population] = []
  var connections: [Connection] = []
  var layers: [LoweredLayer] = []
  /// The fit of each population to what those before it send; `nil` to take the graph as it is.
  var fit: LayerwiseFit?
  /// Whether some neurons compute operators on running means.
  let isCompensated: Bool

  /// Lowers `graph` for inputs as `encoding` gives them; with a `fit`, each population is fitted as soon as
  /// those before it are integers.
  ///
  /// - Throws: `SYN0301` where values reach weights in a layout that no connection has.
  public static func lower(
    _ graph: Graph<Spiking>, input encoding: InputEncoding, options: ConversionOptions,
    fit request: FitRequest? = nil, _ report: inout Report
  ) throws(PackError) -> LoweredProgram {
    guard let input = graph.inputs.first, let output = graph.outputs.first,
      graph.inputs.count == 1, graph.outputs.count == 1
    else {
      throw PackError(
        .unsupportedInterface,
        "\(graph.inputs.count) inputs and \(graph.outputs.count) outputs",
        hint: "cut the model to one input and one output")
    }
    let isCompensated = graph.nodes.contains { CompensatedOperators.contains($0.op) }
    func lowered(
      _ encoding: InputEncoding, _ report: inout Report
    ) throws(PackError) -> LoweredProgram {
      var lowering = ProgramLowering(
        graph: graph, options: options, encoding: encoding, isCompensated: isCompensated)
      return try lowering.run(input, output, fit: isCompensated ? nil : request, &report)
    }
    guard isCompensated else { return try lowered(encoding, &report) }
    var narrowing = report
    let narrow = ProgramLowering.narrowed(encoding, options, &narrowing)
    guard narrow != encoding else { return try lowered(encoding, &report) }
    var whole = report
    let program = try lowered(encoding, &whole)
    guard ProgramLowering.mixesInput(program.program) else {
      report = whole
      return program
    }
    report = narrowing
    return try lowered(narrow, &report)
  }

  /// Whether any neuron hears the input beside other neurons.
  private static func mixesInput(_ program: SpikingProgram) -> Bool {
    let hearing = Set(program.connections.filter { $0.source == .input }.map(\.target))
    return program.connections.contains { $0.source != .input && hearing.contains($0.target) }
  }

  private mutating func run(
    _ input: WireID, _ output: WireID, fit request: FitRequest?, _ report: inout Report
  ) throws(PackError) -> LoweredProgram {
    let port = try port(input)
    // A fit hears what integrate-and-fire neurons send, and only those.
    fit = request.map { LayerwiseFit($0, options, port: port) }
    let lastUses = lastUses()
    for (index, node) in graph.nodes.enumerated() {
      try within(.node(node.name)) { () throws(PackError) in
        try lower(node, &report)
      }
      release(lastUses[index])
    }
    let readout = try readOut(output, &report)
    let program = SpikingProgram(
      timesteps: options.timesteps, schedule: options.schedule, input: port,
      populations: populations, connections: connections, readout: readout)
    try program.verify()
    return LoweredProgram(program: program, layers: layers)
  }

  /// Gives the input no more bits than serve it: where a residual stream makes the input meet other
  /// sources in one neuron, whose weights share a unit, a payload of the input that stands for far less
  /// than theirs leaves its weights few levels.
  ///
  ///     2ᵇ ≈ √(2ʷ⁻¹ · n)
  ///
  /// b: the bits of the input, 4 at least; w: those of a weight; n: the largest payload of a neuron. An
  /// input of 2ᵇ steps leaves its weights 2ʷ⁻¹·n/2ᵇ levels, so that both are rounded alike. The small
  /// transformer on digits at T = 8 and w = 8, 150 images: with `if` 79.3 % at 4 bits, 74.7 % at 6 and 40.0 %
  /// at 8; with `multi:2` 98.7, 97.3 and 96.7 %.
  private static func narrowed(
    _ encoding: InputEncoding, _ options: ConversionOptions, _ report: inout Report
  ) -> InputEncoding {
    let bits = inputBits(weightBits: options.weightBits, payload: options.payloads.upperBound)
    let narrow: InputEncoding
    switch encoding {
    case .constantCurrent(let asked, let signed, _) where bits < asked:
      narrow = .constantCurrent(bits: bits, signed: signed, scale: 1)
    case .events(let asked, let signed, _) where bits < asked:
      narrow = .events(bits: bits, signed: signed, scale: 1)
    case .constantCurrent, .events, .poisson: return encoding
    }
    let ratio = Float(encoding.payloads.upperBound) / Float(narrow.payloads.upperBound)
    report.add(
      Finding(
        .narrowedInput, .note,
        "the input is encoded in \(bits) bits: it meets other payloads in one neuron, whose weights "
          + "share a unit"
      ))
    switch narrow {
    case .constantCurrent(let bits, let signed, _):
      return .constantCurrent(bits: bits, signed: signed, scale: encoding.scale * ratio)
    case .events(let bits, let signed, _):
      return .events(bits: bits, signed: signed, scale: encoding.scale * ratio)
    case .poisson: return encoding
    }
  }

  /// b of ``narrowed(_:_:_:)``: the nearest whole number.
  static func inputBits(weightBits: Int, payload: Int) -> Int {
    let product = max(1, payload) << (weightBits - 1)
    return (4...16).first { 1 << (2 * $0 + 1) >= product } ?? 16
  }

  /// The wires that nobody reads after each node.
  private func lastUses() -> [[WireID]] {
    var last: [WireID: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for wire in node.inputs { last[wire] = index }
    }
    for output in graph.outputs { last[output] = nil }
    var uses = Array(repeating: [WireID](), count: graph.nodes.count)
    for (wire, index) in last.sorted(by: { $0.key.index < $1.key.index }) {
      uses[index].append(wire)
    }
    return uses
  }

  private mutating func release(_ wires: [WireID]) {
    for wire in wires { carried[wire] = nil }
    guard fit != nil else { return }
    fit?.release(populations: Set(carried.values.flatMap(\.populations)))
  }

  /// The input as one term: its payload stands for the scale of the encoding.
  private mutating func port(_ input: WireID) throws(PackError) -> InputPort {
    let shape = graph.shape(of: input)
    guard let planes = shape.planes else {
      throw PackError(
        .cannotSpike, "an input of the shape \(shape)", hint: "use [N], [C, L] or [C, H, W]")
    }
    carried[input] = .spikes([
      Term(
        source: .input, native: shape, relays: [],
        amplitude: Array(repeating: encoding.scale, count: planes.channels),
        rounding: Array(repeating: 1, count: planes.channels), logical: shape, first: 0,
        order: nil)
    ])
    return InputPort(name: graph.wires[input.index].name, shape: shape, encoding: encoding)
  }

  private mutating func lower(_ node: Node, _ report: inout Report) throws(PackError) {
    if case .constant(let op) = node.op {
      carried[node.output] = .spikes([])
      constants[node.output] = try graph.weights.floats(op.weight)
      return
    }
    let inputs = node.inputs.compactMap { carried[$0] }
    guard let first = inputs.first else { return }
    try lower(node, first, inputs, &report)
    try passConstants(node)
  }

  private mutating func lower(
    _ node: Node, _ first: Carried, _ inputs: [Carried], _ report: inout Report
  ) throws(PackError) {
    let shape = graph.shape(of: node.output)
    switch node.op {
    case .convolution(let op): carried[node.output] = try convolve(op, first, shape)
    case .linear(let op) where shape.rank == 1:
      carried[node.output] = try multiply(op, first, shape)
    case .linear(let op): carried[node.output] = try multiplyTokens(op, first, shape)
    case .add: carried[node.output] = try add(inputs)
    case .channelAffine: carried[node.output] = first
    case .scale(let op): carried[node.output] = scaled(first, op.factor)
    case .windowSum(let op): carried[node.output] = try relayed(first, op.window, shape)
    case .pad(let op):
      let window = Window(kernel: Extent(y: 1, x: 1), padding: op.edges)
      carried[node.output] = try relayed(first, window, shape)
    case .reshape: carried[node.output] = reshaped(first, shape)
    case .transpose(let op): carried[node.output] = try transposed(first, op, shape)
    case .concat(let op): carried[node.output] = try concatenated(inputs, op, shape)
    case .spike(let op): try fire(node, op, first, &report)
    case .activation, .layerNormalization, .matrixProduct, .softmax:
      carried[node.output] = .computed(try computation(node, inputs))
    case .neuron, .delay:
      throw PackError(
        .temporalNeuron, "\(node.op.name): a program has integrate-and-fire neurons alone",
        hint: "use neurons without leak, synapse, hard reset or delay")
    case .averagePool, .batchNormalization, .binary, .clip, .constant, .convolutionTranspose,
      .dequantization, .groupNormalization, .localResponseNormalization, .maxPool, .quantization,
      .reduce, .relu, .select, .slice, .tile, .volumeConvolution, .volumePool, .where:
      throw PackError(
        .defect, "\(node.op.name) in a spiking graph", hint: "please report this model")
    }
  }
}

/// A program with what the conversion knows of each of its populations.
public struct LoweredProgram: Sendable {
  public var program: SpikingProgram
  public var layers: [LoweredLayer]
}

/// What one population stands for in the source network.
public struct LoweredLayer: Sendable, Hashable {
  public var name: String
  /// What a payload of 1 stands for, a channel; empty for the readout.
  public var amplitude: [Float]
  /// What one unit of the membrane stands for, a channel.
  public var unit: [Float]
  /// How the fit left it; `nil` where there was none.
  public var fit: FittedLayer?

  public init(name: String, amplitude: [Float], unit: [Float], fit: FittedLayer? = nil) {
    self.name = name
    self.amplitude = amplitude
    self.unit = unit
    self.fit = fit
  }
}
