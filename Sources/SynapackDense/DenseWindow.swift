internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Pooling of every kind: one value under each position of a window.
struct DenseWindow: DenseKernel {
  /// What becomes of the cells under the window.
  enum Reduction: Sendable {
    case maximum
    case sum
    /// The sum times one factor for each position of the output.
    case mean([Float])
  }

  let sliding: Sliding
  let reduction: Reduction
  let channels: Int

  init(_ window: Window, _ reduction: Reduction, input: Shape, output: Shape) {
    sliding = Sliding(window, input: input, output: output)
    self.reduction = reduction
    channels = input.planes?.channels ?? 0
  }

  init(_ op: Pad, input: Shape, output: Shape) {
    self.init(
      Window(kernel: Extent(y: 1, x: 1), padding: op.edges), .sum, input: input, output: output)
  }

  /// - Throws: `SYN0210` where a window lies wholly outside, so that its mean has no value.
  init(_ op: AveragePool, input: Shape, output: Shape) throws(PackError) {
    let factors = try op.divisors(input: input).map { 1 / Float($0) }
    self.init(op.window, .mean(factors), input: input, output: output)
  }

  /// - Throws: `SYN0210` where a window lies wholly outside, so that its mean has no value.
  init(_ op: VolumePool, input: Shape, output: Shape) throws(PackError) {
    sliding = Sliding(
      op.window, input: Array(input.dimensions.dropFirst()),
      output: Array(output.dimensions.dropFirst()))
    channels = input[0]
    switch op.function {
    case .maximum: reduction = .maximum
    case .average: reduction = .mean(try op.divisors(input: input).map { 1 / Float($0) })
    }
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let (planes, positions) = (count * channels, sliding.positions)
    let start: Float = if case .maximum = reduction { -.infinity } else { 0 }
    var result = Array(repeating: start, count: planes * positions)
    var target = result.mutableSpan
    let input = arguments[0]
    let source = input.span
    var reached = Array(repeating: false, count: positions)
    for tap in 0..<sliding.taps {
      let runs = sliding.runs(tap: tap)
      mark(runs, &reached)
      for plane in 0..<planes {
        if case .maximum = reduction {
          raise(&target, plane * positions, source, plane * sliding.cells, runs)
        } else {
          add(&target, plane * positions, source, plane * sliding.cells, runs)
        }
      }
    }
    finish(&target, planes, reached)
    return result
  }

  private func mark(_ runs: Sliding.Runs, _ reached: inout [Bool]) {
    for z in runs.z {
      for y in runs.y {
        for i in 0..<runs.length { reached[runs.output(z, y) + i] = true }
      }
    }
  }

  @inline(__always)
  private func raise(
    _ target: inout MutableSpan<Float>, _ base: Int, _ source: Span<Float>, _ plane: Int,
    _ runs: Sliding.Runs
  ) {
    for z in runs.z {
      for y in runs.y {
        let (out, cell) = (base + runs.output(z, y), plane + runs.input(z, y))
        for i in 0..<runs.length {
          target[out + i] = max(target[out + i], source[cell + i * runs.step])
        }
      }
    }
  }

  @inline(__always)
  private func add(
    _ target: inout MutableSpan<Float>, _ base: Int, _ source: Span<Float>, _ plane: Int,
    _ runs: Sliding.Runs
  ) {
    for z in runs.z {
      for y in runs.y {
        let (out, cell) = (base + runs.output(z, y), plane + runs.input(z, y))
        for i in 0..<runs.length { target[out + i] += source[cell + i * runs.step] }
      }
    }
  }

  /// Zeros where a maximum saw no cell, and the factors of a mean.
  private func finish(_ target: inout MutableSpan<Float>, _ planes: Int, _ reached: [Bool]) {
    let positions = sliding.positions
    switch reduction {
    case .sum: return
    case .maximum:
      for position in reached.indices where !reached[position] {
        for plane in 0..<planes { target[plane * positions + position] = 0 }
      }
    case .mean(let factors):
      for plane in 0..<planes {
        for position in 0..<positions { target[plane * positions + position] *= factors[position] }
      }
    }
  }
}
