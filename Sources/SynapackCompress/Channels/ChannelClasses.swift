internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Which channels of a network can only go together.
///
/// A channel is a place along the first axis of a wire. Operators that work channel by channel, and
/// joins, tie the channels of their wires together; a flattened plane ties its places to the channel
/// that they came from. Convolutions and linear layers end a class and begin new ones. What the
/// network's inputs, outputs and all other operators touch stays.
struct ChannelClasses: Sendable {
  /// Channels that go together, as wire and place.
  typealias Member = (wire: Int, channel: Int)

  /// The channels of each class, those that stay left out.
  let members: [[Member]]
  /// Classes that run through the same wires: alternatives to each other.
  let families: [[Int]]

  init(_ graph: Graph<Analog>) {
    var ties = ChannelTies(graph)
    for node in graph.nodes { ties.add(node, graph) }
    for wire in graph.inputs + graph.outputs { ties.keep(wire) }
    (members, families) = ties.classes()
  }
}

/// Sets of channels that grow together.
private struct ChannelTies {
  private let offsets: [Int]
  private let channels: [Int]
  /// The channels that stay have the last element as their root.
  private var parents: [Int]

  init(_ graph: Graph<Analog>) {
    channels = graph.wires.map { $0.shape.rank > 0 ? $0.shape[0] : 0 }
    var offsets: [Int] = []
    var total = 0
    for count in channels {
      offsets.append(total)
      total += count
    }
    self.offsets = offsets
    parents = Array(0...total)
  }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  /// The later root wins, so that of channels that stay is never lost.
  private mutating func tie(_ one: Int, _ other: Int) {
    let (a, b) = (root(one), root(other))
    parents[min(a, b)] = max(a, b)
  }

  mutating func keep(_ wire: WireID) {
    for channel in 0..<channels[wire.index] {
      tie(offsets[wire.index] + channel, parents.count - 1)
    }
  }

  mutating func add(_ node: Node, _ graph: Graph<Analog>) {
    switch node.op {
    case .relu, .clip, .scale, .activation, .maxPool, .averagePool, .windowSum, .pad,
      .channelAffine, .add:
      for wire in node.inputs { tie(wire, node.output, from: 0) }
    case .concat(let op) where op.axis == 0:
      var from = 0
      for wire in node.inputs {
        tie(wire, node.output, from: from)
        from += channels[wire.index]
      }
    case .reshape: reshape(node)
    case .convolution(let op) where op.groups == 1: break
    case .convolution(let op) where op.groups == channels[node.inputs[0].index]: reshape(node)
    case .linear where graph.shape(of: node.inputs[0]).rank == 1: break
    default:
      for wire in node.inputs + [node.output] { keep(wire) }
    }
  }

  private mutating func tie(_ one: WireID, _ other: WireID, from: Int) {
    guard from + channels[one.index] <= channels[other.index] else {
      keep(one)
      return keep(other)
    }
    for channel in 0..<channels[one.index] {
      tie(offsets[one.index] + channel, offsets[other.index] + from + channel)
    }
  }

  /// In row-major order a channel becomes several places, or several channels become one. The outputs
  /// of a depthwise kernel follow their channel in the same way.
  private mutating func reshape(_ node: Node) {
    let (one, other) = (node.inputs[0].index, node.output.index)
    let (before, after) = (channels[one], channels[other])
    guard before > 0, after > 0, before % after == 0 || after % before == 0 else {
      keep(node.inputs[0])
      return keep(node.output)
    }
    for place in 0..<max(before, after) {
      tie(
        offsets[one] + place * before / max(before, after),
        offsets[other] + place * after / max(before, after))
    }
  }

  /// Classes in the order of their first channel, and the families in that of their first class.
  mutating func classes() -> (members: [[ChannelClasses.Member]], families: [[Int]]) {
    var places: [Int: Int] = [:]
    var members: [[ChannelClasses.Member]] = []
    let kept = root(parents.count - 1)
    for (wire, count) in channels.enumerated() {
      for channel in 0..<count {
        let root = root(offsets[wire] + channel)
        guard root != kept else { continue }
        if places[root] == nil {
          places[root] = members.count
          members.append([])
        }
        if let place = places[root] { members[place].append((wire, channel)) }
      }
    }
    var order: [[Int]] = []
    var families: [[Int]: [Int]] = [:]
    for (place, members) in members.enumerated() {
      let wires = Set(members.map(\.wire)).sorted()
      if families[wires] == nil { order.append(wires) }
      families[wires, default: []].append(place)
    }
    return (members, order.compactMap { families[$0] })
  }
}
