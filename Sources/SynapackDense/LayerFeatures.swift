public import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// What a weighted layer multiplies its weights with, as the features of a least-squares problem.
///
///     y[o, p] = Σ_k X[o, k] · f[k, p],    X = [W, b],   f = what lies under the kernel at p, and 1
///
/// k counts input channel, then tap; p counts positions, one for a linear layer of a vector.
public struct LayerFeatures: Sendable {
  /// The number of features, that of the bias included.
  public let columns: Int
  /// Features of one input channel.
  public let taps: Int
  public let outputs: Int
  private let inputs: Int
  private let sliding: Sliding?

  /// `nil` for a layer that is no convolution in one group and no linear layer of a vector.
  public init?(_ node: Node, in graph: Graph<Analog>) {
    guard let wire = node.inputs.first else { return nil }
    let (input, output) = (graph.shape(of: wire), graph.shape(of: node.output))
    switch node.op {
    case .convolution(let op) where op.groups == 1:
      let sliding = Sliding(op.window, input: input, output: output)
      (self.sliding, inputs, outputs) = (sliding, input[0], output[0])
      taps = sliding.taps
    case .linear where input.rank == 1:
      (sliding, inputs, outputs, taps) = (nil, input[0], output[0], 1)
    default: return nil
    }
    columns = inputs * taps + 1
  }

  /// The positions of one sample.
  public var positions: Int { sliding?.positions ?? 1 }

  /// Adds samples to a problem that explains `targets` by what the layer reads.
  ///
  /// - Parameters:
  ///   - values: the layer's inputs, the samples one after the other.
  ///   - targets: [samples][outputs · positions].
  /// - Precondition: the arrays have these sizes, and the problem the layer's columns and outputs.
  public func add(
    _ values: [Float], targets: [Float], count: Int, to equations: inout NormalEquations
  ) {
    let cells = sliding?.cells ?? 1
    precondition(
      values.count == count * inputs * cells && targets.count == count * outputs * positions)
    let width = count * positions
    var features = Array(repeating: Float(1), count: columns * width)
    var wanted = Array(repeating: Float(0), count: outputs * width)
    for sample in 0..<count {
      let rows = rows(values, sample)
      for row in 0..<columns - 1 {
        let (from, to) = (row * positions, row * width + sample * positions)
        for place in 0..<positions { features[to + place] = rows[from + place] }
      }
      for output in 0..<outputs {
        let from = (sample * outputs + output) * positions
        let to = output * width + sample * positions
        for place in 0..<positions { wanted[to + place] = targets[from + place] }
      }
    }
    equations.add(features: features, targets: wanted, observations: width)
  }

  /// The features of one sample without the bias's.
  private func rows(_ values: [Float], _ sample: Int) -> [Float] {
    guard let sliding else { return Array(values[sample * inputs..<(sample + 1) * inputs]) }
    var rows = Array(repeating: Float(0), count: (columns - 1) * positions)
    let size = inputs * sliding.cells
    let own = Array(values[sample * size..<(sample + 1) * size])
    sliding.gather(own.span, channels: 0..<inputs, into: &rows)
    return rows
  }
}
