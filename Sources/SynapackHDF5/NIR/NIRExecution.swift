/// The order in which nirtorch's executor runs a network, which norse, Rockpool and sinabs use: depth first
/// from the input, along the edges as they stand in the file (nirtorch 2.6, `trace_execution`).
///
/// A node runs once, as soon as it is come to, with what has run by then. What has not is left out, and
/// what ran last is returned, whether it is the output or not.
struct NIRExecution {
  /// The nodes as they run; those that nothing leads to from the first input are missing.
  private(set) var order: [Int] = []
  private let sources: [[Int]]
  /// From a node's place in the order to the end of all that was come to through it.
  private var spans: [Int: Range<Int>] = [:]

  init(_ network: NIRNetwork) {
    sources = network.sources
    guard let first = network.inputs.first else { return }
    var path: [(node: Int, next: Int)] = []
    enter(first, &path)
    while let (node, next) = path.last {
      guard next < network.readers[node].count else {
        if let place = spans[node]?.lowerBound { spans[node] = place..<order.count }
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let reader = network.readers[node][next]
      if spans[reader] == nil { enter(reader, &path) }
    }
  }

  private mutating func enter(_ node: Int, _ path: inout [(node: Int, next: Int)]) {
    spans[node] = order.count..<order.count
    order.append(node)
    path.append((node, 0))
  }

  /// What the node reads and runs without. A node that it leads to itself is heard a tick later, as loops are.
  func missing(_ node: Int) -> [Int] {
    guard let own = spans[node] else { return [] }
    return sources[node].filter { source in
      guard let place = spans[source]?.lowerBound else { return true }
      return place >= own.upperBound
    }
  }
}

/// What each reader makes of a network's edges.
extension NIRReader {
  func remarks(on network: NIRNetwork) -> [(node: String, message: String)] {
    switch self {
    case .nir: []
    case .norse, .rockpool, .sinabs: executed(network)
    case .snntorch, .spikingjelly: traced(network)
    }
  }

  private func executed(_ network: NIRNetwork) -> [(node: String, message: String)] {
    let execution = NIRExecution(network)
    var remarks = network.inputs.dropFirst().map {
      (network.nodes[$0].name, "runs one of \(network.inputs.count) inputs alone")
    }
    for index in execution.order {
      let missing = execution.missing(index)
      guard !missing.isEmpty else { continue }
      let names = missing.prefix(8).map { "`\(network.nodes[$0].name)`" }.joined(separator: ", ")
      remarks.append(
        (
          network.nodes[index].name,
          "runs the node without what \(names) \(missing.count == 1 ? "sends" : "send"): no more "
            + "than what ran before is summed"
        ))
    }
    if let last = execution.order.last, !network.outputs.isEmpty, !network.outputs.contains(last) {
      remarks.append(
        (
          network.nodes[last].name,
          "returns what this node sends in place of the output, for it runs last"
        ))
    }
    return remarks
  }

  /// nirtorch's interpreter makes one function of the network, which takes one input.
  private func traced(_ network: NIRNetwork) -> [(node: String, message: String)] {
    var remarks = network.inputs.dropFirst().map {
      (network.nodes[$0].name, "refuses a network of \(network.inputs.count) inputs")
    }
    for (index, node) in network.nodes.enumerated() where node.type == "Output" {
      let count = network.sources[index].count
      guard count > 1 else { continue }
      remarks.append(
        (
          node.name,
          "returns the \(count) inputs of an output apart, not their sum; sum them in a node before it"
        ))
    }
    return remarks
  }
}
