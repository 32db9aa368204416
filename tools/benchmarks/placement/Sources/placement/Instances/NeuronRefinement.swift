internal import SynapackPlace

/// Moves single neurons between parts while that saves energy: the joint improvement of a
/// partition and its placement.
///
/// An event from part p to part q costs c(p, q) = E_route + d(p, q)·(E_route + E_wire). For a
/// neuron v that moves from a to b, over the neurons s that it hears and the parts q that hear it:
///
///     Δ = Σ_s r_s·([b did not hear s]·c(p_s, b) − [only v heard s in a]·c(p_s, a))
///         + r_v·Σ_q (c(b, q) − c(a, q))
struct NeuronRefinement {
  private let network: SpikingNetwork
  private let heard: SpikingNetwork
  private let chip: VirtualChip
  private(set) var part: [Int32]
  let parts: Int
  private var neurons: [Int]
  private var axons: [Int]
  /// For each neuron the parts that hear it, with how many of its targets they hold.
  private var listeners: [[(part: Int32, count: Int32)]]

  init(_ network: SpikingNetwork, _ chip: VirtualChip, _ part: [Int32], parts: Int) {
    self.network = network
    self.chip = chip
    self.part = part
    self.parts = parts
    heard = network.transposed
    neurons = Array(repeating: 0, count: parts)
    axons = Array(repeating: 0, count: parts)
    listeners = Array(repeating: [], count: network.count)
    for own in part { neurons[Int(own)] += 1 }
    for source in 0..<network.count {
      for target in network.targets[network.row(source)] { hear(source, part[Int(target)]) }
    }
  }

  private mutating func hear(_ source: Int, _ part: Int32) {
    for index in listeners[source].indices where listeners[source][index].part == part {
      listeners[source][index].count += 1
      return
    }
    listeners[source].append((part, 1))
    axons[Int(part)] += 1
  }

  private mutating func leave(_ source: Int, _ part: Int32) {
    for index in listeners[source].indices where listeners[source][index].part == part {
      listeners[source][index].count -= 1
      if listeners[source][index].count == 0 {
        listeners[source].swapAt(index, listeners[source].count - 1)
        listeners[source].removeLast()
        axons[Int(part)] -= 1
      }
      return
    }
  }

  /// Tries every neuron `passes` times; the cost that was saved.
  ///
  /// - Parameter places: for each part its cell; nil before a placement, all one hop apart.
  mutating func run(_ places: [Int32]?, passes: Int) -> Float {
    let cells = places?.map { cell -> SIMD2<Float> in
      SIMD2(
        Float(Int(cell) % chip.geometry.columns), Float(Int(cell) / chip.geometry.columns))
    }
    let route = Float(chip.constants.energyRoute)
    let hop = route + Float(chip.constants.energyWire)
    func cost(_ from: Int32, _ to: Int32) -> Float {
      guard from != to else { return route }
      guard let cells else { return route + 3 * hop }
      let way = cells[Int(from)] - cells[Int(to)]
      return route + hop * (way.x.magnitude + way.y.magnitude)
    }
    var saved: Float = 0
    // What each part would add and already has, of the neuron under consideration.
    var gains = [Float](repeating: 0, count: parts)
    var known = [Int32](repeating: 0, count: parts)
    for _ in 0..<passes {
      var savedNow: Float = 0
      for neuron in 0..<network.count {
        savedNow += consider(neuron, cost, &gains, &known)
      }
      saved += savedNow
      if savedNow <= 0 { break }
    }
    return saved
  }

  private mutating func consider(
    _ neuron: Int, _ cost: (Int32, Int32) -> Float, _ gains: inout [Float], _ known: inout [Int32]
  ) -> Float {
    let home = part[neuron]
    guard neurons[Int(home)] > 1 else { return 0 }
    let sources = heard.targets[heard.row(neuron)]
    var candidates: [Int32] = []
    var leaving: Float = 0
    for source in sources {
      for listener in listeners[Int(source)] {
        let other = listener.part
        if known[Int(other)] == 0 { candidates.append(other) }
        known[Int(other)] += 1
        if other == home, listener.count == 1 {
          leaving += network.rates[Int(source)] * cost(part[Int(source)], home)
        }
      }
    }
    defer { for other in candidates { known[Int(other)] = 0 } }
    // The parts that hear already the most of what the neuron hears.
    candidates.sort { (known[Int($1)], $0) < (known[Int($0)], $1) }
    var best: (cost: Float, part: Int32)?
    for other in candidates.prefix(8) where other != home {
      let more = sources.count - Int(known[Int(other)])
      guard neurons[Int(other)] < chip.neurons, axons[Int(other)] + more <= chip.inboundAxons
      else { continue }
      var change = -leaving
      for source in sources
      where !listeners[Int(source)].contains(where: { $0.part == other }) {
        change += network.rates[Int(source)] * cost(part[Int(source)], other)
      }
      for listener in listeners[neuron] {
        change +=
          network.rates[neuron] * (cost(other, listener.part) - cost(home, listener.part))
      }
      if change < best?.cost ?? -1e-5 { best = (change, other) }
    }
    guard let best else { return 0 }
    for source in sources {
      leave(Int(source), home)
      hear(Int(source), best.part)
    }
    neurons[Int(home)] -= 1
    neurons[Int(best.part)] += 1
    part[neuron] = best.part
    return -best.cost
  }
}
