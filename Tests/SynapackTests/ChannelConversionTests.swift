import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Conversions of a digits network that lose channels.
struct ChannelConversionTests {
  private func converted(
    _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> (program: SpikingProgram, bytes: [UInt8], losses: [Loss]) {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (2, "mmse", "scale=1/16")
    change(&recipe)
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    let program = try BundleReader.read(result.bytes, &report).bundle.program
    return (program, result.bytes, report.losses)
  }

  @Test func layersAreReallySmaller() throws {
    let whole = try converted().program
    let (half, bytes, losses) = try converted { $0.channelSparsity = 0.5 }
    let hidden = whole.populations.indices.filter { $0 != whole.readout.population }
    let before = hidden.reduce(0) { $0 + whole.populations[$1].shape.count }
    let after = hidden.reduce(0) { $0 + half.populations[$1].shape.count }
    #expect(abs(2 * after - before) <= 1)
    let read = whole.readout.population
    #expect(half.populations[read].shape == whole.populations[read].shape)
    let loss = try #require(losses.first { $0.code == .channelsPruned })
    #expect((0.4..<0.9).contains(try #require(loss.measured)))
    #expect(bytes.count < (try converted().bytes.count))
    let other = try converted { ($0.prune, $0.sparsity) = ("channel", 0.5) }.program
    #expect(other == half, "two ways to say the same")
  }

  @Test func theSmallerNetworkIsTrainedAsAsked() throws {
    let untrained = try converted { $0.channelSparsity = 0.75 }.program
    let (trained, _, losses) = try converted {
      ($0.channelSparsity, $0.distilSourceSteps) = (0.75, 60)
    }
    #expect(trained != untrained)
    let loss = try #require(losses.first { $0.code == .distilled })
    #expect(loss.message.hasPrefix("the smaller source network was trained for 60 steps"))
  }

  @Test(arguments: [
    ("channel", 0.0, 0.0, 0), ("channel", 0.5, 0.5, 0), ("weight", 0, 1.0, 0), ("weight", 0, 0, 5),
  ])
  func whatMakesNoSenseIsRefused(prune: String, share: Double, channels: Double, steps: Int) {
    var recipe = Recipe()
    (recipe.prune, recipe.sparsity, recipe.channelSparsity) = (prune, share, channels)
    recipe.distilSourceSteps = steps
    #expect {
      try recipe.options()
    } throws: {
      ($0 as? PackError)?.code == .badOption
    }
  }
}
