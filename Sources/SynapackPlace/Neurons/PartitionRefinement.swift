/// What items send to one another: each net is sent by one item and heard by several.
struct ItemTraffic: Sendable {
  /// For each net the item that sends it.
  let senders: [Int32]
  /// For each net its events in one inference.
  let weights: [Float]
  /// For each net the distinct items that hear it.
  let hearers: IndexRows
  /// For each item the nets that it hears, and those that it sends.
  let heard: IndexRows
  let sent: IndexRows

  let items: Int

  init(items: Int, senders: [Int32], weights: [Float], hearers: IndexRows) {
    self.items = items
    self.senders = senders
    self.weights = weights
    self.hearers = hearers
    heard = hearers.transposed(count: items)
    var rows = IndexRows()
    for sender in senders {
      rows.values.append(sender)
      rows.close()
    }
    sent = rows.transposed(count: items)
  }

  /// Each neuron is an item and sends one net.
  init(_ network: NeuronNetwork) {
    self.init(
      items: network.count, senders: (0..<network.count).map { Int32(truncatingIfNeeded: $0) },
      weights: network.rates, hearers: network.targets)
  }
}

/// Says what a part may hold.
protocol PartLimits {
  /// Whether a part may take an item.
  ///
  /// - Parameter nets: the distinct nets that the part would hear.
  mutating func takes(_ item: Int, in part: Int, hearing nets: Int) -> Bool
  /// An item moved.
  mutating func moved(_ item: Int, from: Int, to: Int)
}

/// Moves single items between parts while that saves energy: the joint improvement of a partition
/// and its placement.
///
/// An event from part p to part q costs c(p, q) = E_route + d(p, q)·(E_route + E_wire). For an item
/// v that moves from a to b, over the nets s that it hears, each sent from p_s, the nets o that it
/// sends and the parts q that hear those:
///
///     Δ = Σ_s w_s·([b did not hear s]·c(p_s, b) − [only v heard s in a]·c(p_s, a))
///         + Σ_o w_o·Σ_q (c(b, q) − c(a, q))
struct PartitionRefinement: Sendable {
  /// Where parts lie and what a way between them costs.
  struct Ways {
    /// Where each part lies, in hops; `nil` before a placement, when all lie three hops apart.
    var positions: [SIMD2<Float>]?
    var route: Float
    var hop: Float

    init(_ constants: MeshConstants, _ mesh: MeshGeometry, _ places: [Int32]?) {
      route = Float(constants.energyRoute)
      hop = route + Float(constants.energyWire)
      let cells = places == nil ? [] : mesh.positions
      positions = places.map { $0.map { cells[Int($0)] } }
    }

    func cost(_ from: Int32, _ to: Int32) -> Float {
      guard from != to else { return route }
      guard let positions else { return route + 3 * hop }
      return route + hop * MeshState.length(positions[Int(from)] - positions[Int(to)])
    }
  }

  /// Which parts an item may go to.
  struct Choice {
    /// How many parts are weighed, those first that hear the most of what the item hears.
    var parts: Int
    /// Whether parts that the item hears, and that hear it, are among them.
    var includesPartners: Bool

    static let ofNeurons = Choice(parts: 8, includesPartners: false)
    static let ofBlocks = Choice(parts: 64, includesPartners: true)
  }

  private let traffic: ItemTraffic
  private let choice: Choice
  private(set) var part: [Int32]
  let parts: Int
  private var sizes: [Int]
  private var nets: [Int]
  /// For each net the parts that hear it, with how many of its hearers they hold.
  private var listeners: [[(part: Int32, count: Int32)]]
  /// How many of an item's nets each part hears; zeros between items.
  private var known: [Int32]

  init(_ traffic: ItemTraffic, _ part: [Int32], parts: Int, _ choice: Choice) {
    self.traffic = traffic
    self.choice = choice
    self.part = part
    self.parts = parts
    sizes = Array(repeating: 0, count: parts)
    nets = Array(repeating: 0, count: parts)
    known = Array(repeating: 0, count: parts)
    listeners = Array(repeating: [], count: traffic.senders.count)
    for own in part { sizes[Int(own)] += 1 }
    for net in traffic.senders.indices {
      for item in traffic.hearers.values[traffic.hearers.row(net)] { hear(net, part[Int(item)]) }
    }
  }

  private mutating func hear(_ net: Int, _ part: Int32) {
    for index in listeners[net].indices where listeners[net][index].part == part {
      listeners[net][index].count += 1
      return
    }
    listeners[net].append((part, 1))
    nets[Int(part)] += 1
  }

