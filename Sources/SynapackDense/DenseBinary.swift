internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// One function of two numbers over two wires that are stretched to one shape.
struct DenseBinary: DenseKernel {
  private let function: Binary.Function
  private let stretch: Stretch
  private let sizes: [Int]
  private let output: Int

  init(_ function: Binary.Function, _ inputs: [Shape], _ output: Shape) {
    self.function = function
    stretch = Stretch(output.dimensions, inputs.map { Stretch.strides(of: $0, to: output) })
    sizes = inputs.map(\.count)
    self.output = output.count
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    switch function {
    case .add: return run(arguments, count) { $0 + $1 }
    case .subtract: return run(arguments, count) { $0 - $1 }
    case .multiply: return run(arguments, count) { $0 * $1 }
    case .divide: return run(arguments, count) { $0 / $1 }
    case .minimum: return run(arguments, count) { min($0, $1) }
    case .maximum: return run(arguments, count) { max($0, $1) }
    case .power, .parametricRelu, .less, .lessOrEqual, .equal:
      return run(arguments, count) { function.value($0, $1) }
    }
  }

  @inline(__always)
  private func run(
    _ arguments: [[Float]], _ count: Int, _ body: (Float, Float) -> Float
  ) -> [Float] {
    var result = Array(repeating: Float(0), count: output * count)
    var target = result.mutableSpan
    let (first, second) = (arguments[0], arguments[1])
    let a = first.span
    let b = second.span
    var next = 0
    for sample in 0..<count {
      for (aStart, bStart) in zip(stretch.starts[0], stretch.starts[1]) {
        let (aFirst, bFirst) = (sample * sizes[0] + aStart, sample * sizes[1] + bStart)
        let (aStep, bStep) = (stretch.steps[0], stretch.steps[1])
        if aStep == 1, bStep == 1 {
          for i in 0..<stretch.length { target[next + i] = body(a[aFirst + i], b[bFirst + i]) }
        } else {
          for i in 0..<stretch.length {
            target[next + i] = body(a[aFirst + i * aStep], b[bFirst + i * bStep])
          }
        }
        next += stretch.length
      }
    }
    return result
  }
}

/// The one or the other wire, place by place, as a mask says.
struct DenseWhere: DenseKernel {
  private let stretch: Stretch
  private let sizes: [Int]
  private let output: Int

  init(_ inputs: [Shape], _ output: Shape) {
    stretch = Stretch(output.dimensions, inputs.map { Stretch.strides(of: $0, to: output) })
    sizes = inputs.map(\.count)
    self.output = output.count
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result = Array(repeating: Float(0), count: output * count)
    var target = result.mutableSpan
    let (mask, first, second) = (arguments[0], arguments[1], arguments[2])
    var next = 0
    for sample in 0..<count {
      for run in stretch.starts[0].indices {
        let starts = (0..<3).map { sample * sizes[$0] + stretch.starts[$0][run] }
        for i in 0..<stretch.length {
          target[next] =
            mask[starts[0] + i * stretch.steps[0]] != 0
            ? first[starts[1] + i * stretch.steps[1]] : second[starts[2] + i * stretch.steps[2]]
          next += 1
        }
      }
    }
    return result
  }
}
