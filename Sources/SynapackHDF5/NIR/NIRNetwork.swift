internal import SynapackSupport
internal import SynapackTensor

/// A node of the file with its subgraphs' names before its own.
struct NIRNode: Sendable {
  let name: String
  /// The class that NIR calls it, e.g. `Affine`.
  let type: String
  /// The arrays of numbers by field.
  let arrays: [String: Tensor]
  /// The texts by field, such as a padding of `same`.
  let texts: [String: String]
  /// What its metadata say, where a producer writes them that is known to.
  var notes = NIRNodeNotes()

  /// The resistance where all neurons have the same.
  var resistance: Float? {
    let values = arrays["r"]?.floats() ?? []
    guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
    return first
  }
}

/// What our own exports say of a node in its metadata.
struct NIRNodeNotes: Sendable {
  var reset: NIRDialect.Reset?
  /// The membranes before the first tick, one a neuron.
  var starts: [Float]?

  var startsElsewhere: Bool { starts?.contains { $0 != 0 } ?? false }
}

/// The whole network with its subgraphs laid out: nodes, and who reads whom.
struct NIRNetwork: Sendable {
  let nodes: [NIRNode]
  /// For each node, the nodes that it reads, in the order of the edges.
  let sources: [[Int]]
  /// For each node, the nodes that read it, in the order of the edges.
  let readers: [[Int]]
  /// The inputs and outputs of the outermost graph.
  let inputs: [Int]
  let outputs: [Int]
  /// What the file's metadata say of its dialect.
  let metadata: NIRDialect
  /// The reader that they name, for which a loader of ours lies beside the file.
  let reader: NIRReader?
  /// Whether they add something to the scores that no node does.
  let readoutStartsElsewhere: Bool
  /// The version of NIR that wrote the file.
  let version: String

  /// The nodes in an order in which each finds what it reads computed.
  ///
  /// - Throws: `SYN0272` where some wait for one another.
  func order() throws(PackError) -> [Int] {
    var waiting = sources.map(\.count)
    // By nodes: edges that are written in another order give the same graph.
    var readers: [[Int]] = nodes.map { _ in [] }
    for (index, list) in sources.enumerated() {
      for source in list { readers[source].append(index) }
    }
    var order = nodes.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for reader in readers[order[next]] {
        waiting[reader] -= 1
        if waiting[reader] == 0 { order.append(reader) }
      }
      next += 1
    }
    guard order.count == nodes.count else {
      let stuck = nodes.indices.filter { waiting[$0] > 0 }.map { "`\(nodes[$0].name)`" }
      throw PackError(
        .recurrentNetwork,
        "the edges form a cycle among or before \(stuck.prefix(8).joined(separator: ", "))",
        hint: "use a network without recurrent connections")
    }
    return order
  }
}
