internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One value for all places along some axes; sums are kept in double precision.
struct DenseReduce: DenseKernel {
  let function: Reduce.Function
  let stretch: Stretch
  let inputCount: Int
  let outputCount: Int

  init(_ op: Reduce, _ input: Shape, _ output: Shape) {
    function = op.function
    let reduced = Set(op.axes)
    var targets = Array(repeating: 0, count: input.rank)
    var stride = 1
    for axis in (0..<input.rank).reversed() where !reduced.contains(axis) {
      targets[axis] = stride
      stride *= max(1, input[axis])
    }
    stretch = Stretch(input.dimensions, [input.strides, targets])
    inputCount = input.count
    outputCount = output.count
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let input = arguments[0]
    var result: [Float] = []
    result.reserveCapacity(count * outputCount)
    for sample in 0..<count {
      let values = input.span.extracting(sample * inputCount..<(sample + 1) * inputCount)
      result += reduced(values)
    }
    return result
  }

  private func reduced(_ values: Span<Float>) -> [Float] {
    let terms = inputCount / max(1, outputCount)
    switch function {
    case .sum, .mean, .logarithmOfSum: return sums(values) { $0 }.map { finish($0, terms) }
    case .absoluteSum: return sums(values) { abs($0) }.map { finish($0, terms) }
    case .norm, .squareSum: return sums(values) { $0 * $0 }.map { finish($0, terms) }
    case .maximum: return folded(values, from: -.infinity) { max($1, $0) }
    case .minimum: return folded(values, from: .infinity) { min($1, $0) }
    case .product: return folded(values, from: 1) { $0 * $1 }
    case .logarithmOfExponentialSum:
      let peaks = folded(values, from: -.infinity) { max($1, $0) }
      let sums = shifted(values, peaks)
      return zip(sums, peaks).map { sum, peak in
        peak.isFinite ? Float(Double(peak) + log(sum)) : peak
      }
    }
  }

  private func finish(_ sum: Double, _ count: Int) -> Float {
    function.finished(sum, count: count)
  }

  @inline(__always)
  private func sums(_ values: Span<Float>, _ term: (Double) -> Double) -> [Double] {
    var result = Array(repeating: 0.0, count: outputCount)
    var target = result.mutableSpan
    let step = stretch.steps[1]
    for (first, start) in zip(stretch.starts[0], stretch.starts[1]) {
      if step == 0 {
        var sum = target[start]
        for i in 0..<stretch.length { sum += term(Double(values[first + i])) }
        target[start] = sum
      } else {
        for i in 0..<stretch.length {
          target[start + i * step] += term(Double(values[first + i]))
        }
      }
    }
    return result
  }

  @inline(__always)
  private func folded(
    _ values: Span<Float>, from initial: Float, _ body: (Float, Float) -> Float
  ) -> [Float] {
    var result = Array(repeating: initial, count: outputCount)
    var target = result.mutableSpan
    let step = stretch.steps[1]
    for (first, start) in zip(stretch.starts[0], stretch.starts[1]) {
      for i in 0..<stretch.length {
        target[start + i * step] = body(target[start + i * step], values[first + i])
      }
    }
    return result
  }

  /// Σ exp(x − peak)
  private func shifted(_ values: Span<Float>, _ peaks: [Float]) -> [Double] {
    var result = Array(repeating: 0.0, count: outputCount)
    let step = stretch.steps[1]
    for (first, start) in zip(stretch.starts[0], stretch.starts[1]) {
      for i in 0..<stretch.length {
        let target = start + i * step
        result[target] += exp(Double(values[first + i]) - Double(peaks[target]))
      }
    }
    return result
  }
}
