@testable import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackPlace
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Operators on running means, from an analog graph to a program.
struct CompensatedConversionTests {
  static let options = ConversionOptions(
    timesteps: 8, payloads: 0...255, weightBits: 16, biasBits: 24)

  /// Tokens from the plane of a convolution, one block of attention and a perceptron.
  static func transformer(seed: UInt64, _ activation: Activation.Function = .gelu) throws -> (
    Graph<Analog>, GraphBuilder
  ) {
    var b = try GraphBuilder(seed: seed, input: [1, 4, 6])
    let (tokens, width, heads) = (6, 8, 2)
    let patches = try b.convolution(
      b.input, width, Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2)))
    let flat = try b.add(.reshape(Reshape(shape: Shape([width, tokens]))), patches)
    let turned = try b.add(.transpose(Transpose(permutation: [1, 0])), flat)
    let places = try b.add(
      .constant(Constant(weight: b.weight("places", [tokens, width], -0.3...0.3))))
    let stream = try b.add(.add(Add()), turned, places)
    let normal = try normalization(&b, stream)
    var sides: [WireID] = []
    for _ in 0..<3 {
      let projected = try tokenLinear(&b, normal, width)
      let split = try b.add(
        .reshape(Reshape(shape: Shape([tokens, heads, width / heads]))), projected)
      sides.append(try b.add(.transpose(Transpose(permutation: [1, 0, 2])), split))
    }
    let keys = try b.add(.transpose(Transpose(permutation: [0, 2, 1])), sides[1])
    let scores = try b.add(.matrixProduct(MatrixProduct()), sides[0], keys)
    let scaled = try b.add(.scale(Scale(factor: 0.5)), scores)
    let shares = try b.add(.softmax(Softmax()), scaled)
    let mixed = try b.add(.matrixProduct(MatrixProduct()), shares, sides[2])
    let back = try b.add(.transpose(Transpose(permutation: [1, 0, 2])), mixed)
    let joined = try b.add(.reshape(Reshape(shape: Shape([tokens, width]))), back)
    let attended = try b.add(.add(Add()), stream, tokenLinear(&b, joined, width))
    let hidden = try b.add(
      .activation(Activation(activation)),
      tokenLinear(&b, normalization(&b, attended), 2 * width))
    let last = try normalization(
      &b, b.add(.add(Add()), attended, tokenLinear(&b, hidden, width)))
    let mean = try b.add(.reduce(Reduce(.mean, axes: [0], keepsAxes: false)), last)
    let output = try b.linear(mean, 4)
    return (try b.graph(output), b)
  }

  static func normalization(_ b: inout GraphBuilder, _ wire: WireID) throws -> WireID {
    let width = b.shape(wire).dimensions.last ?? 1
    return try b.add(
      .layerNormalization(
        LayerNormalization(
          axis: b.shape(wire).rank - 1, scale: b.weight("gamma", [width], 0.5...1.5),
          shift: b.weight("beta", [width], -0.2...0.2), epsilon: 1e-5)), wire)
  }

  static func tokenLinear(_ b: inout GraphBuilder, _ wire: WireID, _ outputs: Int) throws -> WireID
  {
    let width = b.shape(wire).dimensions.last ?? 1
    let limit = (3 / Float(width)).squareRoot()
    return try b.add(
      .linear(
        Linear(
          weight: b.weight("w", [outputs, width], -limit...limit),
          bias: b.weight("b", [outputs], -0.1...0.2))), wire)
  }

  @Test(arguments: 0..<4, [Schedule.wavefront, .tick, .staggered(1), .accumulate])
  func aTransformerKeepsItsOutputs(seed: Int, schedule: Schedule) throws {
    var (graph, b) = try Self.transformer(
      seed: UInt64(seed), [.gelu, .silu, .sigmoid, .hyperbolicTangent][seed])
    let samples = b.samples(30)
    var options = Self.options
    options.schedule = schedule
    // Layers that begin at other ticks hear means that settle only with the last of them.
    if schedule == .tick || schedule == .staggered(1) { options.timesteps = 32 }
    let conversion = try Conversion(graph, samples, options)
    let error = try conversion.outputError(samples)
    #expect(error < 1e-3, "seed \(seed), \(schedule): \(error)")
  }

  @Test func itsReportSaysWhichLayersMultiply() throws {
    var (graph, b) = try Self.transformer(seed: 1)
    let conversion = try Conversion(graph, b.samples(8), Self.options)
    let losses = conversion.report.losses.filter { $0.code == .compensatedOperator }
    // Three normalizations, the shares with the product before them, a product, an activation.
    #expect(losses.count == 6)
    let multiplied = losses.compactMap(\.measured).reduce(0, +)
    let counted = conversion.program.populations.reduce(0) { $0 + $1.multiplicationsPerTick }
    #expect(multiplied == Double(counted) && counted > 0)
  }

  @Test func theThreadsChangeNothing() throws {
    var (graph, b) = try Self.transformer(seed: 2)
    let samples = b.samples(20)
    let one = try Conversion(graph, samples, Self.options, threads: 1)
    let four = try Conversion(graph, samples, Self.options, threads: 4)
    #expect(one.program == four.program)
  }

  /// No preset computes these operators; the refusal names layer and operator.
  @Test func everyChipRefusesByName() throws {
    var (graph, b) = try Self.transformer(seed: 3)
    let program = try Conversion(graph, b.samples(8), Self.options).program
    for chip in try Chips.all() {
      let error = #expect(throws: PackError.self) {
        try Placer.place(program, on: chip, rates: program.populations.map { _ in 1 })
      }
      #expect(error?.code == .unsupportedByChip, "\(chip.id)")
      #expect(error?.message.contains("layer `softmax") == true, "\(chip.id)")
      #expect(error?.message.contains("the operator `softmax`") == true, "\(chip.id)")
    }
  }

  @Test func aProductWithTheInputIsRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [3, 3])
    let layer = try Self.tokenLinear(&b, b.input, 3)
    let output = try b.add(.matrixProduct(MatrixProduct()), b.input, layer)
    let plan = SpikingPlan(try b.graph(output))
    #expect(plan.refusals.map(\.op) == ["matrixProduct"])
  }

  @Test func aStretchedProductIsRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 3, 3])
    let stack = try b.relu(b.convolution(b.input, 2, kernel: 3))
    let one = try b.add(.reshape(Reshape(shape: Shape([6, 3]))), stack)
    let square = try b.add(
      .reshape(Reshape(shape: Shape([3, 3]))), b.linear(b.flatten(one), 9))
    let output = try b.add(.matrixProduct(MatrixProduct()), stack, square)
    #expect(SpikingPlan(try b.graph(output)).refusals.map(\.op) == ["matrixProduct"])
  }

  /// A layer normalization over one axis alone, behind plain neurons.
  @Test func aNormalizedLayerConverts() throws {
    var b = try GraphBuilder(seed: 5, input: [1, 6, 6])
    let first = try b.relu(b.linear(b.flatten(b.input), 16))
    let normal = try Self.normalization(&b, b.linear(first, 12))
    let output = try b.linear(normal, 4)
    let graph = try b.graph(output)
    let samples = b.samples(30)
    let conversion = try Conversion(graph, samples, Self.options)
    #expect(try conversion.outputError(samples) < 1e-3)
  }

  /// Both are rounded alike: an input of 2ᵇ steps leaves its weights 2ʷ⁻¹·n/2ᵇ levels.
  @Test(arguments: [(8, 1, 4), (8, 15, 5), (8, 255, 7), (16, 1, 7), (16, 255, 11), (2, 1, 4)])
  func theInputHasAsManyStepsAsItsWeights(weightBits: Int, payload: Int, bits: Int) {
    #expect(ProgramLowering.inputBits(weightBits: weightBits, payload: payload) == bits)
    let levels = Double(payload << (weightBits - 1)) / Double(1 << bits)
    // Within a factor of two of each other, but where four bits are the fewest.
    #expect(bits == 4 || (levels / Double(1 << bits) <= 2 && levels / Double(1 << bits) >= 0.5))
  }

  /// The input meets payloads of 8 bits and weights of 16 in one neuron, and takes no more than serves both.
  @Test(arguments: [8, 11, 12]) func aWiderInputIsNarrowed(bits: Int) throws {
    var (graph, b) = try Self.transformer(seed: 2)
    var options = Self.options
    options.inputBits = bits
    let conversion = try Conversion(graph, b.samples(40), options)
    let told = conversion.report.findings.contains { $0.code == .narrowedInput }
    #expect(told == (bits > 11))
    #expect(conversion.program.input.encoding.payloads.upperBound < 1 << 11)
  }

  /// An input that no neuron hears beside others keeps its bits.
  @Test func anInputThatMeetsNothingIsNotNarrowed() throws {
    var b = try GraphBuilder(seed: 5, input: [1, 6, 6])
    let first = try b.relu(b.linear(b.flatten(b.input), 16))
    let output = try b.linear(Self.normalization(&b, b.linear(first, 12)), 4)
    var options = Self.options
    (options.inputBits, options.weightBits) = (12, 8)
    let conversion = try Conversion(b.graph(output), b.samples(30), options)
    #expect(conversion.program.input.encoding.payloads.upperBound > 1 << 10)
    #expect(!conversion.report.findings.contains { $0.code == .narrowedInput })
  }
}
