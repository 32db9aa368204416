@testable import Synapack
@testable import SynapackConvert
import Testing

/// Numbers that are too narrow are found by what wider ones reach, or by the errors of the layers.
struct DropCauseTests {
  private static func stage(_ name: String, _ accuracy: Double) -> DropReport.Stage {
    DropReport.Stage(name: name, accuracy: accuracy, agreement: accuracy)
  }

  private static func report(_ layers: [LayerExplanation] = []) -> DropReport {
    DropReport(
      timesteps: 8, stages: [stage("folded", 1), stage("quantized", 0.7)], layers: layers,
      balancedErrors: [:], first: nil, remedied: nil)
  }

  private static func layer(
    rounding: Double?, used: Int, declared: Int = 8, isReadout: Bool = false
  ) -> LayerExplanation {
    LayerExplanation(
      name: "layer", error: 0.4, remedies: [],
      causes: isReadout ? nil : .init(clipping: 0, quantization: 0, miscount: 0, unevenness: 0),
      rounding: rounding, usedBits: used, declaredBits: declared, deadChannels: 0, saturated: 0)
  }

  @Test func onlyWhatIsNarrowerThanUsualIsWidened() {
    #expect(Recipe().widenings.isEmpty)
    #expect(Recipe().wider.map(\.name) == ["--weight-bits 12", "--bias-bits 24"])
    #expect(Recipe().wider.map(\.recipe.weightBits) == [12, Recipe().weightBits])
    // What is as wide as can be is not tried again.
    #expect(Recipe().balanced.wider.isEmpty)
    var recipe = Recipe()
    (recipe.weightBits, recipe.readoutBits, recipe.solver) = (2, 12, "nearest")
    let options = recipe.widenings.map(\.option)
    #expect(options == ["--weight-bits 8", "--solver second-order", "--readout-bits 32"])
    for widening in recipe.widenings { widening.change(&recipe) }
    #expect(recipe == Recipe())
    recipe.weightBits = 16
    #expect(recipe.widenings.isEmpty)
  }

  /// A third of what is lost is enough, and less is not; of equals the first counts.
  @Test(arguments: [(0.69, false), (0.7, false), (0.79, false), (0.801, true), (1, true)])
  func aWidthIsBlamedForAGoodPartOfTheLoss(reached: Double, isBlamed: Bool) {
    var drop = DropCauseTests.report()
    let widenings = ["weights", "readout"].map { cause in
      Widening(cause: cause, option: "--" + cause) { _ in }
    }
    drop.blame(widenings.map { ($0, DropCauseTests.stage($0.option, reached)) })
    #expect((drop.cause?.name == "weights") == isBlamed)
    #expect(drop.cause?.measured?.accuracy == (isBlamed ? reached : nil))
    drop.alternatives = [DropCauseTests.stage("--weights", reached)]
    #expect((drop.best != nil) == (reached > 0.7))
  }

  /// The same conversion on other inputs that gives much back tells of the calibration inputs; what was
  /// balanced on the others is then no stage of this program.
  @Test(arguments: [(0.79, false), (0.801, true)])
  func calibrationInputsAreBlamedForAGoodPartOfTheLoss(reached: Double, isBlamed: Bool) {
    var drop = DropCauseTests.report()
    drop.stages.insert(DropCauseTests.stage("balanced", 0.99), at: 1)
    drop.balancedErrors = ["layer": 0.01]
    drop.blameCalibration(DropCauseTests.stage("(converted again)", reached))
    #expect((drop.cause?.isCalibration == true) == isBlamed)
    #expect(drop.cause?.measured?.accuracy == (isBlamed ? reached : nil))
    #expect(drop.stages.contains { $0.name == "balanced" } == !isBlamed)
    #expect(drop.balancedErrors.isEmpty == isBlamed)
  }

