internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Gives operators that are linear in a special case the name of that case, so that only one form
/// of it has to be converted.
///
///     binary add of one shape        ⟹      add
///     binary subtract of one shape   ⟹      add of the first and −1 times the second
///     activation negate              ⟹      scale by −1
///     reduce mean over the plane     ⟹      averagePool over the plane
///     reduce mean over the tokens    ⟹      transpose, then averagePool over the plane
enum NameLinearForms: GraphRule {
  static let label = "name-linear-forms"

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      switch node.op {
      case .activation(let op) where op.function == .negate:
        return replacing(node, .scale(Scale(factor: -1)))
      case .binary(let op) where op.function == .add && hasOneShape(node, graph):
        return replacing(node, .add(Add()))
      case .binary(let op) where op.function == .subtract && hasOneShape(node, graph):
        return subtraction(node, graph)
      case .reduce(let op) where op.function == .mean && op.axes == [0]:
        if let edit = try tokenMean(node, op, graph) { return edit }
      case .reduce(let op) where op.function == .mean:
        if let edit = try pooling(node, op, graph) { return edit }
      default: continue
      }
    }
    return nil
  }

  private static func hasOneShape(_ node: Node, _ graph: Graph<Analog>) -> Bool {
    node.inputs.allSatisfy { graph.shape(of: $0) == graph.shape(of: node.output) }
  }

  private static func replacing(_ node: Node, _ op: Op) -> GraphEdit {
    var edit = GraphEdit(label: label)
    var named = node
    named.op = op
    edit.replaces = [node.name: named]
    return edit
  }

  private static func subtraction(_ node: Node, _ graph: Graph<Analog>) -> GraphEdit {
    var edit = replacing(node, .add(Add()))
    let name = graph.freshNodeName(node.name + ".negated")
    let wire = WireID(index: graph.wires.count)
    edit.wires = [Wire(name: name, shape: graph.shape(of: node.output))]
    edit.adds = [
      (
        before: node.name,
        Node(name: name, op: .scale(Scale(factor: -1)), inputs: [node.inputs[1]], output: wire)
      )
    ]
    edit.replaces[node.name]?.inputs = [node.inputs[0], wire]
    return edit
  }

  /// The mean over the tokens of [tokens, channels].
  private static func tokenMean(
    _ node: Node, _ op: Reduce, _ graph: Graph<Analog>
  ) throws(PackError) -> GraphEdit? {
    guard let source = node.inputs.first, graph.shape(of: source).rank == 2 else { return nil }
    let (tokens, channels) = (graph.shape(of: source)[0], graph.shape(of: source)[1])
    var edit = replacing(node, .reshape(Reshape(shape: graph.shape(of: node.output))))
    let turned = WireID(index: graph.wires.count)
    let pooled = WireID(index: graph.wires.count + 1)
    let names = ["turned", "pool"].map { graph.freshNodeName("\(node.name).\($0)") }
    edit.wires = [
      Wire(name: names[0], shape: try Shape([channels, tokens])),
      Wire(name: names[1], shape: try Shape([channels, 1])),
    ]
    let turn = Op.transpose(Transpose(permutation: [1, 0]))
    let pool = AveragePool(
      window: Window(kernel: Extent(y: 1, x: tokens)), countsPadding: false)
    edit.adds = [
      (before: node.name, Node(name: names[0], op: turn, inputs: [source], output: turned)),
      (
        before: node.name,
        Node(name: names[1], op: .averagePool(pool), inputs: [turned], output: pooled)
      ),
    ]
    edit.replaces[node.name]?.inputs = [pooled]
    return edit
  }

  /// The mean over every axis behind the channel of [C, L] or [C, H, W].
  private static func pooling(
    _ node: Node, _ op: Reduce, _ graph: Graph<Analog>
  ) throws(PackError) -> GraphEdit? {
    guard let source = node.inputs.first, let planes = graph.shape(of: source).planes,
      graph.shape(of: source).rank > 1, op.axes == Array(1..<graph.shape(of: source).rank)
    else { return nil }
    let pool = Op.averagePool(
      AveragePool(
        window: Window(kernel: Extent(y: planes.height, x: planes.width)), countsPadding: false))
    if op.keepsAxes { return replacing(node, pool) }
    let name = graph.freshNodeName(node.name + ".pool")
    let wire = WireID(index: graph.wires.count)
    let shape = graph.shape(of: node.output)
    var edit = replacing(node, .reshape(Reshape(shape: shape)))
    edit.wires = [Wire(name: name, shape: try Shape([planes.channels] + op.axes.map { _ in 1 }))]
    edit.adds = [
      (before: node.name, Node(name: name, op: pool, inputs: [source], output: wire))
    ]
    edit.replaces[node.name]?.inputs = [wire]
    return edit
  }
}

extension Graph {
  /// A name that no node has, made from `base`.
  func freshNodeName(_ base: String) -> String {
    let taken = Set(nodes.map(\.name))
    var name = base
    while taken.contains(name) { name += "'" }
    return name
  }
}
