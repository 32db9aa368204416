import SynapackConvert
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Models that were quantized for integer kernels lose the rounding of their activations, and
/// nothing else.
struct DropActivationLevelsTests {
  /// A pair with the levels of int8 or uint8 behind `wire`.
  private func pair(
    _ b: inout GraphBuilder, _ wire: WireID, signed: Bool, backScale: Float = 0.25
  ) throws -> WireID {
    func store(_ base: String, _ value: Float) throws -> String {
      let name = b.draft.weights.freshName(base)
      b.draft.weights[name] = try Tensor(shape: Shape([1]), floats: [value])
      return name
    }
    let rounded = try b.add(
      .quantization(
        Quantization(
          scale: store("scale", 0.25), zeroPoint: nil, axis: 0, lower: signed ? -128 : 0,
          upper: signed ? 127 : 255)), wire)
    return try b.add(
      .dequantization(
        Dequantization(scale: store("scale", backScale), zeroPoint: store("zero", 0), axis: 0)),
      rounded)
  }

  private func applied(
    _ b: GraphBuilder, _ output: WireID
  ) throws -> (graph: Graph<Analog>, report: Report) {
    var report = Report()
    let graph = try GraphRules.applied(to: try b.graph(output), &report)
    return (graph, report)
  }

  @Test func pairsGoWithAnEntryInTheLedger() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let image = try pair(&b, b.input, signed: false)
    let first = try b.relu(b.convolution(image, 3, kernel: 3))
    let sum = try b.convolution(pair(&b, first, signed: false), 2, kernel: 3)
    let output = try b.linear(b.flatten(pair(&b, sum, signed: true)), 3)
    let (graph, report) = try applied(b, output)
    #expect(
      graph.nodes.map { $0.op.name } == [
        "convolution", "clip", "convolution", "reshape", "linear",
      ])
    // The limit of the levels behind a ReLU stays with it.
    #expect(graph.nodes[1].op == .clip(Clip(lower: 0, upper: 63.75)))
    #expect(report.losses.map(\.code) == [.droppedActivationLevels])
    #expect(report.losses.first?.message.contains("3 activations") == true)
    #expect(SpikingPlan(graph).isConvertible)
  }

  /// Exporters leave out a ReLU where unsigned levels hold back what is negative.
  @Test func levelsThatActAsARectifierBecomeOne() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let hidden = try pair(&b, b.convolution(b.input, 3, kernel: 3), signed: false)
    let pool = MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))
    let pooled = try pair(&b, b.add(.maxPool(pool), hidden), signed: false)
    let output = try b.linear(b.flatten(pooled), 3)
    let (graph, _) = try applied(b, output)
    #expect(
      graph.nodes.map { $0.op.name } == ["convolution", "clip", "maxPool", "reshape", "linear"])
    #expect(SpikingPlan(graph).isConvertible)
  }

  @Test func levelsThatOthersReadStay() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let hidden = try b.relu(b.linear(b.input, 3))
    let back = try pair(&b, hidden, signed: true)
    let rounded = try #require(b.draft.nodes.last?.inputs.first)
    let both = try b.graph(back, rounded)
    let graph = try GraphRules.applied(to: both)
    #expect(graph.nodes.map { $0.op.name } == ["linear", "relu", "quantization"])
    #expect(graph.outputs == [hidden, rounded])
  }

  @Test func halvesThatDoNotMatchAreRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let hidden = try pair(&b, b.relu(b.linear(b.input, 3)), signed: true, backScale: 0.5)
    let output = try b.linear(hidden, 2)
    let (graph, report) = try applied(b, output)
    #expect(report.losses.isEmpty)
    #expect(
      SpikingPlan(graph).refusals.map { $0.op } == ["quantization", "dequantization"])
  }
}
