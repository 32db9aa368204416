/// Grows one part after another by the overlap of what its neurons hear.
struct OverlapGrowth {
  private let network: NeuronNetwork
  private let heard: IndexRows
  private let limits: CoreLimits
  private var part: [Int32]
  /// Of what each free neuron hears, how much the open part hears already.
  private var shared: [Int32]
  private var touched: [Int32] = []
  private var stamp: [Int32]
  /// Free neurons by how many axons they would add; entries may be out of date.
  private var buckets: [[Int32]] = []
  private var lowest = 0
  private var open: Int32 = 0

  init(_ network: NeuronNetwork, _ limits: CoreLimits) {
    self.network = network
    self.limits = limits
    heard = network.targets.transposed(count: network.count)
    part = Array(repeating: -1, count: network.count)
    shared = Array(repeating: 0, count: network.count)
    stamp = Array(repeating: -1, count: network.count)
  }

  /// `nil` where one neuron hears more than a core takes.
  mutating func run() -> NeuronPartition? {
    let reached = (0..<network.count).map {
      network.rates[$0] * Float(network.targets.row($0).count)
    }
    let seeds = reached.indices.sorted { (reached[$1], $0) < (reached[$0], $1) }
    var cursor = 0
    let widest = (0..<network.count).map { heard.row($0).count }.max() ?? 0
    guard widest <= limits.inboundAxons else { return nil }
    buckets = Array(repeating: [], count: widest + 1)
    while true {
      while cursor < seeds.count, part[seeds[cursor]] >= 0 { cursor += 1 }
      guard cursor < seeds.count else { return NeuronPartition(part: part, parts: Int(open)) }
      fill(from: seeds[cursor])
      open += 1
    }
  }

  private mutating func fill(from seed: Int) {
    for neuron in touched { shared[Int(neuron)] = 0 }
    touched.removeAll(keepingCapacity: true)
    for index in buckets.indices { buckets[index].removeAll(keepingCapacity: true) }
    lowest = buckets.count
    var (neurons, axons) = (0, 0)
    var next: Int? = seed
    while let neuron = next {
      let more = heard.row(neuron).count - Int(shared[neuron])
      guard neurons < limits.neurons, axons + more <= limits.inboundAxons else { return }
      part[neuron] = open
      neurons += 1
      axons += more
      hear(neuron)
      next = best()
    }
  }

  private mutating func hear(_ neuron: Int) {
    for source in heard.values[heard.row(neuron)] where stamp[Int(source)] != open {
      stamp[Int(source)] = open
      for target in network.targets(of: Int(source)) where part[Int(target)] < 0 {
        if shared[Int(target)] == 0 { touched.append(target) }
        shared[Int(target)] += 1
        let new = heard.row(Int(target)).count - Int(shared[Int(target)])
        buckets[new].append(target)
        lowest = min(lowest, new)
      }
    }
  }

  private mutating func best() -> Int? {
    while lowest < buckets.count {
      while let neuron = buckets[lowest].popLast() {
        let now = heard.row(Int(neuron)).count - Int(shared[Int(neuron)])
        if part[Int(neuron)] < 0, now == lowest { return Int(neuron) }
      }
      lowest += 1
    }
    return nil
  }
}
