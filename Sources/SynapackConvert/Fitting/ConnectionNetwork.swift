internal import SynapackDense
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The connections of one population as a dense network: Σ w·s of every neuron.
///
/// With integer weights and payloads the sums are exact while they stay below 2²⁴, so a fit sees
/// what the program will compute.
struct ConnectionNetwork: Sendable {
  /// The sources, one input of the network each.
  let sources: [Source]
  /// The number of neurons that are driven.
  let outputs: Int
  private let network: DenseNetwork
  private let output: WireID

  /// `shape(of:)` gives the shape of a source; `weights` of a connection are row-major.
  init(
    _ connections: [FloatConnection], outputs: Int, shape: (Source) -> Shape
  ) throws(PackError) {
    var draft = GraphDraft(
      weights: WeightStore(), origin: Origin(format: "fit", digest: nil, producer: "", version: ""))
    var wires: [Source: WireID] = [:]
    var sources: [Source] = []
    var sums: [WireID] = []
    for (index, connection) in connections.enumerated() {
      if wires[connection.source] == nil {
        let planes = shape(connection.source).planes ?? (0, 0, 0)
        let wire = draft.addWire(
          "source.\(index)", try Shape([planes.channels, planes.height, planes.width]))
        draft.inputs.append(wire)
        wires[connection.source] = wire
        sources.append(connection.source)
      }
      guard let wire = wires[connection.source] else { continue }
      let driven = try ConnectionNetwork.add(connection, index, wire, to: &draft)
      sums.append(
        try draft.addNode(
          "flat.\(index)", .reshape(Reshape(shape: try Shape([outputs]))), [driven]))
    }
    let sum = sums.count == 1 ? sums[0] : try draft.addNode("sum", .add(Add()), sums)
    draft.outputs = [sum]
    let graph = try Graph<Analog>(verifying: draft)
    network = try DenseNetwork(graph)
    output = sum
    self.sources = sources
    self.outputs = outputs
  }

  private static func add(
    _ connection: FloatConnection, _ index: Int, _ source: WireID, to draft: inout GraphDraft
  ) throws(PackError) -> WireID {
    let relayed = try ConnectionNetwork.relay(connection.relays, index, source, in: &draft)
    let weight = "weight.\(index)"
    draft.weights[weight] = try Tensor(shape: connection.shape, floats: connection.weights)
    switch connection.kind {
    case .dense:
      let flat = try draft.addNode(
        "rows.\(index)", .reshape(Reshape(shape: try Shape([connection.shape[1]]))), [relayed])
      return try draft.addNode(
        "dense.\(index)", .linear(Linear(weight: weight, bias: nil)), [flat])
    case .convolution(let window, let groups):
      let op = Convolution(weight: weight, bias: nil, window: window, groups: groups)
      return try draft.addNode("convolution.\(index)", .convolution(op), [relayed])
    }
  }

  static func relay(
    _ relays: [Window], _ index: Int, _ source: WireID, in draft: inout GraphDraft
  ) throws(PackError) -> WireID {
    var wire = source
    for (step, relay) in relays.enumerated() {
      wire = try draft.addNode(
        "relay.\(index).\(step)", .windowSum(WindowSum(window: relay)), [wire])
    }
    return wire
  }

  /// Σ w·s for `count` sets of payloads, an array [count][neurons of the source] for each source.
  func run(_ payloads: [[Float]], count: Int) throws(PackError) -> [Float] {
    let values = try network.run(inputs: payloads, count: count, keeping: [output])
    return values[output] ?? []
  }
}