  private mutating func leave(_ net: Int, _ part: Int32) {
    for index in listeners[net].indices where listeners[net][index].part == part {
      listeners[net][index].count -= 1
      if listeners[net][index].count == 0 {
        listeners[net].swapAt(index, listeners[net].count - 1)
        listeners[net].removeLast()
        nets[Int(part)] -= 1
      }
      return
    }
  }

  private static let itemsBetweenStops = 256

  /// Tries every item up to `passes` times; the cost that was saved.
  ///
  /// - Parameter stop: asked now and then; where it says true the rest stays where it is.
  mutating func run(
    _ ways: Ways, passes: Int, _ limits: inout some PartLimits, stop: () -> Bool = { false }
  ) -> Float {
    var saved: Float = 0
    for _ in 0..<passes {
      var savedNow: Float = 0
      for item in 0..<traffic.items {
        if item.isMultiple(of: PartitionRefinement.itemsBetweenStops), stop() {
          return saved + savedNow
        }
        savedNow += consider(item, ways, &limits)
      }
      saved += savedNow
      if savedNow <= 0 { break }
    }
    return saved
  }

  private mutating func consider(
    _ item: Int, _ ways: Ways, _ limits: inout some PartLimits
  ) -> Float {
    let home = part[item]
    // A part that is left keeps an item, so that the number of parts stays.
    guard sizes[Int(home)] > 1 else { return 0 }
    let sources = traffic.heard.values[traffic.heard.row(item)]
    let (candidates, leaving) = candidates(item, home, sources, ways)
    defer { for other in candidates { known[Int(other)] = 0 } }
    var best: (change: Float, part: Int32)?
    for other in candidates.prefix(choice.parts) where other != home {
      let change = arriving(item, home, other, sources, ways) - leaving
      let nets = nets[Int(other)] + sources.count - max(0, Int(known[Int(other)]))
      guard change < best?.change ?? -1e-5, limits.takes(item, in: Int(other), hearing: nets)
      else { continue }
      best = (change, other)
    }
    guard let best else { return 0 }
    for net in sources {
      leave(Int(net), home)
      hear(Int(net), best.part)
    }
    sizes[Int(home)] -= 1
    sizes[Int(best.part)] += 1
    part[item] = best.part
    limits.moved(item, from: Int(home), to: Int(best.part))
    return -best.change
  }

  /// The parts that an item may go to, those first that hear the most of what it hears, and what is
  /// saved where it leaves its own. `known` holds for each how much it hears.
  private mutating func candidates(
    _ item: Int, _ home: Int32, _ sources: ArraySlice<Int32>, _ ways: Ways
  ) -> (parts: [Int32], leaving: Float) {
    var candidates: [Int32] = []
    var leaving: Float = 0
    for net in sources {
      for listener in listeners[Int(net)] {
        let other = listener.part
        if known[Int(other)] == 0 { candidates.append(other) }
        known[Int(other)] += 1
        if other == home, listener.count == 1 {
          leaving += traffic.weights[Int(net)] * ways.cost(part[senderOf: net, traffic], home)
        }
      }
    }
    if choice.includesPartners {
      var partners = sources.map { part[senderOf: $0, traffic] }
      for net in traffic.sent.values[traffic.sent.row(item)] {
        partners += listeners[Int(net)].map(\.part)
      }
      for other in partners where known[Int(other)] == 0 {
        candidates.append(other)
        // Marked as seen; it hears nothing of this.
        known[Int(other)] = -1
      }
    }
    candidates.sort { (known[Int($1)], $0) < (known[Int($0)], $1) }
    return (candidates, leaving)
  }

  /// What an item's events and those that it hears would cost in another part beyond now.
  private func arriving(
    _ item: Int, _ home: Int32, _ other: Int32, _ sources: ArraySlice<Int32>, _ ways: Ways
  ) -> Float {
    var change: Float = 0
    for net in sources where !listeners[Int(net)].contains(where: { $0.part == other }) {
      change += traffic.weights[Int(net)] * ways.cost(part[senderOf: net, traffic], other)
    }
    for net in traffic.sent.values[traffic.sent.row(item)] {
      for listener in listeners[Int(net)] {
        change +=
          traffic.weights[Int(net)]
          * (ways.cost(other, listener.part) - ways.cost(home, listener.part))
      }
    }
    return change
  }
}

extension [Int32] {
  /// The part of the item that sends a net.
  @inline(__always)
  fileprivate subscript(senderOf net: Int32, traffic: ItemTraffic) -> Int32 {
    self[Int(traffic.senders[Int(net)])]
  }
}
