internal import Foundation
internal import SynapackPlace

/// The published generators of random networks.
enum RandomNetworks {
  /// Neuron s sends to about `fanOut` others i, with a probability that falls with |i − s|:
  ///
  ///     p(i | s) ∝ e^(−|i − s| / 0.1 n) · (1 + 0.3 tanh((i − s) / 0.05 n)),  rate = 0.1 + 0.9·Beta(5, 2)
  ///
  /// Source: AxonFlow (Ronzani and Silvano), `snn.py`, `generate_random`.
  static func random(
    _ count: Int, fanOut: Double, spread: Double, seed: UInt64
  ) -> NeuronNetwork {
    var draw = Draw(seed: seed)
    let reach = 0.1 * Double(count)
    return NeuronNetwork(count: count) { source, row in
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
      row += chosen
      return Float(0.1 + 0.9 * draw.beta52())
    }
  }

  /// Neurons at random places of the unit square; most targets near, a twentieth anywhere.
  ///
  /// Source: AxonFlow, `snn.py`, `generate_reservoir_random`; the spread 0.35, the share 0.05 and
  /// the rates (median 1, coefficient of variation 4) are those of its example.
  static func reservoir(_ count: Int, fanOut: Double, seed: UInt64) -> NeuronNetwork {
    var draw = Draw(seed: seed)
    let places = (0..<count).map { _ in SIMD2(draw.unit(), draw.unit()) }
    return NeuronNetwork(count: count) { source, row in
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
      row += chosen
      return Float(draw.logNormal(median: 1, variation: 4))
    }
  }
}
