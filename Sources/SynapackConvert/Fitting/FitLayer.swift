internal import SynapackProgram
internal import SynapackTensor

/// A population on its way into a program, as a fit sees it.
struct FitLayer: Sendable {
  /// The name of the population; ``FitSamples/readout`` for the output.
  var name: String
  /// The name of the site whose values the population carries.
  var site: String
  /// Whether it carries the site's values with their sign turned.
  var isMirrored: Bool
  var shape: Shape
  var connections: [FloatConnection]
  /// One value a channel of `shape`.
  var bias: [Float]
  /// The unit of each channel's weights where they lie on a grid already.
  var units: [Float]?
  /// What each channel's unit is at least, for the threshold to fit the membrane; and the largest
  /// bias in units.
  var least: [Float] = []
  var biasLimit = Float.infinity

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

  /// The unit under which threshold and bias of a channel leave their widths; a little more, as
  /// the bias still moves.
  func leastUnit(_ channel: Int) -> Float {
    1.1 * max(least[channel, default: 0], bias[channel].magnitude / biasLimit)
  }

  /// Adds D, [outputs][columns] in the unit of the source network, to the weights of a block.
  mutating func add(_ changes: [Float], to block: WeightRefit.Block) {
    let columns = columns(block)
    let layout = self
    layout.visit(block) { row, column, index, place, worth in
      connections[index].weights[place] += changes[row * columns + column] * worth
    }
    for (row, output) in block.outputs.enumerated() {
      bias[output] += changes[(row + 1) * columns - 1]
    }
  }

  /// The weights of a block and their biases in the unit of the source network,
  /// [outputs][columns].
  func rows(_ block: WeightRefit.Block) -> [Float] {
    let columns = columns(block)
    var rows = Array(repeating: Float(0), count: columns * block.outputs.count)
    visit(block) { row, column, index, place, worth in
      let weight = connections[index].weights[place]
      rows[row * columns + column] = worth == 0 ? 0 : weight / worth
    }
    for (row, output) in block.outputs.enumerated() {
      rows[(row + 1) * columns - 1] = bias[output]
    }
    return rows
  }

  /// What a payload stands for, of each column of a block but the bias's; 1 where it stands for
  /// nothing.
  func worth(_ block: WeightRefit.Block) -> [Float] {
    var result = Array(repeating: Float(1), count: columns(block) - 1)
    visit(block) { row, column, _, _, worth in
      if row == 0, worth != 0 { result[column] = worth }
    }
    return result
  }

  /// A number for the channel, or the input of dense weights, that each column of a block but the bias's
  /// belongs to.
  func sources(_ block: WeightRefit.Block) -> [Int] {
    var (result, source) = ([Int](), 0)
    for (index, channels) in block.connections {
      for _ in channels {
        result += Array(repeating: source, count: taps(index))
        source += 1
      }
    }
    return result
  }

  /// Visits every weight of a block, by its row and column and by its connection and place there.
  private func visit(
    _ block: WeightRefit.Block,
    _ body: (_ row: Int, _ column: Int, _ connection: Int, _ place: Int, _ worth: Float) -> Void
  ) {
    for (row, output) in block.outputs.enumerated() {
      var column = 0
      for (index, channels) in block.connections {
        let width = connections[index].weights.count / max(1, bias.count)
        let taps = taps(index)
        for (place, channel) in channels.enumerated() {
          let worth = connections[index].worth(of: channel)
          for tap in 0..<taps {
            body(row, column, index, output * width + place * taps + tap, worth)
            column += 1
          }
        }
      }
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
