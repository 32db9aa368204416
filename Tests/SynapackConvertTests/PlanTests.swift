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
    let inner = try b.add(.softmax(Softmax()), b.flatten(joined), name: "softmax")
    let output = try b.linear(inner, 3)
    let plan = SpikingPlan(try b.graph(output))
    let names = ["clip", "signed", "average", "dilated", "joined", "softmax"]
    #expect(plan.refusals.map { $0.node } == names)
    let error = #expect(throws: PackError.self) { try plan.check() }
    #expect(error?.code == .cannotSpike)
    for name in names { #expect(error?.message.contains("`\(name)`") == true) }
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
