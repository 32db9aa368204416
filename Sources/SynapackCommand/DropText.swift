import Synapack
import SynapackConvert
import SynapackReport

/// The explanation of a drop as a terminal shows it.
enum DropText {
  static func text(_ drop: DropReport) -> String {
    var parts = [stages(drop), layers(drop) + remarks(drop)]
    parts.append(verdict(drop))
    if let loss = drop.exitLoss, loss > 0 {
      parts.append(
        "The early exit takes \(decimals(100 * loss, 2)) points of "
          + "\(drop.quantized?.accuracy == nil ? "agreement" : "accuracy"): an --early-exit nearer to 1 "
          + "gives some of it back, none gives all.")
    }
    return parts.joined(separator: "\n\n")
  }

  private static func stages(_ drop: DropReport) -> String {
    var table = Table(["stage", "accuracy", "agreement"])
    for stage in drop.stages {
      table.add([stage.name, percent(stage.accuracy), percent(stage.agreement)])
    }
    return table.text
  }

  private static func layers(_ drop: DropReport) -> String {
    drop.isWhole ? whole(drop) : changed(drop)
  }

  /// Of a program that was run as a whole.
  private static func whole(_ drop: DropReport) -> String {
    let isQuantized = !drop.balancedErrors.isEmpty
    var table = Table(
      ["layer", "error", "of its sources"] + (isQuantized ? ["before quantization"] : [])
        + ["dead", "saturated"])
    table.add(
      ["(the input)", percent(drop.inputError)]
        + Array(repeating: "—", count: isQuantized ? 4 : 3))
    for layer in drop.layers {
      table.add(
        [TerminalText.plain(layer.name), percent(layer.error), percent(layer.heard)]
          + (isQuantized ? [percent(drop.balancedErrors[layer.name])] : [])
          + [String(layer.deadChannels), percent(layer.saturated)])
    }
    return table.text
      + "\nErrors are shares of the layer's own values, beside the largest error among its sources. This "
      + "program computes operators on running means and was run as a whole: no change of one layer was "
      + "tried."
  }

  private static func changed(_ drop: DropReport) -> String {
    var table = Table([
      "layer", "error", "clipping", "quantization", "rounding", "miscount", "unevenness", "dead",
      "saturated",
      "threshold", "bias", "weights",
    ])
    table.add(["(the input)", percent(drop.inputError)] + Array(repeating: "—", count: 10))
    for layer in drop.layers {
      func after(_ knob: LayerExplanation.Knob) -> String {
        layer.remedies.first { $0.knob == knob }.map { percent($0.error) } ?? "—"
      }
      table.add([
        TerminalText.plain(layer.name), percent(layer.error), percent(layer.causes?.clipping),
        percent(layer.causes?.quantization), percent(layer.rounding),
        percent(layer.causes?.miscount),
        percent(layer.causes?.unevenness),
        String(layer.deadChannels), percent(layer.saturated), after(.threshold), after(.bias),
        after(.weights),
      ])
    }
    return table.text
      + "\nErrors are shares of the layer's own values: too large for T ticks, between two steps, weights "
      + "other than the source network's (rounded, removed or solved anew), and payloads too many or too "
      + "few otherwise: of these, unevenness is what uneven input moves, with the rest of them or against it. "
      + "Parts can cancel, so that one may be larger than the whole. "
      + "The last three columns are what is left after that knob of that layer alone, which may be more."
  }

  /// What the table cannot show of some layers.
  private static func remarks(_ drop: DropReport) -> String {
    var lines: [String] = []
    for layer in drop.layers where layer.isSilent {
      let name = TerminalText.plain(layer.name)
      lines.append(
        layer.error == 0
          ? "\(name) sends nothing, and has no values in the source network: there is nothing to lose."
          : "\(name) has no values in the source network, and all that it sends is wrong.")
    }
    for other in drop.unexplained {
      lines.append("\(TerminalText.plain(other.name)) is not explained: \(other.reason).")
    }
    return lines.map { "\n" + $0 }.joined()
  }

  private static func verdict(_ drop: DropReport) -> String {
    let other =
      "This model is not the file that the bundle was made from: where its weights are others, the "
      + "errors are those between two networks, and not what the conversion lost."
    if drop.isByChance, drop.losesNothing { return DropWords.byChance }
    guard !drop.losesNothing || drop.first != nil else {
      return drop.isOtherModel
        ? other
        : DropWords.reached(
          agreement: drop.quantized?.agreement, exits: drop.exitLoss != nil)
    }
    var parts = (drop.isByChance ? [DropWords.byChance] : []) + (drop.isOtherModel ? [other] : [])
    if let words = DropWords.input(drop.inputError, beside: drop.layers.map(\.error)) {
      parts.append(words)
    }
    if let layer = drop.limited, let part = layer.decided, let kind = layer.kind {
      parts.append(DropWords.limited(TerminalText.plain(layer.name), part, kind.rawValue))
    }
    if let cause = drop.cause { parts.append(blame(cause, drop)) }
    // What single layers lose to thresholds that fit other inputs says nothing of them.
    if drop.cause?.isCalibration == true { return parts.joined(separator: "\n\n") }
    if let first = drop.first, let knob = first.knob {
      parts.append(culprit(first, knob, drop))
    } else if drop.cause == nil {
      parts.append(
        nothingHelps(drop)
          + (drop.alternatives.isEmpty && !drop.isOtherModel
            ? " Give --calibration to have wider numbers, more ticks and other neurons and inputs tried and measured."
            : ""))
    }
    if !drop.alternatives.isEmpty { parts.append(instead(drop)) }
    return parts.joined(separator: "\n\n")
  }

