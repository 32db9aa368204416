internal import SynapackProgram
internal import SynapackTensor

/// Every synapse of a connection by itself, for simulators that have no shared weights.
struct SynapseList {
  struct Synapse: Hashable {
    let source: Int
    let target: Int
    let weight: Int
  }

  /// Ordered by source, then target; synapses between the same two are added, none is zero.
  let synapses: [Synapse]

  init(_ connection: Connection, from source: Shape, to target: Shape) {
    var sums: [Int: Int] = [:]
    let planes = source.planes ?? (source.count, 1, 1)
    var extent = Extent(y: planes.height, x: planes.width)
    var reached = (0..<extent.y * extent.x).map { [$0] }
    for relay in connection.relays {
      let output = relay.outputExtent(of: extent) ?? extent
      let table = SynapseList.taps(relay, extent, output)
      reached = reached.map { cells in cells.flatMap { table[$0].map(\.cell) } }
      extent = output
    }
    let cells = extent.y * extent.x
    let weights = connection.synapses.weights
    let values = weights.values
    let count = target.count
    func add(_ neuron: Int, _ output: Int, _ weight: Int16) {
      if weight != 0 { sums[neuron * count + output, default: 0] += Int(weight) }
    }
    for channel in 0..<planes.channels {
      for (place, relayed) in reached.enumerated() {
        let neuron = channel * reached.count + place
        for cell in relayed {
          switch connection.synapses {
          case .dense:
            let input = channel * cells + cell
            for output in 0..<count {
              add(neuron, output, values[output * weights.shape[1] + input])
            }
          case .convolution(_, let window, let groups):
            let output = window.outputExtent(of: extent) ?? extent
            let (depth, area) = (weights.shape[1], weights.shape[2] * weights.shape[3])
            let perGroup = weights.shape[0] / max(1, groups)
            let first = channel / depth * perGroup
            for tap in SynapseList.taps(window, extent, output, of: cell) {
              for kernel in first..<first + perGroup {
                add(
                  neuron, kernel * output.y * output.x + tap.cell,
                  values[(kernel * depth + channel % depth) * area + tap.kernel])
              }
            }
          }
        }
      }
    }
    synapses = sums.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
      Synapse(source: $0.key / count, target: $0.key % count, weight: $0.value)
    }
  }

  private typealias Tap = (kernel: Int, cell: Int)

  private static func taps(_ window: Window, _ input: Extent, _ output: Extent) -> [[Tap]] {
    (0..<input.y * input.x).map { taps(window, input, output, of: $0) }
  }

  /// The cells of the output that a cell of the input reaches, each with its place in the kernel.
  private static func taps(
    _ window: Window, _ input: Extent, _ output: Extent, of cell: Int
  ) -> [Tap] {
    func axis(_ at: Int, _ count: Int, _ dilation: Int, _ stride: Int, _ cells: Int) -> [Tap] {
      (0..<count).compactMap { tap in
        let place = at - tap * dilation
        guard place >= 0, place % stride == 0, place / stride < cells else { return nil }
        return (tap, place / stride)
      }
    }
    let rows = axis(
      cell / input.x + window.padding.top, window.kernel.y, window.dilation.y, window.stride.y,
      output.y)
    let columns = axis(
      cell % input.x + window.padding.left, window.kernel.x, window.dilation.x, window.stride.x,
      output.x)
    return rows.flatMap { row in
      columns.map { column in
        (row.kernel * window.kernel.x + column.kernel, row.cell * output.x + column.cell)
      }
    }
  }
}
