internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A layer whose rows of weights are channels of its output.
struct WeightedNode {
  let node: Node
  let weight: String
  let bias: String?
  let groups: Int

  /// `nil` for a node without weights, and for a linear one that runs along the last of several axes.
  init?(_ node: Node, _ graph: Graph<Analog>) {
    switch node.op {
    case .convolution(let op): (weight, bias, groups) = (op.weight, op.bias, op.groups)
    case .linear(let op) where graph.shape(of: node.output).rank == 1:
      (weight, bias, groups) = (op.weight, op.bias, 1)
    default: return nil
    }
    self.node = node
  }

  /// The node with other weights, named; without a name the bias stays.
  func with(weight: String, bias: String? = nil) -> Node {
    var changed = node
    switch node.op {
    case .convolution(var op):
      op.weight = weight
      op.bias = bias ?? op.bias
      changed.op = .convolution(op)
    case .linear(var op):
      op.weight = weight
      op.bias = bias ?? op.bias
      changed.op = .linear(op)
    default: break
    }
    return changed
  }
}
