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

  /// The features of a block: one for each channel and tap of a kernel, or each input of dense
  /// weights, and one for the bias.
  func columns(_ block: WeightRefit.Block) -> Int {
    block.connections.reduce(1) { $0 + $1.channels.count * taps($1.index) }
  }

  /// Rows of features a channel; dense weights count every input by itself.
  func taps(_ connection: Int) -> Int {
    switch connections[connection].kind {
    case .dense: 1
    case .convolution(let window, _): window.kernel.y * window.kernel.x
    }
  }

  /// Adds D, [outputs][columns] in the unit of the source network, to the weights of a block.
  mutating func add(_ changes: [Float], to block: WeightRefit.Block) {
    let columns = changes.count / max(1, block.outputs.count)
    for (row, output) in block.outputs.enumerated() {
      var column = row * columns
      for (index, channels) in block.connections {
        let width = connections[index].weights.count / max(1, bias.count)
        let taps = taps(index)
        for (place, channel) in channels.enumerated() {
          let worth = connections[index].worth(of: channel)
          for tap in 0..<taps {
            connections[index].weights[output * width + place * taps + tap] +=
              changes[column] * worth
            column += 1
          }
        }
      }
      bias[output] += changes[column]
    }
  }
}

extension FloatConnection {
  /// What a payload stands for, of a channel or of an input of dense weights.
  fileprivate func worth(of place: Int) -> Float {
    switch kind {
    case .convolution: amplitude[place]
    case .dense: amplitude[place * amplitude.count / max(1, shape[1])]
    }
  }
}
