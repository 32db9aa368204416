internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Probabilities over the places of one axis, or their logarithms.
struct DenseSoftmax: DenseKernel {
  private let places: Int
  /// The distance between neighbours along the axis.
  private let step: Int
  private let isLogarithmic: Bool

  init(_ op: Softmax, _ input: Shape) {
    let axis = op.resolvedAxis(input) ?? 0
    places = input[axis]
    step = input.dimensions[(axis + 1)...].reduce(1, *)
    isLogarithmic = op.isLogarithmic
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    guard places > 0, step > 0 else { return result }
    var span = result.mutableSpan
    for block in stride(from: 0, to: span.count, by: places * step) {
      for first in block..<block + step { distribute(&span, first) }
    }
    return result
  }

  private func distribute(_ values: inout MutableSpan<Float>, _ first: Int) {
    let last = first + (places - 1) * step
    var peak = values[first]
    for index in stride(from: first, through: last, by: step) { peak = max(peak, values[index]) }
    var sum = 0.0
    for index in stride(from: first, through: last, by: step) {
      let power = exp(values[index] - peak)
      sum += Double(power)
      values[index] = isLogarithmic ? values[index] - peak : power
    }
    if isLogarithmic {
      let logarithm = log(sum)
      for index in stride(from: first, through: last, by: step) {
        values[index] = Float(Double(values[index]) - logarithm)
      }
    } else {
      let factor = 1 / sum
      for index in stride(from: first, through: last, by: step) {
        values[index] = Float(Double(values[index]) * factor)
      }
    }
  }
}
