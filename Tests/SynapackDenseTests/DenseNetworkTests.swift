import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The fast execution against each operator's own plain equation.
struct DenseNetworkTests {
  @Test(arguments: 0..<600) func agreesWithTheReference(seed: Int) throws {
    var random = try RandomGraph(seed: seed)
    let graph = try random.next()
    let shape = graph.shape(of: graph.inputs[0])
    let samples = random.samples(3)
    let outputs = try DenseNetwork(graph).output(samples, count: 3)
    var expected: [Float] = []
    for start in stride(from: 0, to: samples.count, by: shape.count) {
      let sample = FloatArray(shape: shape, values: Array(samples[start..<start + shape.count]))
      expected += try #require(try graph.evaluateReference(sample).first).values
    }
    try #require(outputs.count == expected.count, "seed \(seed)")
    #expect(expected.allSatisfy { $0.isFinite }, "seed \(seed)")
    let worst = zip(outputs, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 1
    #expect(
      worst <= 1e-5 && outputs.allSatisfy { $0.isFinite },
      "seed \(seed): \(graph.nodes.map { $0.op })")
  }

  /// The draws reach every operator that an analog graph may hold.
  @Test func everyOperatorIsDrawn() throws {
    var used: Set<String> = []
    for seed in 0..<300 {
      var random = try RandomGraph(seed: seed)
      _ = try random.next()
      used.formUnion(random.used)
    }
    let all: Set = [
      "activation", "add", "averagePool", "batchNormalization", "binary", "channelAffine", "clip",
      "concat", "constant", "convolution", "convolutionTranspose", "dequantization",
      "groupNormalization", "layerNormalization", "linear", "localResponseNormalization",
      "matrixProduct", "maxPool", "pad", "quantization", "reduce", "relu", "reshape", "scale",
      "select", "slice", "softmax", "tile", "transpose", "volumeConvolution", "volumePool", "where",
      "windowSum",
    ]
    #expect(used == all, "\(all.subtracting(used).sorted())")
  }

  @Test func neuronsGiveTheirRates() throws {
    var b = try GraphBuilder(seed: 7, input: [2, 3, 3])
    let theta = try b.weight("theta", [2], 0.3...0.9)
    let start = try b.weight("start", [18], 0...0.2)
    let spike = Spike(
      threshold: theta, amplitude: theta, initial: start, lower: -1, upper: 2, memory: true,
      timesteps: 5)
    let output = try b.add(.spike(spike), b.input)
    b.draft.outputs = [output]
    let graph = try Graph<Spiking>(verifying: b.draft)
    let samples = b.samples(3, signed: true)
    let outputs = try DenseNetwork(graph).output(samples, count: 3)
    for sample in 0..<3 {
      let values = Array(samples[sample * 18..<(sample + 1) * 18])
      let expected = try graph.evaluateReference(
        FloatArray(shape: b.shape(b.input), values: values))
      #expect(expected.first?.values == Array(outputs[sample * 18..<(sample + 1) * 18]))
    }
  }

  @Test func wiresThatAreKeptComeOut() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let hidden = try b.relu(b.linear(b.input, 3))
    let output = try b.linear(hidden, 2)
    let network = try DenseNetwork(try b.graph(output))
    let samples = b.samples(2)
    let values = try network.run(samples, count: 2, keeping: [b.input, hidden, output])
    #expect(values[b.input] == samples)
    #expect(values[hidden]?.count == 6)
    #expect(values[output] == (try network.output(samples, count: 2)))
    #expect(try network.run(samples, count: 2, keeping: []).isEmpty)
  }

  @Test func wrongCountsAreRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let output = try b.linear(b.input, 2)
    let network = try DenseNetwork(try b.graph(output))
    for (values, count) in [(4, 2), (0, 0), (5, 1), (4, -1), (4, Int.max)] {
      let error = #expect(throws: PackError.self) {
        try network.output(Array(repeating: 0, count: values), count: count)
      }
      #expect(error?.code == .wrongDataShape, "\(values) values, \(count) samples")
    }
  }

  @Test func severalInputsAndOutputs() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let other = b.draft.addWire("other", try Shape([4]))
    b.draft.inputs.append(other)
    let sum = try b.add(.add(Add()), b.input, other)
    let rectified = try b.relu(other)
    let network = try DenseNetwork(try b.graph(sum, rectified))
    let values = try network.run(
      inputs: [[1, 2, 3, 4, 5, 6, 7, 8], [-1, 0, 1, 2, -3, 4, -5, 6]], count: 2,
      keeping: Set(network.outputs))
    #expect(values[sum] == [0, 2, 4, 6, 2, 10, 2, 14])
    #expect(values[rectified] == [0, 0, 1, 2, 0, 4, 0, 6])
    let error = #expect(throws: PackError.self) { try network.output([1, 2, 3, 4], count: 1) }
    #expect(error?.code == .wrongDataShape)
  }
}
