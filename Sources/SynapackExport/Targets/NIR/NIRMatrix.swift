internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A dense map from the source itself: relays are folded into the matrix.
///
///     w'(o, c, cell) = Σ w(o, c, p) over the output cells p that the relays lead the cell to
struct NIRMatrix {
  private(set) var values: [Float]
  let shape: [Int]

  init(_ connection: Connection, from source: Shape) throws(PackError) {
    let weights = connection.synapses.weights
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    guard !connection.relays.isEmpty, let planes = source.planes else {
      shape = [outputs, inputs]
      values = weights.values.map(Float.init)
      return
    }
    shape = [outputs, source.count]
    guard let count = shape.checkedProduct(), count <= 1 << 28 else {
      throw NIRKernel.refused("a matrix of \(shape) would be needed")
    }
    values = Array(repeating: 0, count: count)
    let stored = weights.values
    let reached = NIRMatrix.reached(connection.relays, height: planes.height, width: planes.width)
    let relayed = inputs / planes.channels
    for output in 0..<outputs {
      for channel in 0..<planes.channels {
        let row = output * inputs + channel * relayed
        let start = output * source.count + channel * reached.count
        for (cell, targets) in reached.enumerated() {
          for target in targets { values[start + cell] += Float(stored[row + target]) }
        }
      }
    }
  }

  /// For each cell of a plane the cells behind all relays that it is added to, each as often as it is.
  private static func reached(_ relays: [Window], height: Int, width: Int) -> [[Int]] {
    var extent = Extent(y: height, x: width)
    var reached = (0..<height * width).map { [$0] }
    for relay in relays {
      let output = relay.outputExtent(of: extent) ?? extent
      let width = extent.x
      reached = reached.map { cells in
        cells.flatMap { cell in
          targets(cell / width, relay.kernel.y, relay.stride.y, relay.padding.top, output.y)
            .flatMap { row in
              targets(cell % width, relay.kernel.x, relay.stride.x, relay.padding.left, output.x)
                .map { row * output.x + $0 }
            }
        }
      }
      extent = output
    }
    return reached
  }

  private static func targets(
    _ cell: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ cells: Int
  ) -> [Int] {
    (0..<kernel).compactMap { tap in
      let place = cell + before - tap
      return place >= 0 && place % stride == 0 && place / stride < cells ? place / stride : nil
    }
  }
}
