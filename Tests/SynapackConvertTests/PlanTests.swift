import SynapackConvert
import SynapackGraph
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What has a spiking form, and what is refused before any work.
struct PlanTests {
  @Test func allRefusalsComeAtOnce() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 8, 8])
    let pool = MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))
    let clip = try b.add(.clip(Clip(lower: -1, upper: 1)), b.input, name: "clip")
    let bare = try b.convolution(clip, 2, kernel: 3)
    let signed = try b.add(.maxPool(pool), bare, name: "signed")
    let window = Window(
      kernel: Extent(y: 2, x: 2), padding: Edges(top: 1, left: 0, bottom: 0, right: 0))
    let average = try b.add(
      .averagePool(AveragePool(window: window, countsPadding: false)),
      b.convolution(signed, 2, kernel: 3), name: "average")
    let dilated = Window(kernel: Extent(y: 2, x: 2), dilation: Extent(y: 2, x: 2))
    let wide = try b.add(
      .averagePool(AveragePool(window: dilated, countsPadding: true)), average, name: "dilated")
    let joined = try b.add(.concat(Concat(axis: 2)), wide, wide, name: "joined")
    let inner = try b.add(
      .softmax(Softmax(isLogarithmic: true)), b.flatten(joined), name: "softmax")
    let output = try b.linear(inner, 3)
    let plan = SpikingPlan(try b.graph(output))
    let names = ["clip", "signed", "average", "dilated", "joined", "softmax"]
    #expect(plan.refusals.map { $0.node } == names)
    let error = #expect(throws: PackError.self) { try plan.check() }
    #expect(error?.code == .cannotSpike)
    for name in names { #expect(error?.message.contains("`\(name)`") == true) }
  }

  /// Operators that run dense alone are refused by name, each with advice; those that compensated
  /// neurons compute are refused where their axes are not the last.
  @Test func denseOperatorsAreRefusedByName() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let window = VolumeWindow(kernel: [1, 1])
    let constant = try b.add(.constant(Constant(weight: b.weight("c", [4, 4], 0...1))))
    let one = try b.weight("one", [1], 1...1)
    let kernel = try b.weight("kernel", [2, 2, 1, 1], 0...1)
    let matrix = try b.weight("matrix", [4, 4], 0...1)
    let ops: [(Op, [WireID])] = [
      (.activation(Activation(.sine)), []), (.binary(Binary(.multiply)), [constant]),
      (.binary(Binary(.add)), [constant]), (.matrixProduct(MatrixProduct()), [constant]),
      (.reduce(Reduce(.sum, axes: [], keepsAxes: true)), []),
      (.slice(Slice(starts: [0, 0, 0], counts: [2, 4, 4], steps: [1, 1, 1])), []),
      (.select(Select(axis: 0, indices: [1, 0])), []), (.tile(Tile(repeats: [1, 1, 1])), []),
      (.softmax(Softmax(axis: 0)), []),
      (.layerNormalization(LayerNormalization(axis: 2, scale: nil, shift: nil, epsilon: 1)), []),
      (.groupNormalization(GroupNormalization(groups: 1, scale: nil, shift: nil, epsilon: 1)), []),
      (
        .localResponseNormalization(
          LocalResponseNormalization(size: 3, alpha: 1, beta: 1, bias: 1)), []
      ),
      (.volumeConvolution(VolumeConvolution(weight: kernel, bias: nil, window: window)), []),
      (.volumePool(VolumePool(.maximum, window: window)), []),
      (
        .convolutionTranspose(
          ConvolutionTranspose(
            weight: kernel, bias: nil, window: window, outputPadding: [0, 0])), []
      ),
      (.where(Where()), [constant, constant]),
      (.dequantization(Dequantization(scale: one, zeroPoint: nil, axis: 0)), []),
      (.quantization(Quantization(scale: one, zeroPoint: nil, axis: 0, lower: 0, upper: 1)), []),
      (.linear(Linear(weight: matrix, bias: nil)), []),
    ]
    var wire = b.input
    var names = ["constant0"]
    for (op, others) in ops {
      names.append("\(op.name)\(b.draft.nodes.count)")
      wire = try b.draft.addNode(names.last ?? "", op, [wire] + others)
    }
    let output = try b.relu(wire)
    let plan = SpikingPlan(try b.graph(output))
    #expect(plan.refusals.map { $0.node } == names)
    #expect(plan.refusals.allSatisfy { !$0.advice.isEmpty })
    #expect(!plan.isConvertible)
  }

  @Test func programsHaveOneInputAndOneOutput() throws {
    var b = try GraphBuilder(seed: 1, input: [4])
    let first = try b.linear(b.input, 2)
    let second = try b.linear(b.input, 2)
    let plan = SpikingPlan(try b.graph(first, second))
    #expect(!plan.isConvertible)
    let error = #expect(throws: PackError.self) { try plan.check() }
    #expect(error?.code == .unsupportedInterface)
  }

  @Test func maxPoolingOfTheInputIsRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 8, 8])
    let pool = MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))
    let output = try b.add(.maxPool(pool), b.input)
    #expect(SpikingPlan(try b.graph(output)).refusals.count == 1)
  }

  /// Max-pooling counts in one amplitude; what was scaled or summed gets a neuron of its own.
  @Test(arguments: [Float(0.5), -0.5]) func maxPoolingOfScaledSpikes(factor: Float) throws {
    var b = try GraphBuilder(seed: 1, input: [2, 8, 8])
    let first = try b.relu(b.convolution(b.input, 2, kernel: 3))
    let scaled = try b.add(.scale(Scale(factor: factor)), first)
    let pool = MaxPool(window: Window(kernel: Extent(y: 2, x: 2)))
    let pooled = try b.add(.maxPool(pool), scaled)
    let output = try b.linear(b.flatten(pooled), 3)
    let graph = try b.graph(output)
    guard factor > 0 else { return #expect(SpikingPlan(graph).refusals.count == 1) }
    let samples = b.samples(40)
    let conversion = try Conversion(
      graph, samples, LoweringTests.options(method: "percentile"))
    #expect(try Agreement(conversion, samples).isRight)
  }

  @Test func sitesFollowTheOrderOfTheGraph() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 8, 8])
    let first = try b.relu(b.convolution(b.input, 2, kernel: 3), name: "first")
    let bare = try b.convolution(first, 3, kernel: 3, name: "bare")
    let second = try b.add(
      .clip(Clip(lower: 0, upper: 6)), b.convolution(bare, 2, kernel: 3), name: "second")
    let output = try b.linear(b.flatten(second), 3)
    let sites = SpikingPlan(try b.graph(output)).sites
    #expect(sites.map { $0.name } == ["first", "bare.carry", "second"])
    #expect(sites.map { $0.sign } == [.rectified, .signed, .rectified])
    #expect(sites.map { $0.ceiling } == [.infinity, .infinity, 6])
  }

  @Test func aValueOfBothSignsTakesAPairOrASignedNeuron() throws {
    var (graph, builder) = try SmallNetwork.bottleneck.graph(seed: 1)
    let samples = builder.samples(10)
    let pair = try Conversion(graph, samples, LoweringTests.options(method: "percentile"))
    #expect(pair.report.findings.contains { $0.code == .linearByPair })
    let signed = try Conversion(
      graph, samples, LoweringTests.options(-1...1, method: "percentile"))
    #expect(!signed.report.findings.contains { $0.code == .linearByPair })
    #expect(signed.program.populations.count == pair.program.populations.count - 1)
    let behaviours = signed.program.populations.compactMap { population -> Bool? in
      if case .integrateAndFire(let behaviour) = population.model { behaviour.memory } else { nil }
    }
    // Rectified neurons remember; the bottleneck's own does not.
    #expect(behaviours == [true, false, true])
  }

  @Test func layoutsWithoutAConnectionAreRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [2, 4, 4])
    let first = try b.relu(b.convolution(b.input, 2, kernel: 3))
    let normalized = try b.normalization(b.flatten(first))
    let output = try b.linear(normalized, 3)
    let graph = try b.graph(output)
    let samples = b.samples(4)
    let error = #expect(throws: PackError.self) {
      try Conversion(graph, samples, ConversionOptions(timesteps: 4))
    }
    #expect(error?.code == .cannotSpike)
  }
}