  private static func blame(_ cause: DropCause, _ drop: DropReport) -> String {
    let text = "Cause: \(words(cause))"
    guard let measured = cause.measured, let whole = drop.quantized else {
      let reason =
        cause.name == "inputs"
        ? "the input is off by \(percent(drop.inputError)) of its values before any layer"
        : "weights of few levels are much of what its layers lose"
      return text + "; \(reason). Convert again with "
        + "\(cause.option), or give --calibration to have that measured."
    }
    guard !cause.isCalibration else {
      return text + ". Converted again with those of \(cause.option): \(change(whole, measured))."
    }
    return text + ". With \(cause.option): \(change(whole, measured))."
  }

  private static func words(_ cause: DropCause) -> String {
    switch cause.name {
    case "calibration":
      "the calibration inputs that the bundle was made from, which its thresholds fit (calibration)"
    case "pruning": "too many weights were removed (pruning)"
    case "readout": "the membranes that are read out are too narrow for their weights (readout)"
    case "widths": "several numbers are too narrow, and no one of them alone (widths)"
    default: "\(cause.name) are too narrow throughout the program (\(cause.name))"
    }
  }

  private static func instead(_ drop: DropReport) -> String {
    var table = Table(["instead", "accuracy", "agreement"])
    for other in drop.alternatives {
      table.add([other.name, percent(other.accuracy), percent(other.agreement)])
    }
    guard let best = drop.best, let whole = drop.quantized else {
      return table.text + "\nNone of these reaches more than the conversion as it is."
    }
    return table.text + "\nMost comes back with \(best.name): \(change(whole, best))"
      + (drop.exitLoss == nil ? "." : ", each read after its last tick, without the early exit.")
  }

  private static func culprit(
    _ first: LayerExplanation, _ knob: LayerExplanation.Knob, _ drop: DropReport
  ) -> String {
    let name = TerminalText.plain(first.name)
    let left = first.remedies.first { $0.knob == knob }?.error
    let dead = first.deadChannels > 0 ? ", with dead channels (\(first.deadChannels))" : ""
    var text =
      "First layer that hurts: \(name)\(dead). "
      + (first.kind.map { "Most of its error: \(words($0)) (\($0.rawValue)). " } ?? "")
      + "Its \(words(knob)) would take its error from "
      + "\(percent(first.error)) to \(percent(left))"
    if let remedied = drop.remedied {
      text += "; \(measured(remedied)): \(change(remedied.before, remedied.after))."
    }
    return text
  }

  private static func nothingHelps(_ drop: DropReport) -> String {
    if let layer = drop.risesAt {
      return "The error rises at \(TerminalText.plain(layer.name)): from "
        + "\(percent(layer.heard)) to \(percent(layer.error))."
    }
    guard !drop.isWhole else {
      return "No layer stands out: no error rises much above those of its sources."
    }
    guard let tried = drop.tried, let knob = tried.knob else {
      return "No single layer stands out: changing one layer alone would hardly help."
    }
    return "No change of one layer alone brings anything back: for the most promising, "
      + "\(TerminalText.plain(tried.layer)) with its \(words(knob)) \(measured(tried)), "
      + "\(change(tried.before, tried.after))."
  }

  private static func measured(_ trial: LayerTrial) -> String {
    DropWords.measured(on: grouped(trial.inputs), isUnseen: trial.isUnseen)
  }

  /// Of the accuracy where that is known and changes.
  private static func change(_ before: DropReport.Stage, _ after: DropReport.Stage) -> String {
    let words = "agreement \(percent(before.agreement)) to \(percent(after.agreement))"
    guard let least = before.accuracy, let most = after.accuracy else { return words }
    return "accuracy \(percent(least)) to \(percent(most))" + (least == most ? ", \(words)" : "")
  }

  private static func words(_ kind: LayerExplanation.Kind) -> String {
    switch kind {
    case .silence: "channels that send nothing"
    case .clipping: "values above what T ticks can carry"
    case .quantization: "values between two steps that T ticks can carry"
    case .rounding: "weights of few levels"
    case .weights: "weights other than the source network's, rounded, removed or solved anew"
    case .bias: "biases that are off"
    case .unevenness: "input that comes unevenly"
    case .excess: "payloads too many for what arrives"
    case .shortfall: "payloads too few for what arrives"
    }
  }

  private static func words(_ knob: LayerExplanation.Knob) -> String {
    switch knob {
    case .threshold: "thresholds, scaled channel by channel,"
    case .bias: "biases, moved channel by channel,"
    case .weights: "weights, solved for what its inputs really send,"
    }
  }
}
