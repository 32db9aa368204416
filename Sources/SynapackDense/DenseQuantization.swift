internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Scales and zero points, each for a run of values.
struct Levels: Sendable {
  let scales: [Float]
  let zeros: [Float]
  /// The number of values that lie one after the other under one scale.
  let length: Int

  init(
    _ scale: String, _ zeroPoint: String?, _ axis: Int, _ input: Shape, _ weights: WeightStore
  ) throws(PackError) {
    scales = try weights.floats(scale)
    zeros =
      try zeroPoint.map { (name) throws(PackError) in try weights.floats(name) }
      ?? Array(repeating: 0, count: scales.count)
    length = scales.count == 1 ? input.count : input.strides[axis]
  }
}

/// Rounding to the levels of an integer type.
struct DenseQuantization: DenseKernel {
  let levels: Levels
  let lower: Float
  let upper: Float

  init(_ op: Quantization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    levels = try Levels(op.scale, op.zeroPoint, op.axis, input, weights)
    lower = Float(op.lower)
    upper = Float(op.upper)
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var span = result.mutableSpan
    var place = 0
    for start in stride(from: 0, to: span.count, by: max(1, levels.length)) {
      let (scale, zero) = (levels.scales[place], levels.zeros[place])
      for index in start..<start + levels.length {
        let level = (span[index] / scale).rounded(.toNearestOrEven) + zero
        span[index] = min(max(level, lower), upper)
      }
      place = (place + 1) % levels.scales.count
    }
    return result
  }
}

/// The values that integer levels stand for.
struct DenseDequantization: DenseKernel {
  let levels: Levels

  init(_ op: Dequantization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    levels = try Levels(op.scale, op.zeroPoint, op.axis, input, weights)
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    var span = result.mutableSpan
    var place = 0
    for start in stride(from: 0, to: span.count, by: max(1, levels.length)) {
      let (scale, zero) = (levels.scales[place], levels.zeros[place])
      for index in start..<start + levels.length { span[index] = (span[index] - zero) * scale }
      place = (place + 1) % levels.scales.count
    }
    return result
  }
}
