internal import SynapackPlace

extension LayeredNetwork {
  /// The traffic between parts that each hold some boxes: every event goes once to each part that
  /// hears its neuron.
  func graph(_ parts: [[Box]]) -> ClusterGraph {
    let sums = rates.map { channels in
      channels.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1) }
    }
    let listeners = Listeners(self, parts)
    return ClusterGraph(count: parts.count) { part, row in
      var weights: [Int32: Double] = [:]
      for box in parts[part] {
        for y in box.rows {
          for x in box.columns {
            for (target, channels) in listeners.of(box.layer, y, x) {
              let heard = channels.clamped(to: box.channels)
              guard !heard.isEmpty else { continue }
              let sum = sums[box.layer]
              weights[target, default: 0] += sum[heard.upperBound] - sum[heard.lowerBound]
            }
          }
        }
      }
      for (target, weight) in weights { row.append(.init(cluster: target, weight: Float(weight))) }
    }
  }

  /// For each cell of each layer the parts that hear it, with the channels they hear: disjoint
  /// ranges for each part.
  private struct Listeners {
    private var cells: [[[(part: Int32, channels: Range<Int>)]]]
    private let widths: [Int]

    init(_ network: LayeredNetwork, _ parts: [[Box]]) {
      widths = network.layers.map(\.width)
      cells = network.layers.map { Array(repeating: [], count: $0.height * $0.width) }
      for (part, boxes) in parts.enumerated() {
        for box in boxes {
          for input in network.layers[box.layer].inputs {
            let heard = network.heard(box, input)
            for y in heard.rows {
              for x in heard.columns {
                add(Int32(part), heard.channels, heard.layer, y * widths[heard.layer] + x)
              }
            }
          }
        }
      }
    }

    private mutating func add(_ part: Int32, _ channels: Range<Int>, _ layer: Int, _ cell: Int) {
      var range = channels
      // Parts come in order, so that this part's entries are the last ones.
      while let last = cells[layer][cell].last, last.part == part,
        last.channels.lowerBound <= range.upperBound, range.lowerBound <= last.channels.upperBound
      {
        range =
          min(
            range.lowerBound, last.channels.lowerBound)..<max(
            range.upperBound, last.channels.upperBound)
        cells[layer][cell].removeLast()
      }
      cells[layer][cell].append((part, range))
    }

    func of(_ layer: Int, _ y: Int, _ x: Int) -> [(part: Int32, channels: Range<Int>)] {
      cells[layer][y * widths[layer] + x]
    }
  }
}
