internal import SynapackGraph
internal import SynapackTensor

extension DenseKernel {
  /// Takes the first argument out of the list, so that it is overwritten in place where nobody
  /// else reads it.
  func takeFirst(_ arguments: inout [[Float]]) -> [Float] {
    guard !arguments.isEmpty else { return [] }
    var taken: [Float] = []
    swap(&taken, &arguments[0])
    return taken
  }
}

/// One function of one number, applied to every value.
struct DenseActivation: DenseKernel {
  let function: Activation.Function

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    function.apply(to: &result)
    return result
  }
}

/// Limits to an interval.
struct DenseClip: DenseKernel {
  let lower: Float
  let upper: Float

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var span = result.mutableSpan
    for index in span.indices { span[index] = min(max(span[index], lower), upper) }
    return result
  }
}

/// One factor for all values.
struct DenseScale: DenseKernel {
  let factor: Float

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var span = result.mutableSpan
    for index in span.indices { span[index] *= factor }
    return result
  }
}

/// A factor and an offset for each channel.
struct DenseAffine: DenseKernel {
  private let scale: [Float]
  private let shift: [Float]
  private let plane: Int

  init(_ affine: (scale: [Float], shift: [Float]), _ input: Shape) {
    (scale, shift) = affine
    plane = input.count / max(1, scale.count)
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var span = result.mutableSpan
    var start = 0
    for _ in 0..<count {
      for channel in scale.indices {
        let (factor, offset) = (scale[channel], shift[channel])
        for index in start..<start + plane { span[index] = factor * span[index] + offset }
        start += plane
      }
    }
    return result
  }
}

/// The sum of wires of one shape.
struct DenseSum: DenseKernel {
  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var sum = result.mutableSpan
    for argument in arguments.dropFirst() {
      let term = argument.span
      for index in 0..<min(sum.count, term.count) { sum[index] += term[index] }
    }
    return result
  }
}

/// The same values under another shape.
struct DenseCopy: DenseKernel {
  func run(_ arguments: inout [[Float]], count: Int) -> [Float] { takeFirst(&arguments) }
}

/// The same values for every sample.
struct DenseConstant: DenseKernel {
  let values: [Float]

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    guard count > 1 else { return values }
    var result: [Float] = []
    result.reserveCapacity(values.count * count)
    for _ in 0..<count { result += values }
    return result
  }
}
