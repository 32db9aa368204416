import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Channels of one scale: the same function to the bit, from whatever scales.
struct EqualizeChannelsTests {
  private static let pool = MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))

  /// Two convolutions, the second of groups, and two dense layers behind a pooling.
  private func network(seed: Int, joins: Bool = false) throws -> Graph<Analog> {
    var b = try GraphBuilder(seed: UInt64(seed), input: [3, 6, 6])
    let first = try b.relu(b.convolution(b.input, 8, kernel: 3))
    let second = try b.relu(
      b.convolution(first, 8, Window(kernel: Extent(y: 3, x: 3)), groups: seed % 2 == 0 ? 1 : 4))
    let pooled = try b.add(.maxPool(Self.pool), second)
    let hidden = try b.relu(b.linear(b.flatten(pooled), 12))
    let output = try b.linear(joins ? b.add(.add(Add()), hidden, hidden) : hidden, 5)
    return try b.graph(output)
  }

  /// The network with the rows of its weights and biases times drawn powers of two.
  private func scaled(
    _ graph: Graph<Analog>, seed: UInt64, exponents: ClosedRange<Int>
  ) throws -> Graph<Analog> {
    var (draft, random) = (graph.draft, SeededGenerator(seed: seed))
    for node in graph.nodes {
      let names: (weight: String, bias: String?)
      switch node.op {
      case .convolution(let op): names = (op.weight, op.bias)
      case .linear(let op): names = (op.weight, op.bias)
      default: continue
      }
      let tensor = try graph.weights.tensor(names.weight)
      let scales = (0..<tensor.shape[0]).map { _ in
        Float(sign: .plus, exponent: .random(in: exponents, using: &random), significand: 1)
      }
      for name in [names.weight, names.bias].compactMap({ $0 }) {
        let old = try graph.weights.tensor(name)
        let row = old.shape.count / scales.count
        draft.weights[name] = try Tensor(
          shape: old.shape, floats: old.floats().enumerated().map { $1 * scales[$0 / row] })
      }
    }
    return try Graph(verifying: draft)
  }

  private func output(_ graph: Graph<Analog>, _ samples: [Float]) throws -> [Float] {
    try DenseNetwork(graph).output(samples, count: 4)
  }

  private func largest(_ graph: Graph<Analog>, _ name: String) throws -> [Float] {
    let tensor = try graph.weights.tensor(name)
    let (values, rows) = (tensor.floats(), tensor.shape[0])
    let row = values.count / rows
    return (0..<rows).map { values[$0 * row..<($0 + 1) * row].map(\.magnitude).max() ?? 0 }
  }

  /// A row of zeros has no scale that the others could be unlike.
  @Test func rowsOfZerosCountForNothing() throws {
    let graph = try scaled(network(seed: 0), seed: 0, exponents: -6...(-6))
    let node = try #require(graph.nodes.first { $0.op.payload.weightNames.first != nil })
    let name = try #require(node.op.payload.weightNames.first)
    let tensor = try graph.weights.tensor(name)
    let row = tensor.shape.count / tensor.shape[0]
    var draft = graph.draft
    draft.weights[name] = try Tensor(
      shape: tensor.shape, floats: tensor.floats().enumerated().map { $0 < row ? 0 : $1 })
    let equal = try GraphRules.applied(to: Graph(verifying: draft))
    let after = try #require(equal.nodes.first { $0.op.payload.weightNames.first != nil })
    #expect(after.op.payload.weightNames.first == name)
  }

  @Test(arguments: 0..<20) func notABitChanges(seed: Int) throws {
    let graph = try scaled(network(seed: seed), seed: UInt64(seed), exponents: -6...6)
    var random = SeededGenerator(seed: UInt64(seed) + 100)
    let samples = (0..<4 * 108).map { _ in random.unitFloat() * 2 - 1 }
    let equal = try GraphRules.applied(to: graph)
    #expect(try output(equal, samples) == output(graph, samples), "seed \(seed)")
    var hidden = 0
    for node in equal.nodes {
      guard let weight = node.op.payload.weightNames.first, node.output != equal.outputs[0] else {
        continue
      }
      hidden += 1
      #expect(try largest(equal, weight).allSatisfy { (1..<2).contains($0) }, "seed \(seed)")
    }
    #expect(hidden == 3)
  }

  @Test func layersWhoseRowsAreAlikeStay() throws {
    let graph = try network(seed: 1)
    #expect(try GraphRules.applied(to: graph).weights.names == graph.weights.names)
  }

  /// What a join adds must stay in the scale of what it is added to.
  @Test func channelsOfAJoinStay() throws {
    let graph = try scaled(network(seed: 2, joins: true), seed: 2, exponents: -6...6)
    let equal = try GraphRules.applied(to: graph)
    let before = try #require(graph.nodes.first { $0.op.name == "linear" })
    let after = try #require(equal.nodes.first { $0.name == before.name })
    let rows = try largest(equal, after.op.payload.weightNames[0])
    #expect(try #require(rows.max()) / (try #require(rows.min())) > 16)
  }
}
