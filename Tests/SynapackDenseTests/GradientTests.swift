import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The gradients of each operator against differences of its values.
struct GradientTests {
  @Test(arguments: GradientCases.smooth) func agreesWithDifferences(test: GradientCase) throws {
    for seed in 0..<3 { try check(test, UInt64(seed)) }
  }

  private func check(_ test: GradientCase, _ seed: UInt64) throws {
    var b = try GraphBuilder(seed: seed, input: test.input)
    let output = try test.build(&b, b.input)
    b.draft.outputs = [output]
    if b.draft.nodes.contains(where: { Spiking.allows($0.op) && !Analog.allows($0.op) }) {
      try check(Graph<Spiking>(verifying: b.draft), "\(test), seed \(seed)", seed)
    } else {
      try check(Graph<Analog>(verifying: b.draft), "\(test), seed \(seed)", seed)
    }
  }

  private func check<P: Phase>(_ graph: Graph<P>, _ label: String, _ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed + 77)
    let (count, output) = (2, graph.outputs[0])
    let size = graph.shape(of: graph.inputs[0]).count
    let inputs = [(0..<count).flatMap { _ in random.spaced(size) }]
    let factors = random.signed(count * graph.shape(of: output).count)
    let network = try DenseGradients(graph)
    let pass = try network.forward(inputs: inputs, count: count)
    #expect(pass[output] == (try DenseNetwork(graph).output(inputs[0], count: count)))
    let found = try network.backward(pass, from: [output: factors])
    let differences = FiniteDifferences(
      graph: graph, inputs: inputs, count: count, factors: factors)
    var worst = 0.0
    for index in sample(&random, inputs[0].count) {
      let expected = try differences.slope(input: 0, at: index)
      let value = found.inputs[0].isEmpty ? 0 : Double(found.inputs[0][index])
      worst = max(worst, abs(value - expected) / max(1, abs(expected)))
    }
    for name in graph.weights.names where graph.weights[name]?.type == .float32 {
      // A weight that the loss does not depend on has no entry.
      let gradient = found.weights[name] ?? []
      for index in sample(&random, graph.weights[name]?.shape.count ?? 0) {
        let expected = try differences.slope(weight: name, at: index)
        let value = gradient.isEmpty ? 0 : Double(gradient[index])
        worst = max(worst, abs(value - expected) / max(1, abs(expected)))
      }
    }
    // Ten times the rounding that the differences are left with.
    #expect(worst <= 2e-4, "\(label)")
  }

  private func sample(_ random: inout SeededGenerator, _ count: Int) -> [Int] {
    Array((0..<count).shuffled(using: &random).prefix(8))
  }

  /// Operators of steps, each with the test that holds it to its surrogate.
  static let stepped: [String: String] = [
    "quantization": "quantizationIsPassedStraightThrough",
    "spike": "spikesFollowTheMiddleOfTheirSteps", "neuron": "neuronsAgreeWithForwardDerivatives",
  ]

  /// An operator without a check fails here.
  @Test func everyOperatorIsChecked() throws {
    let source = SourceFiles.text("Sources/SynapackGraph/Op.swift")
    let cases = source.matches(of: /(?m)^  case `?(\w+)`?\(\w+\)$/).map { String($0.output.1) }
    #expect(cases.count >= 36)
    var checked: Set<String> = []
    for test in GradientCases.smooth {
      var b = try GraphBuilder(seed: 0, input: test.input)
      _ = try test.build(&b, b.input)
      checked.formUnion(b.draft.nodes.map(\.op.name))
    }
    let text = SourceFiles.text("Tests/SynapackDenseTests/SurrogateTests.swift")
    for (name, test) in GradientTests.stepped where text.contains("func \(test)(") {
      checked.insert(name)
    }
    #expect(Set(cases).subtracting(checked) == [], "operators without a gradient check")
  }

  @Test func lossesOfSeveralWiresAddUp() throws {
    var b = try GraphBuilder(seed: 3, input: [4])
    let hidden = try b.linear(b.input, 3)
    let output = try b.linear(b.relu(hidden), 2)
    let graph = try b.graph(output)
    let network = try DenseGradients(graph)
    let pass = try network.forward(inputs: [b.samples(2, signed: true)], count: 2)
    let first: [Float] = [1, -2, 0.5, 3]
    let second: [Float] = [2, 1, -1, 0.25, 4, -3]
    let one = try network.backward(pass, from: [output: first])
    let two = try network.backward(pass, from: [hidden: second])
    let both = try network.backward(pass, from: [output: first, hidden: second])
    for (name, values) in both.weights {
      for index in values.indices {
        let sum = (one.weights[name]?[index] ?? 0) + (two.weights[name]?[index] ?? 0)
        #expect(abs(values[index] - sum) <= 1e-5, "\(name)[\(index)]")
      }
    }
    // Nothing behind the hidden wire hears of its loss.
    #expect(Set(two.weights.keys) == ["w", "b"])
  }

  @Test func onlyWhatIsAskedForComes() throws {
    var b = try GraphBuilder(seed: 3, input: [4])
    let output = try b.linear(b.relu(b.linear(b.input, 3)), 2)
    let graph = try b.graph(output)
    let samples = [b.samples(2, signed: true)]
    let all = try DenseGradients(graph)
    let one = try DenseGradients(graph, weights: ["w.2"], inputs: false)
    let expected = try all.backward(
      all.forward(inputs: samples, count: 2), from: [output: [1, 2, 3, 4]])
    let found = try one.backward(
      one.forward(inputs: samples, count: 2), from: [output: [1, 2, 3, 4]])
    #expect(found.weights == ["w.2": expected.weights["w.2"] ?? []])
    #expect(found.inputs == [[]])
    #expect(expected.inputs[0].count == 8)
  }

  @Test func wrongCountsAreRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let output = try b.linear(b.input, 2)
    let network = try DenseGradients(try b.graph(output))
    for (values, count) in [(4, 2), (0, 0), (5, 1), (4, -1), (4, Int.max)] {
      let error = #expect(throws: PackError.self) {
        try network.forward(inputs: [Array(repeating: 0, count: values)], count: count)
      }
      #expect(error?.code == .wrongDataShape, "\(values) values, \(count) samples")
    }
    let pass = try network.forward(inputs: [[1, 2, 3, 4]], count: 1)
    for losses in [[output: [Float(1)]], [WireID(index: 99): [1, 2]], [WireID(index: -1): []]] {
      let error = #expect(throws: PackError.self) { try network.backward(pass, from: losses) }
      #expect(error?.code == .wrongDataShape)
    }
  }
}
