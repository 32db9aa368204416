internal import SynapackConvert
internal import SynapackProgram
internal import SynapackSupport

/// What a rule that stops inputs early did on the inputs of an evaluation.
public struct ExitEvaluation: Sendable {
  /// The share of inputs that was to keep the class of tick T when the rule was found; `nil` where
  /// nobody asked for one.
  public var promised: Double?
  /// The share that does, and the least and the most that it may be of all such inputs, by
  /// ``AgreementBound``.
  public var agreement: Double
  public var agreementBound: Double
  public var mostAgreement: Double
  /// The share that leaves before tick T.
  public var leaving: Double
  /// Whether the rule has any limit that scores can reach.
  public var hasLimits: Bool
  /// What the scores of tick T reach.
  public var fullAccuracy: Double?
  public var fullAgreement: Double?

  /// The member `earlyExit` of a row of `synapack.evaluate/1`.
  var json: JSON {
    var members: [String: JSON] = [
      "agreement": .number(agreement), "agreementBound": .number(agreementBound),
      "leaving": .number(leaving),
    ]
    members["promisedAgreement"] = promised.map(JSON.number)
    members["fullAccuracy"] = fullAccuracy.map(JSON.number)
    members["fullAgreement"] = fullAgreement.map(JSON.number)
    return .object(members)
  }
}

extension Evaluation.Spiking {
  /// Enters what the recipe of the program promised of its early exit.
  mutating func promise(by recipe: Recipe?) {
    guard exit != nil, let recipe, (try? recipe.readoutRequest())?.exit != nil else { return }
    exit?.promised = recipe.earlyExit
  }
}
