public import SynapackSupport
public import SynapackTensor

/// A change to a graph as a value: what a rule wants done, with a label that says which rule.
///
/// Wires of `adds` that the graph does not have yet are listed in `wires`; their identities start
/// at the graph's wire count. Rewires replace every use of a wire, also among the outputs.
public struct GraphEdit: Sendable {
  public let label: String
  public var wires: [Wire] = []
  /// Replacement operators and inputs for nodes that stay, by node name.
  public var replaces: [String: Node] = [:]
  /// New nodes, each to stand just before the node of that name.
  public var adds: [(before: String, node: Node)] = []
  public var removes: Set<String> = []
  public var rewires: [WireID: WireID] = [:]
  public var weights: [String: Tensor] = [:]

  public init(label: String) {
    self.label = label
  }
}

extension Graph {
  /// The graph with `edit` applied and every invariant checked again.
  ///
  /// - Throws: `SYN0901` where a rewire changes a shape, a name is not the graph's or the result is
  ///   malformed: the rule that made the edit is wrong, not the model.
  public func applying(_ edit: GraphEdit) throws(PackError) -> Graph {
    var draft = draft
    draft.wires += edit.wires
    for (from, to) in edit.rewires.sorted(by: { $0.key.index < $1.key.index }) {
      guard draft.wires.indices.contains(from.index), draft.wires.indices.contains(to.index) else {
        throw defect(edit, "rewires a wire that does not exist")
      }
      let (old, new) = (draft.wires[from.index].shape, draft.wires[to.index].shape)
      guard old == new else { throw defect(edit, "rewires \(old) to \(new)") }
    }
    let named = edit.removes.union(edit.replaces.keys).union(edit.adds.map(\.before))
    guard named.isSubset(of: nodes.map(\.name)) else {
      throw defect(edit, "names a node that does not exist")
    }
    for (name, tensor) in edit.weights { draft.weights[name] = tensor }
    draft.nodes = edited(draft.nodes, edit)
    draft.outputs = draft.outputs.map { edit.rewires[$0] ?? $0 }
    let used = Set(draft.nodes.flatMap { $0.op.payload.weightNames })
    draft.weights.keepOnly(used)
    do {
      return try Graph(verifying: draft)
    } catch {
      throw defect(edit, "leaves a malformed graph: \(error.message)")
    }
  }

  private func defect(_ edit: GraphEdit, _ message: String) -> PackError {
    PackError(.defect, "the edit `\(edit.label)` \(message)", hint: "please report this model")
  }

  private func edited(_ nodes: [Node], _ edit: GraphEdit) -> [Node] {
    var result: [Node] = []
    for node in nodes {
      for added in edit.adds where added.before == node.name { result.append(added.node) }
      guard !edit.removes.contains(node.name) else { continue }
      var kept = edit.replaces[node.name] ?? node
      kept.inputs = kept.inputs.map { edit.rewires[$0] ?? $0 }
      result.append(kept)
    }
    return result
  }
}
