internal import SynapackConvert

/// What loses most over the whole program: whole numbers that are too narrow for what they stand for,
/// or thresholds from other calibration inputs.
public struct DropCause: Sendable {
  /// `weights`, `readout`, `membranes`, `biases`, `inputs`, `shortcuts` or `pruning`; `widths` where only
  /// several of them together help; `calibration`.
  public var name: String
  /// The options that change it.
  public var option: String
  /// What a conversion with these options reaches; `nil` where there were no calibration inputs.
  public var measured: DropReport.Stage?

  static let calibration = "calibration"

  /// Whether the bundle's own calibration inputs are the cause.
  public var isCalibration: Bool { name == DropCause.calibration }

  /// At least this share of what is lost must come back for something to be the cause.
  static let significant = 1.0 / 3
  /// The error of the input, as a share of its values, from which its width is suspected.
  static let muchOfTheInput = 0.05
}

/// The same conversion with wider numbers.
struct Widening {
  var cause: String
  var option: String
  var change: (inout Recipe) -> Void
}

extension Recipe {
  /// Whatever is narrower than it is by default, each made as wide as that.
  var widenings: [Widening] {
    let usual = Recipe()
    var list: [Widening] = []
    func add(
      _ isNarrow: Bool, _ cause: String, _ option: String,
      _ change: @escaping (inout Recipe) -> Void
    ) {
      if isNarrow { list.append(Widening(cause: cause, option: option, change: change)) }
    }
    func add(_ cause: String, _ key: String, _ path: WritableKeyPath<Recipe, Int>) {
      let most = usual[keyPath: path]
      add(self[keyPath: path] < most, cause, "--\(key) \(most)") { $0[keyPath: path] = most }
    }
    add(weightLevels != usual.weightLevels, "weights", "--weight-levels uniform") {
      $0.weightLevels = "uniform"
    }
    add("weights", "weight-bits", \.weightBits)
    add(solver != usual.solver, "weights", "--solver \(usual.solver)") { $0.solver = usual.solver }
    add("readout", "readout-bits", \.readoutBits)
    add("membranes", "membrane-bits", \.membraneBits)
    add("biases", "bias-bits", \.biasBits)
    add("inputs", "input-bits", \.inputBits)
    add("shortcuts", "shortcut-bits", \.shortcutBits)
    add(sparsity > 0, "pruning", "--sparsity 0") { $0.sparsity = 0 }
    return list
  }
}

extension DropReport {
  /// The best of the other conversions that were tried, where it reaches more than this one; the first
  /// of equals.
  public var best: Stage? {
    guard var best = quantized else { return nil }
    var found = false
    for other in alternatives where other.isBetter(than: best) { (best, found) = (other, true) }
    return found ? best : nil
  }

  /// The width that a measured conversion gives most back with, where that is a good part of the loss.
  mutating func blame(_ tried: [(widening: Widening, reached: Stage)]) {
    guard let whole = quantized else { return }
    var best: (widening: Widening, reached: Stage)?
    for trial in tried where trial.reached.isBetter(than: best?.reached ?? whole) { best = trial }
    guard let best, givesBackMuch(best.reached) else { return }
    cause = DropCause(
      name: best.widening.cause, option: best.widening.option, measured: best.reached)
  }

  /// The calibration inputs that the bundle was made from, where the same conversion on others gives a
  /// good part of the loss back. What was measured on the others is then no stage of this program.
  mutating func blameCalibration(_ same: Stage) {
    guard givesBackMuch(same) else { return }
    cause = DropCause(name: DropCause.calibration, option: "--calibration", measured: same)
    stages.removeAll { $0.name == "balanced" }
    balancedErrors = [:]
  }

  private func givesBackMuch(_ stage: Stage) -> Bool {
    guard let source = stages.first, let whole = quantized, stage.isBetter(than: whole) else {
      return false
    }
    func reached(_ stage: Stage) -> Double { stage.accuracy ?? stage.agreement ?? 0 }
    let lost = reached(source) - reached(whole)
    return reached(stage) - reached(whole) >= DropCause.significant * lost
  }

  /// Keeps the suspected cause where the conversion has such numbers narrower than by default, with what
  /// makes them wide again.
  mutating func confirm(_ recipe: Recipe?) {
    if let suspected = cause {
      // Weights that were removed are rounded to zero.
      let names = suspected.name == "weights" ? ["weights", "pruning"] : [suspected.name]
      let widenings = recipe?.widenings ?? []
      let found = names.compactMap { name in widenings.first { $0.cause == name } }.first
      cause = found.map { DropCause(name: $0.cause, option: $0.option) }
    }
    suspectInput(recipe)
  }

  /// Suspects an input of few levels where nothing else is, and much of it is lost before any layer.
  private mutating func suspectInput(_ recipe: Recipe?) {
    guard cause == nil, !losesNothing, inputError >= DropCause.muchOfTheInput, let recipe,
      // Spikes have no width, and values rounded to more bits are off for another reason.
      recipe.input == Recipe().input, recipe.inputBits <= LayerExplanation.coarseBits,
      let input = recipe.widenings.first(where: { $0.cause == "inputs" })
    else { return }
    cause = DropCause(name: input.cause, option: input.option)
  }

  /// What the errors of the layers tell of widths where no other conversion can be measured: most of
  /// the error is that of weights with few levels.
  mutating func suspect() {
    func isRounded(_ layer: LayerExplanation) -> Bool {
      guard let rounding = layer.rounding, layer.usedBits <= LayerExplanation.coarseBits
      else { return false }
      return rounding * rounding >= 0.5 * layer.error * layer.error
    }
    let firing = layers.filter { $0.causes != nil && $0.rounding ?? 0 > 0 }
    let readout = layers.first { $0.causes == nil }
    let coarse = firing.filter(isRounded)
    func isSqueezed(_ layer: LayerExplanation) -> Bool { layer.usedBits < layer.declaredBits - 1 }
    if 2 * coarse.count >= firing.count, !coarse.allSatisfy(isSqueezed) {
      cause = DropCause(name: "weights", option: "--weight-bits")
    } else if coarse.contains(where: isSqueezed) {
      // What is left of one layer's weights decides what the others hear.
      cause = DropCause(name: "membranes", option: "--membrane-bits")
    } else if let readout, isRounded(readout) {
      cause =
        isSqueezed(readout)
        ? DropCause(name: "readout", option: "--readout-bits")
        : DropCause(name: "weights", option: "--weight-bits")
    }
  }
}