  /// Without measurements the weights with few levels are suspected where most of the error is theirs.
  @Test func layersTellWhichWidthIsSuspect() {
    typealias Tests = DropCauseTests
    func suspect(_ layers: [LayerExplanation]) -> String? {
      var drop = Tests.report(layers)
      drop.suspect()
      return drop.cause?.name
    }
    let fine = Tests.layer(rounding: 0.1, used: 8)
    let coarse = Tests.layer(rounding: 0.3, used: 2, declared: 2)
    let readout = Tests.layer(rounding: 0.3, used: 1, isReadout: true)
    let sound = Tests.layer(rounding: 0.05, used: 8, isReadout: true)
    #expect(suspect([fine, fine, readout]) == "readout")
    #expect(suspect([coarse, coarse, sound]) == "weights")
    #expect(suspect([Tests.layer(rounding: 0.3, used: 2), sound]) == "membranes")
    // One layer is enough, as nothing tells its membranes' width from that of the others.
    #expect(suspect([Tests.layer(rounding: 0.3, used: 2), fine, fine, sound]) == "membranes")
    #expect(suspect([coarse, fine, fine, sound]) == nil)
    #expect(suspect([fine, fine, sound]) == nil)
    // What a fit changed has as many levels as ever.
    #expect(suspect([Tests.layer(rounding: 0.39, used: 8), sound]) == nil)
    #expect(suspect([Tests.layer(rounding: nil, used: 2, declared: 2), sound]) == nil)
    #expect(suspect([]) == nil)
  }

  /// A width is the cause only where it is narrower than by default, and its option says how wide that is.
  @Test func suspicionsAreHeldToTheConversion() {
    func confirmed(_ name: String, _ change: (inout Recipe) -> Void) -> String? {
      var (drop, recipe) = (DropCauseTests.report(), Recipe())
      drop.cause = DropCause(name: name, option: "--\(name)-bits")
      change(&recipe)
      drop.confirm(recipe)
      return drop.cause.map { "\($0.name) \($0.option)" }
    }
    #expect(confirmed("readout") { _ in } == nil)
    #expect(confirmed("membranes") { $0.weightBits = 2 } == nil)
    #expect(confirmed("readout") { $0.readoutBits = 12 } == "readout --readout-bits 32")
    #expect(confirmed("weights") { $0.weightBits = 2 } == "weights --weight-bits 8")
    #expect(
      confirmed("weights") { $0.weightLevels = "binary" } == "weights --weight-levels uniform")
    #expect(confirmed("weights") { $0.sparsity = 0.9 } == "pruning --sparsity 0")
  }

  /// An input that loses much before any layer is the cause where its numbers are narrow, and nothing else
  /// is suspected.
  @Test func aNarrowInputIsSuspected() {
    func confirmed(
      _ error: Double, _ suspected: String?, _ bits: Int, _ input: String = "current"
    ) -> String? {
      var (drop, recipe) = (DropCauseTests.report(), Recipe())
      drop.inputError = error
      drop.cause = suspected.map { DropCause(name: $0, option: "") }
      (recipe.inputBits, recipe.readoutBits, recipe.input) = (bits, 12, input)
      drop.confirm(recipe)
      return drop.cause?.option
    }
    let usual = Recipe().inputBits
    #expect(confirmed(0.1, nil, 2) == "--input-bits \(usual)")
    #expect(confirmed(0.1, "weights", 2) == "--input-bits \(usual)")
    #expect(confirmed(0.1, "readout", 2) == "--readout-bits 32")
    #expect(confirmed(0.01, nil, 2) == nil)
    #expect(confirmed(0.1, nil, usual) == nil)
    // Values rounded to more bits are off for another reason, and spikes have no width.
    #expect(confirmed(0.1, nil, 8) == nil)
    #expect(confirmed(0.1, nil, 2, "poisson") == nil)
  }

  /// What was asked for of balancing and readout is tried as it is by default, and nothing else is.
  @Test func whatWasAskedForIsTriedByDefault() {
    var recipe = Recipe()
    let usual = Set(recipe.alternatives.map(\.name))
    (recipe.readoutDelay, recipe.method, recipe.start) = (7, "max", "zero")
    let tried = recipe.alternatives.filter { !usual.contains($0.name) }
    #expect(
      tried.map(\.name) == [
        "--readout-delay 0", "--method refit", "--start balanced",
      ])
    #expect(tried[0].recipe.readoutDelay == 0 && tried[0].recipe.method == "max")
    #expect(tried[1].recipe.readoutDelay == 7 && tried[1].recipe.method == "refit")
    // Spikes have a price where neurons are fitted alone.
    (recipe.method, recipe.start, recipe.spikePrice) = ("refit", "balanced", 0.5)
    let priced = recipe.alternatives.filter { !usual.contains($0.name) }
    #expect(priced.map(\.name) == ["--readout-delay 0", "--spike-price 0"])
    #expect(priced[1].recipe.spikePrice == 0)
  }
}
