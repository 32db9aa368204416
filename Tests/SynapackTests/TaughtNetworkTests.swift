import SynapackBundle
import SynapackCompress
import SynapackDense
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import Synapack
@testable import SynapackConvert

/// Which layer of a network a population, or a layer of a smaller network, should answer for.
struct TaughtNetworkTests {
  private func folded() throws -> Graph<Analog> {
    var report = Report()
    return try GraphRules.applied(
      to: ONNXImporter.graph(
        MappedFile(path: Fixtures.path("digits/cnn-residual.torchscript17.onnx")), &report),
      &report)
  }

  private func lowered(_ timesteps: Int) throws -> LoweredProgram {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (timesteps, "mmse", "scale=1/16")
    var report = Report()
    let bytes = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/cnn-residual.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report
    ).bytes
    let bundle = try BundleReader.read(bytes, &report).bundle
    return LoweredProgram(
      program: bundle.program,
      layers: try #require(ConversionReport.populations(bundle.report)))
  }

  private func pixels(_ range: Range<Int>) throws -> [Float] {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/calibration_x.npy"))
    return images.floats(in: range.lowerBound * 64..<range.upperBound * 64).map { $0 / 16 }
  }

  /// The rates of every population, in its worth, are the values of its layer.
  @Test func ratesStandForTheValuesOfTheirLayers() throws {
    let teacher = try folded()
    let lowered = try lowered(16)
    let features = TaughtNetwork(teacher: teacher).features(of: lowered, for: .network(teacher))
    let program = lowered.program
    // Those that play out a maximum among themselves stand for no wire.
    let sites = SpikingPlan(teacher).sites.map(\.name)
    #expect(features.map { program.populations[$0.population].name } == sites)
    #expect(sites.count > 3)
    let simulator = try Simulator(program)
    let inputs = try pixels(0..<8)
    let values = try DenseNetwork(teacher).run(
      inputs, count: 8, keeping: Set(features.map(\.teacher)))
    var errors = [Double](repeating: 0, count: features.count)
    for sample in 0..<8 {
      let states = try simulator.finalStates(
        program.encode(Array(inputs[sample * 64..<(sample + 1) * 64])).payloads)
      for (place, feature) in features.enumerated() {
        let payloads = states[feature.population].payloads
        let inner = payloads.count / feature.channels.count
        for (neuron, count) in payloads.enumerated() {
          let rate = Double(count) / Double(program.timesteps)
          let value = try #require(
            values[feature.teacher])[sample * payloads.count + neuron]
          let error = Double(feature.worth[neuron / inner]) * rate - Double(value)
          errors[place] += error * error
        }
      }
    }
    for (place, feature) in features.enumerated() {
      let size = (values[feature.teacher] ?? []).reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(errors[place] < 0.1 * size, "population \(feature.population)")
    }
  }

  @Test func theLayersOfASmallerNetworkAreThoseChannelsThatStayed() throws {
    let teacher = try folded()
    let pruning = try ChannelPruning(
      teacher, share: 0.5, samples: pixels(0..<64), threads: 2)
    let network = TaughtNetwork(teacher: teacher, pruning)
    let features = network.features(for: .network(teacher))
    #expect(features.count == SpikingPlan(pruning.graph).sites.count)
    #expect(features.contains { $0.channels.count < teacher.shape(of: $0.teacher)[0] })
    for feature in features {
      #expect(network.graph.shape(of: feature.student)[0] == feature.channels.count)
      #expect(feature.worth == feature.channels.map { _ in 1 })
    }
  }

  /// A program has no layers to learn from.
  @Test func anotherTeacherHasNoFeatures() throws {
    let teacher = try folded()
    let lowered = try lowered(2)
    let network = TaughtNetwork(teacher: teacher)
    let other = Teacher.program(lowered.program, identity: DigestBuilder().digest())
    #expect(network.features(for: other).isEmpty)
    #expect(network.features(of: lowered, for: other).isEmpty)
  }
}
