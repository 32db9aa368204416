internal import SynapackProgram
internal import SynapackTensor

/// A population on its way into a program, as a fit sees it.
struct FitLayer: Sendable {
  /// The name of the site whose values the population carries.
  var site: String
  /// Whether it carries the site's values with their sign turned.
  var isMirrored: Bool
  var shape: Shape
  var connections: [FloatConnection]
  /// One value a channel of `shape`.
  var bias: [Float]

  /// Rows of features a channel: the taps of a kernel; dense weights count every input by itself.
  func taps(_ connection: Int, _ windows: [FeatureWindows]) -> Int {
    switch connections[connection].kind {
    case .dense: 1
    case .convolution: windows[connection].taps
    }
  }

  /// Adds D, [outputs][columns] in the unit of the source network, to the weights of a block.
  mutating func add(_ changes: [Float], to block: WeightRefit.Block, _ windowTaps: [Int]) {
    let columns = changes.count / max(1, block.outputs.count)
    for (row, output) in block.outputs.enumerated() {
      var column = row * columns
      for (index, channels) in block.connections {
        let width = connections[index].weights.count / max(1, bias.count)
        let (isDense, taps) = (connections[index].kind == .dense, windowTaps[index])
        let perChannel = isDense ? 1 : taps
        for (place, channel) in channels.enumerated() {
          let worth = connections[index].amplitude[isDense ? channel / max(1, taps) : channel]
          for tap in 0..<perChannel {
            connections[index].weights[output * width + place * perChannel + tap] +=
              changes[column] * worth
            column += 1
          }
        }
      }
      bias[output] += changes[column]
    }
  }
}
