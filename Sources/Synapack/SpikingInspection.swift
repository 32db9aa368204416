internal import SynapackConvert
public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

extension Inspection {
  /// A network that spikes already: its graph, its parameters, and node by node whether a program
  /// carries it.
  public static func spiking(_ graph: Graph<Spiking>, digest: Digest? = nil) -> JSON {
    let carried = CarriedNetwork(graph)
    let refused = carried.refusals.map { refusal -> JSON in
      .object([
        "node": .string(refusal.node), "op": .string(refusal.op), "advice": .string(refusal.advice),
      ])
    }
    let names = Set(carried.refusals.map(\.node))
    var members = common(graph, digest)
    members["phase"] = "spiking"
    members["nodes"] = .array(
      graph.nodes.map { node(graph, $0, isConvertible: !names.contains($0.name)) })
    members["convertible"] = .bool(carried.isCarried)
    members["refused"] = .array(refused)
    members["populations"] = .integer(carried.populations)
    return .object(members)
  }
}
