internal import SynapackProgram
internal import SynapackTensor

/// The weights of one connection in the order in which events meet them.
///
/// An event of one input channel or cell adds whole rows of output channels, so the outputs are
/// innermost: [input cell][output] of a dense map, [input channel][ky][kx][output] of a convolution.
struct CSynapses {
  let isDense: Bool
  let inGroup: Int
  let outGroup: Int
  /// The initializer of the window.
  let window: String
  let rows: CRows

  init(_ connection: Connection, arriving: Shape) {
    let weights = connection.synapses.weights
    let values = weights.values
    let planes = arriving.planes ?? (arriving.count, 1, 1)
    switch connection.synapses {
    case .dense:
      let (outputs, inputs) = (weights.shape[0], weights.shape[1])
      isDense = true
      (inGroup, outGroup) = (planes.channels, outputs)
      window = CSynapses.text(
        Window(kernel: Extent(y: 1, x: 1)), Extent(y: planes.height, x: planes.width),
        Extent(y: 1, x: 1))
      rows = CRows(
        (0..<inputs).map { input in
          (0..<outputs).map { Int32(values[$0 * inputs + input]) }
        })
    case .convolution(_, let kernel, let groups):
      isDense = false
      let depth = weights.shape[1]
      (inGroup, outGroup) = (depth, weights.shape[0] / max(1, groups))
      let extent = Extent(y: planes.height, x: planes.width)
      window = CSynapses.text(kernel, extent, kernel.outputExtent(of: extent) ?? extent)
      let area = weights.shape[2] * weights.shape[3]
      let outputs = outGroup
      rows = CRows(
        (0..<depth * groups * area).map { row in
          let channel = row / area
          let first = channel / depth * outputs
          return (first..<first + outputs).map {
            Int32(values[($0 * depth + channel % depth) * area + row % area])
          }
        })
    }
  }

  /// The initializers of the windows that lead to the weights.
  static func relays(_ connection: Connection, from shape: Shape) -> [String] {
    var extent = Extent(y: shape.planes?.height ?? 1, x: shape.planes?.width ?? 1)
    return connection.relays.map { relay in
      let output = relay.outputExtent(of: extent) ?? extent
      defer { extent = output }
      return text(relay, extent, output)
    }
  }

  private static func text(_ window: Window, _ input: Extent, _ output: Extent) -> String {
    let numbers = [
      window.kernel.y, window.kernel.x, window.stride.y, window.stride.x, window.dilation.y,
      window.dilation.x, window.padding.top, window.padding.left, input.y, input.x, output.y,
      output.x,
    ]
    return "{" + numbers.map(String.init).joined(separator: ", ") + "}"
  }
}
