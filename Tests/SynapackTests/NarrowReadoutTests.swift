import Synapack
import SynapackSupport
import TestSupport
import Testing

/// Widths that leave nothing of a layer's weights.
struct NarrowReadoutTests {
  private func losses(readoutBits: Int) throws -> [Loss] {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (16, "mmse", "scale=1/16")
    recipe.readoutBits = readoutBits
    var report = Report()
    _ = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/cnn-average.dynamo18.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    return report.losses.filter { $0.code == .narrowedBias }
  }

  @Test func aReadoutWithoutWeightsIsAWarning() throws {
    let loss = try #require(try losses(readoutBits: 12).first { $0.severity == .warning })
    #expect(loss.subject == "node_linear")
    #expect(loss.message.contains("no weight of it is left"))
    #expect(try losses(readoutBits: 16).allSatisfy { $0.severity == .note })
  }
}
