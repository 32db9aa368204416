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

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let taps = try Shape(window.kernel)
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      var values: [Float] = []
      var counted = 0
      for tap in 0..<taps.count {
        let place = window.cell(at: Array(position[1...]), tap: taps.position(at: tap))
        if isCounted(place, input.shape) { counted += 1 }
        if zip(place, input.shape.dimensions.dropFirst()).allSatisfy({ (0..<$1).contains($0) }) {
          values.append(input.values[input.shape.index(of: [position[0]] + place)])
        }
      }
      switch function {
      case .maximum: result.values[index] = values.max() ?? 0
      case .average:
        guard counted > 0 else {
          throw wrongShape("a window of the pooling lies wholly in the padding")
        }
        result.values[index] = values.reduce(0, +) / Float(counted)
      }
    }
    return result
  }

  private func isCounted(_ place: [Int], _ input: Shape) -> Bool {
    place.indices.allSatisfy { axis in
      places(axis, extent: input[axis + 1]).contains(place[axis])
    }
  }

  /// The places along an axis whose cells count in a mean.
  public func places(_ axis: Int, extent: Int) -> Range<Int> {
    guard case .average(true) = function else { return 0..<extent }
    let first = -window.before[axis]
    return first..<max(first, extent + window.after[axis])
  }
}
