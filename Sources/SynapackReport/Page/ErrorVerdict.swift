internal import SynapackSupport

/// What an explanation says in words.
extension ErrorSection {
  /// The first layer that hurts, the knob that helps, and what it was measured to gain.
  static func verdict(_ explanation: JSON) -> String {
    if explanation["cause"]["name"] == "calibration" {
      return limits(explanation) + (blame(explanation) ?? "")
    }
    let first = explanation["firstLayer"]
    guard let knob = first["knob"].string else {
      guard explanation["otherModel"] == .null else {
        return
          "The model is not the file that the bundle was made from: the errors may be those between "
          + "two networks, and not what the conversion lost."
      }
      guard !losesNothing(explanation) else {
        guard explanation["byChance"] == .null else { return DropWords.byChance }
        return DropWords.reached(
          agreement: stage("quantized", explanation)["agreement"].value,
          exits: stage("early exit", explanation) != .null)
      }
      let text = blame(explanation) ?? nothingHelps(explanation)
      return limits(explanation) + text + " " + instead(explanation)
    }
    let layer = explanation["layers"].items.first { $0["name"] == first["layer"] } ?? .null
    let dead = layer["deadChannels"].value ?? 0
    var text =
      limits(explanation) + (blame(explanation).map { $0 + " " } ?? "")
      + "The first layer that hurts is \(first["layer"].plain)"
      + (dead > 0 ? ", with dead channels (\(layer["deadChannels"].words))" : "")
      + (first["kind"].string.map { "; most of its error is \(kind($0))" } ?? "")
      + ". Its \(words(knob)) would take its "
      + "error from \(percent(layer["error"].value)) to \(percent(layer["errorAfter"][knob].value))"
    if let change = change(first["before"], first["measured"]) {
      text += "; \(measured(first)), \(change)"
    }
    let others = explanation["alternatives"].items
    return text + "." + (others.isEmpty ? "" : " " + instead(explanation))
  }

  /// What no change of one layer could give back, before the layer that one could.
  private static func limits(_ explanation: JSON) -> String {
    let limited = explanation["limitedLayer"]
    let layer = limited["error"].value.map { part in
      DropWords.limited(limited["layer"].plain, part, kind(limited["kind"].plain)) + " "
    }
    return (explanation["byChance"] == .null ? "" : DropWords.byChance + " ")
      + input(explanation) + (layer ?? "")
  }

  private static func input(_ explanation: JSON) -> String {
    let errors = explanation["layers"].items.compactMap { $0["error"].value }
    return DropWords.input(explanation["inputError"].value ?? 0, beside: errors).map { $0 + " " }
      ?? ""
  }

  private static func stage(_ name: String, _ explanation: JSON) -> JSON {
    explanation["stages"].items.last { $0["name"] == .string(name) } ?? .null
  }

  private static func losesNothing(_ explanation: JSON) -> Bool {
    let (source, whole) = (stage("folded", explanation), stage("quantized", explanation))
    if let least = source["accuracy"].value, let most = whole["accuracy"].value {
      return most >= least
    }
    return whole["agreement"].value == 1
  }

  /// What an early exit takes is no matter of a layer.
  static func earlyExit(_ explanation: JSON) -> String {
    let (whole, exit) = (stage("quantized", explanation), stage("early exit", explanation))
    for measure in ["accuracy", "agreement"] {
      guard let most = whole[measure].value, let left = exit[measure].value else { continue }
      guard left < most else { return "" }
      return " The early exit takes \(decimals(100 * (most - left), 2)) points of \(measure)."
    }
    return ""
  }

  private static func nothingHelps(_ explanation: JSON) -> String {
    let rising = explanation["risesAt"]
    if let layer = explanation["layers"].items.first(where: { $0["name"] == rising }) {
      let heard = percent(layer["heardError"].value)
      return "The error rises at \(rising.plain): from \(heard) to "
        + "\(percent(layer["error"].value))."
    }
    guard !isWhole(explanation) else {
      return "No layer stands out: no error rises much above those of its sources."
    }
    let tried = explanation["tried"]
    guard let knob = tried["knob"].string, let change = change(tried["before"], tried["measured"])
    else { return "No single layer stands out: changing one layer alone would hardly help." }
    return "No change of one layer alone brings anything back: for the most promising, "
      + "\(tried["layer"].plain) with its \(words(knob)) \(measured(tried)), \(change)."
  }

  private static func measured(_ trial: JSON) -> String {
    DropWords.measured(on: trial["inputs"].words, isUnseen: trial["unseen"] == .bool(true))
  }

  private static func change(_ whole: JSON, _ measured: JSON) -> String? {
    for measure in ["accuracy", "agreement"] {
      guard let before = whole[measure].value, let after = measured[measure].value else { continue }
      return "\(measure) goes from \(percent(before)) to \(percent(after))"
    }
    return nil
  }

  /// The numbers that are too narrow, and what wider ones were measured to reach.
  private static func blame(_ explanation: JSON) -> String? {
    let cause = explanation["cause"]
    guard let name = cause["name"].string, let option = cause["option"].string else { return nil }
    guard name != "calibration" else {
      let change = change(stage("quantized", explanation), cause["measured"])
      return "The cause is the calibration inputs that the bundle was made from"
        + (change.map { "; converted again with those of \(option) \($0)." } ?? ".")
    }
    let text = "Numbers are too narrow: the cause is \(PageText.name(name))"
    guard let change = change(stage("quantized", explanation), cause["measured"]) else {
      return text + "; \(option) may help."
    }
    return text + "; with \(option) \(change)."
  }

  /// The conversion that was measured to be best, the first of two, where it is better than this one;
  /// a hint where none was tried.
  private static func instead(_ explanation: JSON) -> String {
    let alternatives = explanation["alternatives"].items
    guard !alternatives.isEmpty else {
      return explanation["cause"] == .null && explanation["otherModel"] == .null
        ? "With --calibration wider numbers, more ticks and other neurons and inputs are tried and measured."
        : ""
    }
    func reached(_ other: JSON) -> [Double] {
      ["accuracy", "agreement"].map { other[$0].value ?? 0 }
    }
    var best = stage("quantized", explanation)
    for other in alternatives
    where reached(best).lexicographicallyPrecedes(reached(other)) { best = other }
    guard best["name"] != "quantized" else {
      return "None of the other conversions that were tried reaches more."
    }
    let measure = best["accuracy"].value == nil ? "agreement" : "accuracy"
    return "Of the other conversions that were tried, \(best["name"].plain) is the best: "
      + "\(measure) \(percent(best[measure].value))."
  }

  private static func kind(_ name: String) -> String {
    switch name {
    case "excess": "payloads too many"
    case "shortfall": "payloads too few"
    case "rounding": "weights of few levels"
    case "weights": "other weights than the source network's"
    default: PageText.name(name)
    }
  }

  private static func words(_ knob: String) -> String {
    switch knob {
    case "threshold": "thresholds, scaled channel by channel,"
    case "bias": "biases, moved channel by channel,"
    case "weights": "weights, solved for what its inputs really send,"
    default: PageText.name(knob)
    }
  }
}
