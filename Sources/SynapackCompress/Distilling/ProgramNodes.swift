internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A draft of a graph that computes with the numbers of a program, and the pieces that every such
/// graph is made of.
struct ProgramNodes: Sendable {
  let program: SpikingProgram
  var draft = GraphDraft(
    origin: Origin(format: "program", digest: nil, producer: "", version: ""))

  init(_ program: SpikingProgram) { self.program = program }

  /// The numbers that a parameter has in the graph: one a channel or one a neuron.
  static func count(of parameter: Parameter, in shape: Shape) -> Int {
    parameter.values.count == shape.count ? shape.count : shape.planes?.channels ?? 1
  }

  /// The names of the program's numbers among the weights of the graph.
  enum Name {
    static func weights(_ connection: Int) -> String { "weights.\(connection)" }
    static func biases(_ population: Int) -> String { "biases.\(population)" }
    static func thresholds(_ population: Int) -> String { "thresholds.\(population)" }
    static func initial(_ population: Int) -> String { "initial.\(population)" }
    static func payload(_ population: Int) -> String { "payload.\(population)" }
    static func nothing(_ population: Int) -> String { "nothing.\(population)" }
  }

  /// The one input of the graph, in units of a payload.
  mutating func input() throws(PackError) -> WireID {
    let samples = draft.addWire(program.input.name, program.input.shape)
    draft.inputs = [samples]
    return try draft.addNode(
      "payloads", .scale(Scale(factor: 1 / program.input.encoding.scale)), [samples])
  }

  /// W·x of a connection, as its synapses give it and in the shape of its target.
  ///
  /// - Parameter suffix: what tells the nodes of one call from those of another.
  mutating func product(
    _ place: Int, of source: WireID, _ suffix: String
  ) throws(PackError) -> (driven: WireID, term: WireID) {
    let connection = program.connections[place]
    let shape = program.shape(of: connection.source)
    let planes = shape.planes ?? (shape.count, 1, 1)
    var wire = try reshaped(
      source, to: Shape([planes.channels, planes.height, planes.width]), "planes.\(suffix)")
    for (step, relay) in connection.relays.enumerated() {
      wire = try draft.addNode(
        "relay.\(suffix).\(step)", .windowSum(WindowSum(window: relay)), [wire])
    }
    let (name, weights) = (Name.weights(place), connection.synapses.weights)
    draft.weights[name] = try Tensor(
      shape: weights.shape, floats: weights.values.map { Float($0) })
    let driven: WireID
    switch connection.synapses {
    case .dense(let weights):
      let flat = try reshaped(wire, to: Shape([weights.shape[1]]), "flat.\(suffix)")
      driven = try draft.addNode(
        "product.\(suffix)", .linear(Linear(weight: name, bias: nil)), [flat])
    case .convolution(_, let window, let groups):
      let op = Convolution(weight: name, bias: nil, window: window, groups: groups)
      driven = try draft.addNode("product.\(suffix)", .convolution(op), [wire])
    }
    let target = program.populations[connection.target].shape
    return (driven, try reshaped(driven, to: target, "term.\(suffix)"))
  }

  private mutating func reshaped(
    _ wire: WireID, to shape: Shape, _ name: String
  ) throws(PackError) -> WireID {
    guard draft.wires[wire.index].shape != shape else { return wire }
    return try draft.addNode(name, .reshape(Reshape(shape: shape)), [wire])
  }

  /// A parameter as a wire of one value a neuron, be it one a neuron or spread from the channels.
  mutating func spread(
    _ parameter: Parameter, _ name: String, over shape: Shape
  ) throws(PackError) -> WireID {
    guard parameter.values.count < shape.count else {
      draft.weights[name] = try Tensor(
        shape: shape, floats: parameter.values.map { Float($0) })
      return try draft.addNode(name, .constant(Constant(weight: name)), [])
    }
    let zeros = "zeros.\(name)"
    draft.weights[zeros] = try Tensor(
      shape: shape, floats: Array(repeating: 0, count: shape.count))
    try store(parameter, name, shape)
    let constant = try draft.addNode(zeros, .constant(Constant(weight: zeros)), [])
    return try draft.addNode(
      name, .channelAffine(ChannelAffine(scale: nil, shift: name)), [constant])
  }

  /// A parameter as a weight of one number a channel or a neuron.
  mutating func store(
    _ parameter: Parameter, _ name: String, _ shape: Shape
  ) throws(PackError) {
    let values = ProgramNodes.count(of: parameter, in: shape)
    let all = (0..<values).map { parameter.values[$0 * parameter.values.count / values] }
    draft.weights[name] = try Tensor(shape: Shape([values]), floats: all.map { Float($0) })
  }

  /// What the neurons of a population do; `nil` for an integrator.
  ///
  /// - Throws: `SYN0805` for neurons that no graph of real numbers describes.
  func firing(_ population: Population) throws(PackError) -> FiringBehaviour? {
    switch population.model {
    case .integrator: return nil
    case .compensated: throw refusal("it computes an operator on running means")
    case .integrateAndFire(let behaviour):
      guard behaviour.reset == .subtract, behaviour.leakShift == nil else {
        throw refusal("it leaks, or resets to zero")
      }
      return behaviour
    }
  }

  func refusal(_ message: String) -> PackError {
    PackError(
      .cannotDistil, "this population has no gradient here: \(message)",
      hint: "convert with integrate-and-fire neurons that reset by subtraction")
  }
}
