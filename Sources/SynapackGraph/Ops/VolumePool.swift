public import SynapackSupport
public import SynapackTensor

/// Pooling over any number of dimensions; ``MaxPool`` and ``AveragePool`` are those of one and two.
///
///     maximum:  y[c, p] = max_k x[c, stride·p + dilation·k − before]
///     average:  y[c, p] = (1 / n[p]) · Σ_k x[c, stride·p + dilation·k − before]
///
/// p, k: positions in the output and the kernel; cells outside the input do not take part. n[p]:
/// the number of cells under the window that lie in the input, or, with `countsPadding`, in the
/// input and its padding; cells of the overhang never count.
public struct VolumePool: OpPayload {
  public static let name = "volumePool"

  public enum Function: Sendable, Hashable {
    case maximum
    case average(countsPadding: Bool)
  }

  public var function: Function
  public var window: VolumeWindow

  public init(_ function: Function, window: VolumeWindow) {
    self.function = function
    self.window = window
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard input.rank == window.rank + 1 else {
      throw wrongShape("the window \(window.kernel) does not fit an input of \(input)")
    }
    return try volumeShape(input, window, channels: input[0])
  }

  /// The divisor n of a mean at each position of the output, row-major.
  ///
  /// - Throws: `SYN0210` where a window lies wholly outside, so that its mean has no value.
  public func divisors(input: Shape) throws(PackError) -> [Int] {
    let output = try outputShape([input], WeightStore())
    var divisors = [1]
    for axis in 0..<window.rank {
      let counted = places(axis, extent: input[axis + 1])
      let counts = (0..<output[axis + 1]).map { position in
        let first = position * window.stride[axis] - window.before[axis]
        return (0..<window.kernel[axis]).count {
          counted.contains(first + $0 * window.dilation[axis])
        }
      }
      divisors = divisors.flatMap { outer in counts.map { outer * $0 } }
    }
    guard divisors.allSatisfy({ $0 > 0 }) else {
      throw wrongShape("a window of the pooling lies wholly in the padding")
    }
    return divisors
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let divisors = function == .maximum ? [] : try divisors(input: input.shape)
    let taps = try Shape(window.kernel)
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      var values: [Float] = []
      for tap in 0..<taps.count {
        let place = window.cell(at: Array(position[1...]), tap: taps.position(at: tap))
        if zip(place, input.shape.dimensions.dropFirst()).allSatisfy({ (0..<$1).contains($0) }) {
          values.append(input.values[input.shape.index(of: [position[0]] + place)])
        }
      }
      switch function {
      case .maximum: result.values[index] = values.max() ?? 0
      case .average:
        result.values[index] = values.reduce(0, +) / Float(divisors[index % divisors.count])
      }
    }
    return result
  }

  /// The places along an axis whose cells count in a mean.
  private func places(_ axis: Int, extent: Int) -> Range<Int> {
    guard case .average(true) = function else { return 0..<extent }
    let first = -window.before[axis]
    return first..<max(first, extent + window.after[axis])
  }
}
