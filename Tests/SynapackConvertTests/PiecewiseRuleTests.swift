import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Activations as sums of rectifiers: exact where they have straight pieces, within the stated
/// error where they are smooth.
struct PiecewiseRuleTests {
  static let exact: [Op] = [
    .activation(Activation(.leakyRelu(slope: 0.1))),
    .activation(Activation(.leakyRelu(slope: -0.5))),
    .activation(Activation(.absolute)),
    .activation(Activation(.hardSigmoid(slope: 0.2, offset: 0.5))),
    .clip(Clip(lower: -0.3, upper: 0.4)),
    .clip(Clip(lower: 0.1, upper: 0.5)),
    .clip(Clip(lower: -0.3, upper: .infinity)),
    .clip(Clip(lower: -.infinity, upper: 0.2)),
  ]

  private func network(_ op: Op, seed: UInt64 = 1) throws -> (Graph<Analog>, GraphBuilder) {
    var b = try GraphBuilder(seed: seed, input: [2, 6, 6])
    let first = try b.add(op, b.convolution(b.input, 4, kernel: 3))
    // Padding behind an activation with an offset: the offset must not leak into the border.
    let second = try b.relu(b.convolution(first, 4, kernel: 3))
    let output = try b.linear(b.flatten(second), 5)
    return (try b.graph(output), b)
  }

  @Test(arguments: exact) func straightPiecesAreExact(op: Op) throws {
    var (graph, b) = try network(op)
    let rewritten = try GraphRules.applied(to: graph)
    #expect(SpikingPlan(rewritten).isConvertible)
    let samples = b.samples(6, signed: true)
    let before = try DenseNetwork(graph).output(samples, count: 6)
    let after = try DenseNetwork(rewritten).output(samples, count: 6)
    #expect(zip(before, after).allSatisfy { abs($0 - $1) <= 1e-5 })
    let again = try GraphRules.applied(to: rewritten)
    #expect(again.nodes == rewritten.nodes)
  }

  @Test(arguments: exact) func straightPiecesConvert(op: Op) throws {
    var (graph, b) = try network(op)
    let samples = b.samples(40)
    let options = ConversionOptions(
      timesteps: 16, schedule: .accumulate, payloads: 0...255, method: "max", weightBits: 16,
      biasBits: 24, membraneBits: 32)
    let conversion = try Conversion(graph, samples, options)
    #expect(try conversion.outputError(samples) < 1e-4)
  }

  /// Plain integrate-and-fire neurons carry a leaky ReLU.
  @Test func aLeakyReluNeedsNoSignedPayload() throws {
    var (graph, b) = try network(.activation(Activation(.leakyRelu(slope: 0.1))))
    let samples = b.samples(40)
    let conversion = try Conversion(graph, samples, ConversionOptions(timesteps: 32))
    #expect(conversion.program.populations.allSatisfy { $0.payloads.lowerBound == 0 })
    #expect(try conversion.outputError(samples) < 0.02)
  }

  @Test func aParametricReluHasASlopeAChannel() throws {
    var b = try GraphBuilder(seed: 3, input: [2, 6, 6])
    let before = try b.convolution(b.input, 4, kernel: 3)
    let slopes = try b.add(.constant(Constant(weight: b.weight("slopes", [4, 1, 1], 0.05...0.4))))
    let leaky = try b.add(.binary(Binary(.parametricRelu)), before, slopes)
    let output = try b.linear(b.flatten(leaky), 5)
    let graph = try b.graph(output)
    let rewritten = try GraphRules.applied(to: graph)
    #expect(SpikingPlan(rewritten).isConvertible)
    let samples = b.samples(40)
    let dense = try DenseNetwork(graph).output(samples, count: 40)
    let after = try DenseNetwork(rewritten).output(samples, count: 40)
    #expect(zip(dense, after).allSatisfy { abs($0 - $1) <= 1e-5 })
    let conversion = try Conversion(
      graph, samples, ConversionOptions(timesteps: 8, payloads: 0...255, weightBits: 16))
    #expect(try conversion.outputError(samples) < 1e-4)
  }

  static let smooth: [Activation.Function] = [
    .gelu, .geluTanh, .silu, .mish, .softplus, .hardSwish, .sigmoid, .hyperbolicTangent,
    .errorFunction, .elu(alpha: 1), .selu(alpha: 1.67326, gamma: 1.0507), .celu(alpha: 2),
  ]

  /// The error that the ledger states is the largest over all inputs, and small.
  @Test(arguments: smooth) func theStatedErrorHolds(function: Activation.Function) throws {
    var b = try GraphBuilder(seed: 1, input: [1])
    let output = try b.add(.activation(Activation(function)), b.input)
    let graph = try b.graph(output)
    var report = Report()
    let rewritten = try GraphRules.applied(to: graph, &report)
    let loss = try #require(report.losses.first { $0.code == .activationByPieces })
    let stated = Float(try #require(loss.measured))
    #expect(stated <= 0.02, "\(function) \(stated)")
    let inputs = (-30_000...30_000).map { Float($0) / 1_000 + 0.000_3 }
    let before = try DenseNetwork(graph).output(inputs, count: inputs.count)
    let after = try DenseNetwork(rewritten).output(inputs, count: inputs.count)
    for (index, (x, y)) in zip(before, after).enumerated() {
      #expect(abs(x - y) <= stated + 1e-4, "\(function) at \(inputs[index])")
    }
  }

  @Test func aSmoothActivationConverts() throws {
    var (graph, b) = try network(.activation(Activation(.silu)))
    let samples = b.samples(40)
    let conversion = try Conversion(
      graph, samples, ConversionOptions(timesteps: 8, payloads: 0...15))
    #expect(!conversion.program.hasCompensation)
    // Values within ±1 meet few of the pieces, whose error is one for all inputs.
    let error = try conversion.outputError(samples)
    #expect(error < 0.05, "\(error)")
  }
}
