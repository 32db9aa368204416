internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Normalization of blocks of values by their own mean and variance, kept in double precision.
struct DenseNormalization: DenseKernel {
  private let size: Int
  private let epsilon: Double
  /// One value for each run of `plane` values, repeated from block to block; empty where absent.
  private let scale: [Float]
  private let shift: [Float]
  private let plane: Int

  init(_ op: LayerNormalization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    size = input.dimensions[op.axis...].reduce(1, *)
    plane = 1
    epsilon = Double(op.epsilon)
    scale = try op.scale.map { (name) throws(PackError) in try weights.floats(name) } ?? []
    shift = try op.shift.map { (name) throws(PackError) in try weights.floats(name) } ?? []
  }

  init(_ op: GroupNormalization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    size = input.count / op.groups
    plane = input.count / input[0]
    epsilon = Double(op.epsilon)
    scale = try op.scale.map { (name) throws(PackError) in try weights.floats(name) } ?? []
    shift = try op.shift.map { (name) throws(PackError) in try weights.floats(name) } ?? []
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = takeFirst(&arguments)
    guard size > 0 else { return result }
    var span = result.mutableSpan
    for start in stride(from: 0, to: span.count, by: size) { normalize(&span, start) }
    return result
  }

  private func normalize(_ values: inout MutableSpan<Float>, _ start: Int) {
    var sum = 0.0
    for index in start..<start + size { sum += Double(values[index]) }
    let mean = sum / Double(size)
    var squares = 0.0
    for index in start..<start + size {
      let difference = Double(values[index]) - mean
      squares += difference * difference
    }
    let factor = 1 / (squares / Double(size) + epsilon).squareRoot()
    for index in start..<start + size {
      values[index] = Float((Double(values[index]) - mean) * factor)
    }
    stretch(&values, start)
  }

  /// Applies scale and shift to a block.
  private func stretch(_ values: inout MutableSpan<Float>, _ start: Int) {
    var run = scale.isEmpty && shift.isEmpty ? 0 : start / plane
    let period = max(scale.count, shift.count)
    guard period > 0 else { return }
    run %= period
    if plane == 1 {
      for i in 0..<size where !scale.isEmpty { values[start + i] *= scale[i] }
      for i in 0..<size where !shift.isEmpty { values[start + i] += shift[i] }
      return
    }
    for first in stride(from: start, to: start + size, by: plane) {
      let (factor, offset) = (scale.isEmpty ? 1 : scale[run], shift.isEmpty ? 0 : shift[run])
      for index in first..<first + plane { values[index] = factor * values[index] + offset }
      run += 1
    }
  }
}
