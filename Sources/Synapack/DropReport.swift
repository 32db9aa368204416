public import SynapackConvert
public import SynapackSupport

/// Where accuracy went: after each stage, in each layer, and what would bring it back.
public struct DropReport: Sendable {
  /// Accuracy and agreement once a stage is done.
  public struct Stage: Sendable {
    /// `folded`, `balanced`, `quantized`, or `early exit`: read before tick T where a rule allows it.
    public var name: String
    public var accuracy: Double?
    public var agreement: Double?

    /// Whether it reaches more than another one: by accuracy where that is known, else and where
    /// equal by agreement.
    func isBetter(than other: Stage) -> Bool {
      (accuracy ?? 0, agreement ?? 0) > (other.accuracy ?? 0, other.agreement ?? 0)
    }

    /// Whether it reaches what the source network does on the same inputs.
    func reaches(_ source: Stage) -> Bool {
      if let least = source.accuracy, let most = accuracy { return most >= least }
      return agreement == 1
    }
  }

  /// T of the program that is explained.
  public var timesteps: Int
  public var stages: [Stage]
  public var layers: [LayerExplanation]
  /// The error of each layer before its values became narrow integers, by name.
  public var balancedErrors: [String: Double]
  /// The first layer that hurts; `nil` where no change of one layer brings anything back.
  public var first: LayerExplanation?
  /// The program with that layer's knob turned.
  public var remedied: LayerTrial?
  /// The most promising change of one layer where it brought nothing back.
  public var tried: LayerTrial?
  /// Whether the source network is right by chance alone, so that accuracies say nothing.
  public var isByChance = false
  /// Whether the model is another file than the one that the program was made from.
  public var isOtherModel = false
  /// What loses most over the whole program, where something does.
  public var cause: DropCause?
  /// Other conversions of the same model, each named by its option: with wider numbers where some are
  /// narrower than by default, and where neither these nor a change of one layer give all back, with more
  /// ticks, other neurons, a constant current for Poisson spikes, and balancing and readout by default.
  public var alternatives: [Stage] = []
  /// How far the input's payloads are from the samples, as a share of their values.
  public var inputError = 0.0
  /// The populations without an entry among the layers, and why.
  public var unexplained: [DropExplanation.Unexplained] = []

  /// The member `explanation` of `synapack.evaluate/1`.
  public var json: JSON {
    var members: [String: JSON] = [
      "timesteps": .integer(timesteps), "stages": .array(stages.map(Self.json)),
      "layers": .array(layers.map(json)), "losesNothing": .bool(losesNothing),
      "inputError": .number(inputError),
      "layerStandsOut": .bool(first != nil),
    ]
    if !unexplained.isEmpty {
      members["unexplained"] = .array(
        unexplained.map { ["name": .string($0.name), "reason": .string($0.reason)] })
    }
    if !alternatives.isEmpty { members["alternatives"] = .array(alternatives.map(Self.json)) }
    if isByChance { members["byChance"] = .bool(true) }
    if let limited {
      members["limitedLayer"] = [
        "layer": .string(limited.name), "kind": .string(limited.kind?.rawValue ?? ""),
        "error": .number(limited.decided ?? 0),
      ]
    }
    if isOtherModel { members["otherModel"] = .bool(true) }
    if let cause {
      var entry: [String: JSON] = ["name": .string(cause.name), "option": .string(cause.option)]
      entry["measured"] = cause.measured.map(Self.json)
      members["cause"] = .object(entry)
    }
    if let first {
      var remedy: [String: JSON] = ["layer": .string(first.name)]
      remedy["knob"] = first.knob.map { .string($0.rawValue) }
      remedy["kind"] = first.kind.map { .string($0.rawValue) }
      if let remedied { remedy.merge(measures(remedied)) { first, _ in first } }
      members["firstLayer"] = .object(remedy)
    }
    if let risesAt { members["risesAt"] = .string(risesAt.name) }
    members["exitLoss"] = exitLoss.map(JSON.number)
    if let tried {
      var trial = measures(tried)
      trial["layer"] = .string(tried.layer)
      trial["knob"] = tried.knob.map { .string($0.rawValue) }
      members["tried"] = .object(trial)
    }
    return .object(members)
  }

