internal import Foundation
internal import SynapackPlace

/// Neurons without a structure: whom each sends to, and how often.
struct SpikingNetwork {
  var name: String
  /// The targets of neuron n are `targets[offsets[n] ..< offsets[n + 1]]`.
  var offsets: [Int] = [0]
  var targets: [Int32] = []
  /// For each neuron the events that it sends in one inference.
  var rates: [Float] = []

  var count: Int { rates.count }

  func row(_ neuron: Int) -> Range<Int> { offsets[neuron]..<offsets[neuron + 1] }

  /// Whom each neuron hears.
  var transposed: SpikingNetwork {
    var heard = SpikingNetwork(name: name)
    var counts = [Int](repeating: 0, count: count + 1)
    for target in targets { counts[Int(target) + 1] += 1 }
    for index in 0..<count { counts[index + 1] += counts[index] }
    heard.offsets = counts
    heard.targets = Array(repeating: 0, count: targets.count)
    heard.rates = rates
    var next = counts
    for source in 0..<count {
      for target in targets[row(source)] {
        heard.targets[next[Int(target)]] = Int32(source)
        next[Int(target)] += 1
      }
    }
    return heard
  }

  /// The traffic between parts: an event goes once to each part with a neuron that hears it.
  func graph(_ part: [Int32], parts: Int) -> ClusterGraph {
    var members = [[Int32]](repeating: [], count: parts)
    for (neuron, part) in part.enumerated() { members[Int(part)].append(Int32(neuron)) }
    var stamp = [Int32](repeating: -1, count: parts)
    return ClusterGraph(count: parts) { own, row in
      for neuron in members[own] {
        for target in targets[self.row(Int(neuron))] {
          let other = part[Int(target)]
          guard stamp[Int(other)] != neuron else { continue }
          stamp[Int(other)] = neuron
          row.append(.init(cluster: other, weight: rates[Int(neuron)]))
        }
      }
    }
  }
}

/// The published generators of random networks.
extension SpikingNetwork {
  /// Neuron s sends to about `fanOut` others i, with a probability that falls with |i − s|:
  ///
  ///     p(i | s) ∝ e^(−|i − s| / 0.1 n) · (1 + 0.3 tanh((i − s) / 0.05 n)),  rate = 0.1 + 0.9·Beta(5, 2)
  ///
  /// Source: AxonFlow (Ronzani and Silvano), `snn.py`, `generate_random`.
  static func random(_ name: String, _ count: Int, fanOut: Double, spread: Double, seed: UInt64)
    -> SpikingNetwork
  {
    var draw = Draw(seed: seed)
    var network = SpikingNetwork(name: name)
    let reach = 0.1 * Double(count)
    for source in 0..<count {
      let wanted = max(1, Int((fanOut + spread * draw.normal()).rounded()))
      var chosen: Set<Int32> = []
      while chosen.count < min(wanted, count - 1) {
        let step = -reach * log(1 - draw.unit()) * (draw.unit() < 0.5 ? 1 : -1)
        let target = (Double(source) + step).rounded()
        guard target >= 0, target < Double(count), Int(target) != source,
          draw.unit() * 1.3 < 1 + 0.3 * tanh(step / (0.05 * Double(count)))
        else { continue }
        chosen.insert(Int32(target))
      }
      network.append(chosen.sorted(), rate: 0.1 + 0.9 * draw.beta52())
    }
    return network
  }

  /// Neurons at random places of the unit square; most targets near, a twentieth anywhere.
  ///
  /// Source: AxonFlow, `snn.py`, `generate_reservoir_random`; the spread 0.35, the share 0.05 and
  /// the rates (median 1, coefficient of variation 4) are those of its example.
  static func reservoir(_ name: String, _ count: Int, fanOut: Double, seed: UInt64)
    -> SpikingNetwork
  {
    var draw = Draw(seed: seed)
    let places = (0..<count).map { _ in SIMD2(draw.unit(), draw.unit()) }
    var network = SpikingNetwork(name: name)
    for source in 0..<count {
      let wanted = min(count - 1, max(1, draw.poisson(fanOut)))
      let distant = Int((0.05 * Double(wanted)).rounded())
      var chosen: Set<Int32> = []
      while chosen.count < wanted {
        let target = draw.below(count)
        guard target != source else { continue }
        if chosen.count >= distant {
          let way = (places[target] - places[source]) / 0.35
          guard draw.unit() < exp(-0.5 * (way * way).sum()) else { continue }
        }
        chosen.insert(Int32(target))
      }
      network.append(chosen.sorted(), rate: draw.logNormal(median: 1, variation: 4))
    }
    return network
  }

  private mutating func append(_ row: [Int32], rate: Double) {
    targets += row
    offsets.append(targets.count)
    rates.append(Float(rate))
  }
}
