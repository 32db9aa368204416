import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The rewrites before conversion: they change no value, and nothing is left for them to do.
struct RuleTests {
  @Test(arguments: 0..<40) func valuesAreKept(seed: Int) throws {
    var b = try GraphBuilder(seed: UInt64(seed), input: [3, 6, 6])
    var wire = try b.normalization(b.input)
    for _ in 0..<5 { wire = try step(&b, wire) }
    wire = try b.normalization(b.linear(b.flatten(wire), 6))
    if seed % 2 == 0 { wire = try b.relu(b.affine(wire)) }
    let graph = try b.graph(wire)
    let rewritten = try GraphRules.applied(to: graph)
    let samples = b.samples(4, signed: true)
    let before = try DenseNetwork(graph).output(samples, count: 4)
    let after = try DenseNetwork(rewritten).output(samples, count: 4)
    let worst = zip(before, after).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 1
    #expect(worst <= 1e-5, "seed \(seed)")
    let again = try GraphRules.applied(to: rewritten)
    #expect(again.nodes == rewritten.nodes && again.outputs == rewritten.outputs, "seed \(seed)")
    #expect(again.weights.names == rewritten.weights.names, "seed \(seed)")
  }

  private func step(_ b: inout GraphBuilder, _ wire: WireID) throws(PackError) -> WireID {
    let pool = MaxPool(
      window: Window(
        kernel: Extent(y: 2, x: 2), padding: Edges(top: 1, left: 0, bottom: 0, right: 1)))
    switch Int.random(in: 0..<6, using: &b.random) {
    case 0: return try b.relu(b.normalization(b.convolution(wire, 4, kernel: 3)))
    case 1: return try b.relu(b.add(.maxPool(pool), b.convolution(wire, 4, kernel: 3)))
    case 2:
      let left = try b.convolution(wire, 2, kernel: 1, bias: false)
      let right = try b.normalization(b.convolution(wire, 3, kernel: 3))
      return try b.relu(b.add(.concat(Concat(axis: 0)), left, right))
    case 3:
      let turned = try b.add(.transpose(Transpose(permutation: [0, 2, 1])), wire)
      return try b.add(.clip(Clip(lower: 0, upper: 0.7)), turned)
    case 4:
      // Read twice, so that nothing may be folded into it.
      let shared = try b.convolution(wire, 3, kernel: 3)
      return try b.add(.add(Add()), b.normalization(shared), shared)
    default: return try b.affine(b.affine(b.convolution(wire, 3, kernel: 3, bias: false)))
    }
  }

  private func names(_ graph: Graph<Analog>) -> [String] { graph.nodes.map { $0.op.name } }

  @Test func rectifiersMoveBeforeWhatMovesValues() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let left = try b.convolution(b.input, 2, kernel: 3)
    let right = try b.convolution(b.input, 2, kernel: 1)
    let joined = try b.add(.concat(Concat(axis: 0)), left, right)
    let pooled = try b.add(
      .maxPool(MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))), joined)
    let output = try b.relu(b.flatten(pooled))
    let rewritten = try GraphRules.applied(to: b.graph(output))
    #expect(
      names(rewritten) == [
        "convolution", "convolution", "relu", "relu", "concat", "maxPool", "reshape",
      ])
  }

  @Test func hoistedRectifiersDoNotTakeTakenNames() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let left = try b.convolution(b.input, 2, kernel: 3, name: "act.1")
    let right = try b.convolution(b.input, 2, kernel: 1, name: "act.2")
    let output = try b.relu(b.add(.concat(Concat(axis: 0)), left, right), name: "act")
    let rewritten = try GraphRules.applied(to: b.graph(output))
    #expect(names(rewritten) == ["convolution", "convolution", "relu", "relu", "concat"])
  }

  @Test func aRectifierStaysWhereOthersReadTheUnrectified() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let flat = try b.flatten(b.convolution(b.input, 2, kernel: 3))
    let output = try b.add(.add(Add()), b.relu(flat), flat)
    let graph = try b.graph(output)
    #expect(try GraphRules.applied(to: graph).nodes == graph.nodes)
  }

  @Test func softmaxIsDroppedAtTheOutputOnly() throws {
    var b = try GraphBuilder(seed: 1, input: [5])
    let hidden = try b.linear(b.input, 4)
    let inner = try b.add(.softmax(Softmax()), hidden)
    let scores = try b.linear(inner, 3)
    let output = try b.add(.softmax(Softmax()), scores)
    var report = Report()
    let rewritten = try GraphRules.applied(to: b.graph(output), &report)
    #expect(names(rewritten) == ["linear", "softmax", "linear"])
    #expect(report.findings.map(\.code) == [.droppedSoftmax])
    #expect(rewritten.outputs == [scores])
    // Where an output's normalization is read on, it stays.
    let further = try b.linear(output, 2)
    let both = try b.graph(output, further)
    #expect(names(try GraphRules.applied(to: both)).count { $0 == "softmax" } == 2)
  }

  @Test func distributionsOverOneAxisOfSeveralStay() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 3])
    let output = try b.add(.softmax(Softmax(axis: 0)), b.input)
    #expect(names(try GraphRules.applied(to: b.graph(output))) == ["softmax"])
    let whole = try b.add(
      .softmax(Softmax(axis: 0, isLogarithmic: true)), b.flatten(b.input))
    #expect(names(try GraphRules.applied(to: b.graph(whole))) == ["softmax", "reshape"])
  }

  @Test func linearFormsGetTheirNames() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 3])
    let negated = try b.add(.activation(Activation(.negate)), b.input)
    let sum = try b.add(.binary(Binary(.add)), negated, b.convolution(b.input, 2, kernel: 3))
    let difference = try b.add(.binary(Binary(.subtract)), sum, b.input)
    let kept = try b.add(
      .reduce(Reduce(.mean, axes: [1, 2], keepsAxes: true)), difference)
    let flat = try b.add(.reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)), difference)
    let output = try b.add(.add(Add()), b.flatten(kept), flat)
    let graph = try b.graph(output)
    let rewritten = try GraphRules.applied(to: graph)
    #expect(
      names(rewritten) == [
        "scale", "convolution", "add", "scale", "add", "averagePool", "averagePool", "reshape",
        "reshape", "add",
      ])
    let samples = b.samples(3, signed: true)
    let before = try DenseNetwork(graph).output(samples, count: 3)
    let after = try DenseNetwork(rewritten).output(samples, count: 3)
    for (old, new) in zip(before, after) { #expect(abs(old - new) <= 1e-5) }
  }

  @Test func otherArithmeticKeepsItsName() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 3])
    let row = try b.add(.constant(Constant(weight: b.weight("row", [3], 0...1))))
    let sum = try b.add(.binary(Binary(.add)), b.input, row)
    let mean = try b.add(.reduce(Reduce(.mean, axes: [0], keepsAxes: true)), sum)
    let graph = try b.graph(mean)
    #expect(try GraphRules.applied(to: graph).nodes == graph.nodes)
  }
}