  private func measures(_ trial: LayerTrial) -> [String: JSON] {
    [
      "before": Self.json(trial.before), "measured": Self.json(trial.after),
      "inputs": .integer(trial.inputs), "unseen": .bool(trial.isUnseen),
    ]
  }

  /// The first layer that loses much to what was decided when the network was converted, and that no
  /// change of that layer gives back; `nil` where nothing is lost or that layer is ``first``.
  public var limited: LayerExplanation? {
    guard !losesNothing, let layer = DropExplanation.limited(layers), layer.name != first?.name
    else { return nil }
    return layer
  }

  /// Whether the program was run as a whole, and no change of one layer was tried.
  public var isWhole: Bool { layers.contains { $0.heard != nil } }

  /// The first layer whose error is much above what it hears; `nil` where nothing is lost, or where
  /// changes of single layers were tried, which tell more.
  public var risesAt: LayerExplanation? {
    guard !losesNothing else { return nil }
    return DropExplanation.risesAt(layers, before: isMostlyQuantized ? balancedErrors : [:])
  }

  /// Whether most of what is lost is lost where values become narrow integers.
  private var isMostlyQuantized: Bool {
    func reached(_ name: String) -> Double? {
      stages.last { $0.name == name }.flatMap { $0.accuracy ?? $0.agreement }
    }
    guard let source = reached("folded"), let balanced = reached("balanced"),
      let whole = reached("quantized")
    else { return false }
    return 2 * (balanced - whole) >= source - whole
  }

  /// The stage of the whole program, before any early exit.
  public var quantized: Stage? { stages.last { $0.name == "quantized" } }

  /// Whether the program reaches what its source network does, before any early exit.
  public var losesNothing: Bool { quantized.map(isRegained) ?? false }

  /// Whether a stage reaches what the source network does.
  func isRegained(_ stage: Stage) -> Bool { stages.first.map(stage.reaches) ?? false }

  /// What an early exit takes from the program: of the accuracy where that is known, else of the
  /// agreement; `nil` without one.
  public var exitLoss: Double? {
    guard let whole = quantized, let exit = stages.last(where: { $0.name == "early exit" }) else {
      return nil
    }
    return (whole.accuracy ?? whole.agreement ?? 0) - (exit.accuracy ?? exit.agreement ?? 0)
  }

  private static func json(_ stage: Stage) -> JSON {
    var members: [String: JSON] = ["name": .string(stage.name)]
    if let accuracy = stage.accuracy { members["accuracy"] = .number(accuracy) }
    if let agreement = stage.agreement { members["agreement"] = .number(agreement) }
    return .object(members)
  }

  private func json(_ layer: LayerExplanation) -> JSON {
    var remedies: [String: JSON] = [:]
    for remedy in layer.remedies { remedies[remedy.knob.rawValue] = .number(remedy.error) }
    var members: [String: JSON] = [
      "name": .string(layer.name), "error": .number(layer.error),
      "errorAfter": .object(remedies), "deadChannels": .integer(layer.deadChannels),
      "saturated": .number(layer.saturated),
    ]
    if let heard = layer.heard { members["heardError"] = .number(heard) }
    if let error = balancedErrors[layer.name] { members["balancedError"] = .number(error) }
    members["roundingError"] = layer.rounding.map(JSON.number)
    members["kind"] = layer.kind.map { .string($0.rawValue) }
    if layer.isSilent { members["silentInSource"] = .bool(true) }
    if let own = layer.own { members["ownError"] = .number(own.error) }
    if let causes = layer.causes {
      members["clippingError"] = .number(causes.clipping)
      members["quantizationError"] = .number(causes.quantization)
      members["miscountError"] = .number(causes.miscount)
      members["unevennessError"] = causes.unevenness.map(JSON.number)
      members["silenceError"] = .number(causes.silence)
    }
    return .object(members)
  }
}
