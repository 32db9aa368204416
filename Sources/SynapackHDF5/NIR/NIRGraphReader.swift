internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Turns a network into a spiking graph, node by node.
enum NIRGraphReader {
  static func graph(
    _ network: NIRNetwork, digest: Digest, fileBytes: Int, dialect: String,
    _ report: inout Report
  ) throws(PackError) -> Graph<Spiking> {
    let order = try network.order()
    let reading = try NIRReading(network, option: dialect, &report)
    guard !network.inputs.isEmpty, !network.outputs.isEmpty else {
      throw PackError(
        .unsupportedInterface,
        "\(network.inputs.count) inputs and \(network.outputs.count) outputs",
        hint: "give the network an Input and an Output")
    }
    var builder = NIRGraphBuilder(
      origin: Origin(
        format: NIRImporter.format.id, digest: digest,
        producer: reading.producer.isEmpty ? "nir" : reading.producer, version: network.version),
      reading: reading, fileBytes: fileBytes)
    var wires: [Int: WireID] = [:]
    for index in network.inputs {
      let node = network.nodes[index]
      wires[index] = try within(.node(node.name)) { () throws(PackError) in
        guard network.sources[index].isEmpty else {
          throw NIRFileReader.malformed("an edge leads into an input")
        }
        return try builder.addInput(node.name, InterfaceNodes.shape(node))
      }
    }
    for index in order where wires[index] == nil {
      let node = network.nodes[index]
      wires[index] = try within(.node(node.name)) { () throws(PackError) in
        let inputs = network.sources[index].compactMap { wires[$0] }
        guard let lowering = nirLowerings[node.type], !inputs.isEmpty else {
          throw NIRFileReader.malformed("no edge leads into the node")
        }
        let input = try sum(inputs, node.name, &builder)
        return try lowering.body(NIRNodeContext(node: node, input: input), &builder)
      }
    }
    for index in network.outputs { if let wire = wires[index] { builder.addOutput(wire) } }
    return try Graph(verifying: builder.draft)
  }

  /// Several edges into one node mean their sum.
  private static func sum(
    _ inputs: [WireID], _ name: String, _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> WireID {
    inputs.count == 1 ? inputs[0] : try builder.add(name + ".sum", .add(Add()), inputs)
  }
}
