internal import SynapackPlace

/// Partitions of networks without a structure.
enum NeuronPartitions {
  /// Neurons in their order, cut where a core is full: Jin et al. 2023.
  static func sequential(
    _ network: SpikingNetwork, _ chip: VirtualChip
  ) -> (part: [Int32], parts: Int)? {
    let heard = network.transposed
    var part = [Int32](repeating: 0, count: network.count)
    var stamp = [Int32](repeating: -1, count: network.count)
    var (open, neurons, axons): (Int32, Int, Int) = (0, 0, 0)
    for neuron in 0..<network.count {
      var more = heard.targets[heard.row(neuron)].count { stamp[Int($0)] != open }
      if neurons + 1 > chip.neurons || axons + more > chip.inboundAxons {
        guard neurons > 0 else { return nil }
        (open, neurons, axons) = (open + 1, 0, 0)
        more = heard.row(neuron).count
        guard more <= chip.inboundAxons else { return nil }
      }
      for source in heard.targets[heard.row(neuron)] { stamp[Int(source)] = open }
      part[neuron] = open
      neurons += 1
      axons += more
    }
    return (part, Int(open) + 1)
  }

  /// Hyperedge overlap, after Ronzani and Silvano 2026: a part opens with the most active free
  /// neuron's targets; then always the free neuron that adds the fewest new inbound axons, of
  /// equals the one with the largest inbound set.
  static func overlap(
    _ network: SpikingNetwork, _ chip: VirtualChip
  ) -> (part: [Int32], parts: Int)? {
    var growth = Growth(network, chip)
    return growth.run()
  }

  private struct Growth {
    let network: SpikingNetwork
    let heard: SpikingNetwork
    let chip: VirtualChip
    var part: [Int32]
    /// Of what each free neuron hears, how much the open part hears already.
    var shared: [Int32]
    var touched: [Int32] = []
    var stamp: [Int32]
    /// Free neurons by how many axons they would add; entries may be out of date.
    var buckets: [[Int32]] = []
    var lowest = 0
    var open: Int32 = 0

    init(_ network: SpikingNetwork, _ chip: VirtualChip) {
      self.network = network
      self.chip = chip
      heard = network.transposed
      part = Array(repeating: -1, count: network.count)
      shared = Array(repeating: 0, count: network.count)
      stamp = Array(repeating: -1, count: network.count)
    }

    mutating func run() -> (part: [Int32], parts: Int)? {
      let seeds = (0..<network.count).sorted {
        let left = network.rates[$0] * Float(network.row($0).count)
        let right = network.rates[$1] * Float(network.row($1).count)
        return (right, $0) < (left, $1)
      }
      var cursor = 0
      let widest = (0..<network.count).map { heard.row($0).count }.max() ?? 0
      guard widest <= chip.inboundAxons else { return nil }
      buckets = Array(repeating: [], count: widest + 1)
      while true {
        while cursor < seeds.count, part[seeds[cursor]] >= 0 { cursor += 1 }
        guard cursor < seeds.count else { return (part, Int(open)) }
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
        guard neurons < chip.neurons, axons + more <= chip.inboundAxons else { return }
        part[neuron] = open
        neurons += 1
        axons += more
        hear(neuron)
        next = best()
      }
    }

    private mutating func hear(_ neuron: Int) {
      for source in heard.targets[heard.row(neuron)] where stamp[Int(source)] != open {
        stamp[Int(source)] = open
        for target in network.targets[network.row(Int(source))] where part[Int(target)] < 0 {
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
}
