import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What stands in for the derivatives of steps, against the function that it claims to follow.
struct SurrogateTests {
  /// A function of one input value and of numbers, in double precision.
  private typealias Line = (Double, [Double]) -> Double

  /// The difference quotient of `line` by the input, or by one of the numbers.
  private func slope(_ line: Line, _ x: Double, _ numbers: [Double], by place: Int?) -> Double {
    let step = 1e-6
    var (upper, lower) = (numbers, numbers)
    guard let place else { return (line(x + step, numbers) - line(x - step, numbers)) / (2 * step) }
    upper[place] += step
    lower[place] -= step
    return (line(x, upper) - line(x, lower)) / (2 * step)
  }

  /// Runs one neuron a channel and holds the gradients of weights and input to the slopes of `line`.
  private func check<P: Phase>(
    _ graph: Graph<P>, _ names: [String], _ seed: Int, least: Double, _ line: Line
  ) throws {
    var random = SeededGenerator(seed: UInt64(seed) + 9)
    let size = graph.shape(of: graph.inputs[0]).count
    let inputs = (0..<size).map { _ in random.unitFloat() * 3 - 1.5 }
    let factors = random.signed(size)
    let network = try DenseGradients(graph)
    let pass = try network.forward(inputs: [inputs], count: 1)
    let found = try network.backward(pass, from: [graph.outputs[0]: factors])
    var moved = 0.0
    for index in 0..<size {
      let numbers = try names.map { Double(try graph.weights.floats($0)[index]) }
      let (x, factor) = (Double(inputs[index]), Double(factors[index]))
      for place in [nil] + names.indices.map(Optional.some) {
        let expected = factor * slope(line, x, numbers, by: place)
        let value = place.map { found.weights[names[$0]]?[index] } ?? found.inputs[0][index]
        #expect(
          abs(Double(value ?? .nan) - expected) <= 1e-4 * max(1, abs(expected)),
          "seed \(seed), value \(index), \(place.map { names[$0] } ?? "input")")
        moved += abs(expected)
      }
    }
    #expect(moved > least, "seed \(seed): nothing was checked")
  }

  @Test(arguments: 0..<20) func quantizationIsPassedStraightThrough(seed: Int) throws {
    var b = try GraphBuilder(seed: UInt64(seed), input: [40])
    let scale = try b.weight("s", [40], 0.1...0.3)
    let zero = try b.weight("z", [40], -1...1)
    let output = try b.add(
      .quantization(Quantization(scale: scale, zeroPoint: zero, axis: 0, lower: -5, upper: 4)),
      b.input)
    try check(try b.graph(output), [scale, zero], seed, least: 10) { x, n in
      let level = x / n[0] + n[1]
      // The clip acts on the rounded level.
      let rounded = (x / n[0]).rounded(.toNearestOrEven) + n[1]
      return rounded < -5 ? -5 : rounded > 4 ? 4 : level
    }
  }

  /// The input, threshold and start move the middle line, the amplitude the steps themselves.
  @Test(arguments: 0..<20) func spikesFollowTheMiddleOfTheirSteps(seed: Int) throws {
    for memory in [false, true] {
      var b = try GraphBuilder(seed: UInt64(seed), input: [40])
      let theta = try b.weight("theta", [40], 0.3...0.9)
      let height = try b.weight("height", [40], 0.3...0.9)
      let start = try b.weight("start", [40], 0...0.4)
      let op = Spike(
        threshold: theta, amplitude: height, initial: start, lower: -1, upper: 1, memory: memory,
        timesteps: 5)
      b.draft.outputs = [try b.add(.spike(op), b.input)]
      let heights = try b.draft.weights.floats(height)
      try check(
        Graph<Spiking>(verifying: b.draft), [theta, start, height], seed, least: 5
      ) { x, n in
        let (least, most) = (memory ? 0.0 : -5, 5.0)
        // Only the amplitude differs from one of the drawn ones while it is moved.
        let isMoved = !heights.contains { abs(Double($0) - n[2]) < 1e-9 }
        let drive = (x * 5 + n[1]) / n[0]
        return n[2] / 5 * min(max(isMoved ? drive.rounded(.down) : drive - 0.5, least), most)
      }
    }
  }

  /// One weight as threshold and amplitude: the error of rounding, as of a learned step size.
  @Test func oneThresholdLearnsLikeAStepSize() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    b.draft.weights["theta"] = try Tensor(
      shape: Shape([4]), floats: [Float](repeating: 0.5, count: 4))
    b.draft.weights["start"] = try Tensor(
      shape: Shape([4]), floats: [Float](repeating: 0.25, count: 4))
    let op = Spike(
      threshold: "theta", amplitude: "theta", initial: "start", lower: 0, upper: 1, timesteps: 4)
    b.draft.outputs = [try b.add(.spike(op), b.input)]
    let network = try DenseGradients(Graph<Spiking>(verifying: b.draft))
    // Below, inside at u = 2.9, just below the top and above it.
    let pass = try network.forward(inputs: [[-0.1, 0.3, 0.49, 0.6]], count: 1)
    #expect(pass[b.draft.outputs[0]] == [0, 0.25, 0.5, 0.5])
    let found = try network.backward(pass, from: [b.draft.outputs[0]: [1, 1, 1, 1]])
    #expect(found.inputs == [[0, 1, 1, 0]])
    let expected: [Float] = [0, (2 - 2.9) / 4, (4 - 4.42) / 4, 1]
    for (value, wanted) in zip(found.weights["theta"] ?? [], expected) {
      #expect(abs(value - wanted) < 1e-6)
    }
  }

  /// Forward-mode derivatives of the same ticks, one number at a time.
  private struct Dual {
    var value: Double
    var slope = 0.0
    static func + (a: Dual, b: Dual) -> Dual {
      Dual(value: a.value + b.value, slope: a.slope + b.slope)
    }
    static func - (a: Dual, b: Dual) -> Dual {
      Dual(value: a.value - b.value, slope: a.slope - b.slope)
    }
    static func * (a: Dual, b: Dual) -> Dual {
      Dual(value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope)
    }
  }

  /// α, β, γ, δ, ε, θ and ρ; the step's slope is the triangle of area 1 and half-width θ.
  private func mean(_ x: Dual, _ n: [Dual], _ reset: Int, ticks: Int) -> Dual {
    var (current, membrane, sum) = (Dual(value: 0), Dual(value: 0), Dual(value: 0))
    for _ in 0..<ticks {
      current = n[0] * current + n[1] * x
      membrane = n[2] * membrane + n[3] * current + n[4]
      let above = membrane - n[5]
      let width = n[5].value
      let slope = max(0, 1 - abs(above.value) / width) / width
      let spike = Dual(value: above.value > 0 ? 1 : 0, slope: above.slope * slope)
      sum = sum + spike
      if reset == 1 { membrane = membrane - spike * n[5] }
      if reset == 2 { membrane = membrane + spike * (n[6] - membrane) }
    }
    return Dual(value: sum.value / Double(ticks), slope: sum.slope / Double(ticks))
  }

  @Test(arguments: 0..<12) func neuronsAgreeWithForwardDerivatives(seed: Int) throws {
    var b = try GraphBuilder(seed: UInt64(seed), input: [10])
    let ranges: [ClosedRange<Float>] = [
      0.2...0.8, 0.5...1.5, 0.5...1, 0.5...1, -0.1...0.2, 0.4...0.9, -0.2...0.1,
    ]
    var names: [String] = []
    for (index, range) in ranges.enumerated() {
      names.append(try b.weight("n\(index)", [10], range))
    }
    let reset = seed % 3
    let op = Neuron(
      synapse: Neuron.Synapse(decay: names[0], gain: names[1]), decay: names[2], gain: names[3],
      drift: names[4], threshold: names[5],
      reset: reset == 0 ? .none : reset == 1 ? .subtract : .value(names[6]), timesteps: 6)
    let used = names.prefix(reset == 2 ? 7 : 6)
    b.draft.outputs = [try b.add(.neuron(op), b.input)]
    b.draft.weights.keepOnly(Set(used))
    let graph = try Graph<Spiking>(verifying: b.draft)
    let inputs = b.samples(1)
    let network = try DenseGradients(graph)
    let pass = try network.forward(inputs: [inputs], count: 1)
    let found = try network.backward(
      pass, from: [graph.outputs[0]: Array(repeating: 1, count: 10)])
    for index in 0..<10 {
      for place in -1..<used.count {
        var numbers: [Dual] = []
        for name in used {
          numbers.append(Dual(value: Double(try graph.weights.floats(name)[index])))
        }
        var x = Dual(value: Double(inputs[index]))
        if place < 0 { x.slope = 1 } else { numbers[place].slope = 1 }
        let expected = mean(x, numbers, reset, ticks: 6)
        #expect(abs(Double(pass[graph.outputs[0]][index]) - expected.value) < 1e-6)
        let value = place < 0 ? found.inputs[0][index] : found.weights[names[place]]?[index] ?? 0
        #expect(
          abs(Double(value) - expected.slope) <= 1e-4 * max(1, abs(expected.slope)),
          "seed \(seed), neuron \(index), number \(place)")
      }
    }
  }

  static let functions: [(Activation.Function, [Float])] = [
    (.absolute, [-1, 2]), (.negate, [1]), (.reciprocal, [-0.5, 2]), (.squareRoot, [0.5, 4]),
    (.exponential, [-2, 1]), (.logarithm, [0.3, 5]), (.sine, [1]), (.cosine, [1]),
    (.sigmoid, [-3, 0, 4]), (.hyperbolicTangent, [-1, 0.5]), (.errorFunction, [-0.5, 1]),
    (.gelu, [-2, 0.3, 3]), (.geluTanh, [-2, 0.3, 3]), (.softplus, [-4, 0, 5]),
    (.softsign, [-2, 1]), (.silu, [-3, 0.5, 4]), (.mish, [-3, 0.5, 4]),
    (.hardSwish, [-4, -1, 2, 5]), (.hardSigmoid(slope: 0.3, offset: 0.4), [-3, 0.5, 4]),
    (.leakyRelu(slope: 0.1), [-1, 1]), (.elu(alpha: 0.7), [-2, 1]),
    (.selu(alpha: 1.67, gamma: 1.05), [-2, 1]), (.celu(alpha: 0.6), [-2, 1]),
    (.thresholdedRelu(alpha: 0.5), [-1, 0.2, 2]), (.sign, [-1, 1]),
  ]

  @Test func everyFunctionHasItsDerivative() throws {
    for (function, places) in SurrogateTests.functions {
      var b = try GraphBuilder(seed: 0, input: [places.count])
      let output = try b.add(.activation(Activation(function)), b.input)
      let network = try DenseGradients(b.graph(output))
      let pass = try network.forward(inputs: [places], count: 1)
      let ones = Array(repeating: Float(1), count: places.count)
      let found = try network.backward(pass, from: [output: ones]).inputs[0]
      for (place, value) in zip(places, found) {
        // Central differences, h² of a third derivative below 100 at most 10⁻³ off.
        let h: Float = 0x1p-8
        let expected = (function.value(place + h) - function.value(place - h)) / (2 * h)
        #expect(abs(value - expected) <= 1e-3, "\(function) at \(place)")
      }
    }
  }

  @Test(arguments: [Activation.Function.floor, .ceiling, .roundHalfEven])
  func roundingIsPassedStraightThrough(function: Activation.Function) throws {
    var b = try GraphBuilder(seed: 0, input: [3])
    let output = try b.add(.activation(Activation(function)), b.input)
    let network = try DenseGradients(b.graph(output))
    let pass = try network.forward(inputs: [[-1.5, 0, 2.25]], count: 1)
    #expect(try network.backward(pass, from: [output: [1, -2, 3]]).inputs == [[1, -2, 3]])
  }
}
