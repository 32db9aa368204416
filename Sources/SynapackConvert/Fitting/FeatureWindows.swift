internal import SynapackDense
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What lies under the weights of one connection, sample by sample: the payloads behind the
/// relays, in the unit of the source network, averaged over the ticks.
struct FeatureWindows: Sendable {
  private let kind: FloatConnection.Kind
  private let planes: (channels: Int, height: Int, width: Int)
  /// [samples][channels · height · width]
  private let values: [Float]

  /// - Parameter averages: the payloads of the source averaged over the ticks,
  ///   [samples][neurons of the source].
  init(
    _ connection: FloatConnection, source: Shape, averages: [Float], count: Int
  ) throws(PackError) {
    kind = connection.kind
    let own = source.planes ?? (0, 0, 0)
    var draft = GraphDraft(
      weights: WeightStore(),
      origin: Origin(format: "fit", digest: nil, producer: "", version: ""))
    let wire = draft.addWire("source", try Shape([own.channels, own.height, own.width]))
    draft.inputs = [wire]
    let relayed = try ConnectionNetwork.relay(connection.relays, 0, wire, in: &draft)
    draft.outputs = [relayed]
    let shape = draft.wires[relayed.index].shape
    planes = shape.planes ?? (0, 0, 0)
    var values = averages
    if !connection.relays.isEmpty {
      let network = try DenseNetwork(try Graph<Analog>(verifying: draft))
      values = try network.output(averages, count: count)
    }
    let cells = planes.height * planes.width
    for index in values.indices {
      values[index] *= connection.amplitude[index / max(1, cells) % max(1, planes.channels)]
    }
    self.values = values
  }

  /// Writes the features of `channels` under each of `positions` as rows of `features`, one a
  /// channel and tap, from row `first` on; rows have one column a position.
  ///
  /// - Parameter width: the width of the driven plane, in which positions are counted.
  func gather(
    sample: Int, channels: Range<Int>, positions: [Int], width: Int, into features: inout [Float],
    firstRow: Int
  ) {
    let cells = planes.height * planes.width
    let base = sample * planes.channels * cells
    let columns = positions.count
    switch kind {
    case .dense:
      for (row, channel) in channels.enumerated() where channel < planes.channels * cells {
        features[(firstRow + row) * columns] = values[base + channel]
      }
    case .convolution(let window, _):
      let taps = window.kernel.y * window.kernel.x
      for tap in 0..<taps {
        let (ky, kx) = (tap / window.kernel.x, tap % window.kernel.x)
        for (column, position) in positions.enumerated() {
          let y =
            position / width * window.stride.y + ky * window.dilation.y - window.padding.top
          let x =
            position % width * window.stride.x + kx * window.dilation.x - window.padding.left
          guard (0..<planes.height).contains(y), (0..<planes.width).contains(x) else { continue }
          let cell = base + y * planes.width + x
          for (row, channel) in channels.enumerated() {
            features[(firstRow + row * taps + tap) * columns + column] =
              values[cell + channel * cells]
          }
        }
      }
    }
  }
}
