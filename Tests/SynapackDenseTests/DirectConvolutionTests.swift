import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Convolutions of the sizes that the direct kernel takes, against the operator's own equation.
struct DirectConvolutionTests {
  @Test(arguments: 0..<150) func agreesWithTheReference(seed: Int) throws {
    let graph = try draw(seed)
    let shape = graph.shape(of: graph.inputs[0])
    var b = try GraphBuilder(seed: UInt64(seed) + 5_000, input: shape.dimensions)
    let samples = b.samples(3, signed: true)
    let network = try DenseNetwork(graph)
    let outputs = try network.output(samples, count: 3)
    var expected: [Float] = []
    var alone: [Float] = []
    for start in stride(from: 0, to: samples.count, by: shape.count) {
      let values = Array(samples[start..<start + shape.count])
      let sample = FloatArray(shape: shape, values: values)
      expected += try #require(try graph.evaluateReference(sample).first).values
      alone += try network.output(values, count: 1)
    }
    try #require(outputs.count == expected.count, "seed \(seed)")
    let worst = zip(outputs, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 1
    #expect(worst <= 1e-4, "seed \(seed): \(graph.nodes.map { $0.op })")
    #expect(outputs == alone, "seed \(seed): a batch changes a result")
  }

  private func draw(_ seed: Int) throws -> Graph<Analog> {
    var random = SeededGenerator(seed: UInt64(seed))
    func pick<Value>(_ values: [Value]) -> Value {
      values[Int.random(in: values.indices, using: &random)]
    }
    let groups = pick([1, 1, 1, 2])
    let channels = groups * pick([1, 3, 5])
    let plane = [channels, pick([1, 4, 7, 9]), pick([4, 5, 8, 11, 17, 26])]
    var b = try GraphBuilder(seed: UInt64(seed), input: plane)
    let kernel = pick([1, 1, 2, 3])
    let window = Window(
      kernel: Extent(y: min(kernel, plane[1]), x: kernel),
      stride: Extent(y: pick([1, 1, 2, 3]), x: pick([1, 1, 2, 3])),
      dilation: Extent(y: plane[1] > 4 ? pick([1, 2]) : 1, x: plane[2] > 4 ? pick([1, 2]) : 1),
      padding: Edges(top: pick([0, 1]), left: pick([0, 1, 2]), bottom: pick([0, 1]), right: 1))
    let output = try b.convolution(
      b.input, groups * pick([8, 15, 16, 17, 40]), window, groups: groups,
      bias: pick([true, false]))
    b.draft.outputs = [output]
    return try Graph<Analog>(verifying: b.draft)
  }
}
