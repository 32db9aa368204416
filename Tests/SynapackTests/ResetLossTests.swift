import Synapack
import SynapackBundle
import SynapackSimulate
import SynapackSupport
import TestSupport
import Testing

/// Conversions to neurons that forget, on a digits network.
struct ResetLossTests {
  private func converted(_ reset: String, start: String = "balanced") throws -> (
    losses: [Loss], bundle: Bundle
  ) {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (8, "mmse", "scale=1/16")
    (recipe.reset, recipe.schedule, recipe.start) = (reset, "accumulate", start)
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    return (report.losses, try BundleReader.read(result.bytes, &report).bundle)
  }

  @Test func whatIsForgottenStandsInTheLedger() throws {
    let zero = try converted("zero")
    let loss = try #require(zero.losses.first { $0.code == .forgetfulReset })
    let measured = try #require(loss.measured)
    #expect(loss.severity == .warning && measured < 0.9)
    #expect(try converted("subtract").losses.allSatisfy { $0.code != .forgetfulReset })

    // The same share, as evaluating on the same inputs gives it.
    let folder = TemporaryFolder()
    try AtomicFile.write(try BundleWriter.bytes(of: zero.bundle), to: folder.path("zero"))
    let request = EvaluationRequest(
      file: folder.path("zero"), data: Fixtures.path("digits/calibration_x.npy"), labels: nil,
      timesteps: nil, model: Fixtures.path("digits/mlp.torchscript17.onnx"), calibration: nil,
      limit: nil)
    var report = Report()
    let result = try Job(recipe: Recipe(), threads: 2, instruments: .still)
      .evaluate(request, preprocess: nil, &report)
    #expect(result.spiking.first?.agreement == measured)
  }

  /// An empty start stands beside a reset to zero, and alone.
  @Test(arguments: [("subtract", 1), ("zero", 2)])
  func anEmptyStartStandsInTheLedger(reset: String, entries: Int) throws {
    let losses = try converted(reset, start: "zero").losses
    let measured = losses.filter { [.forgetfulReset, .zeroStart].contains($0.code) }
    #expect(measured.count == entries && measured.last?.code == .zeroStart)
    #expect(measured.allSatisfy { ($0.measured ?? 2) <= 1 && $0.severity == .warning })
    #expect(try converted(reset).losses.allSatisfy { $0.code != .zeroStart })
  }

  /// Parts of the error are formulas of reset by subtraction, and none is told of another.
  @Test func noPartOfTheErrorIsInvented() throws {
    for (reset, isKnown) in [("zero", false), ("subtract", true)] {
      let document = JSON(parsing: try converted(reset).bundle.report)
      guard case .array(let layers) = document?.member("layers") else {
        Issue.record("the report lists no layers")
        return
      }
      #expect(layers.count == 2)
      for layer in layers {
        for part in ["clippingError", "quantizationError", "unevennessError"] {
          let stated = layer.member(part) ?? .null
          #expect((stated != .null) == isKnown, "\(reset) \(part)")
        }
      }
    }
  }
}
