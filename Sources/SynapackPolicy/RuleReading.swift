internal import SynapackSupport
internal import Yams

/// One rule of a policy as it is written.
struct RuleReading {
  private let name: String
  private let node: PolicyNode

  private static let subjects = ["measure", "losses", "signature", "chip"]
  private static let bounds = ["at-most", "at-least", "worse-by-at-most"]

  init(_ name: String, _ body: Node, line: Int) throws(PackError) {
    self.name = name
    node = try PolicyNode(
      body, name, line: line, keys: RuleReading.subjects + RuleReading.bounds + ["severity"])
  }

  func rule() throws(PackError) -> PolicyRule {
    PolicyRule(name: name, line: node.line, severity: try severity(), subject: try subject())
  }

  private func severity() throws(PackError) -> Severity {
    guard let text = try node.optionalText("severity") else { return .error }
    guard let severity = Severity(rawValue: text) else {
      throw node.refusal("severity", "`\(text)`; note, warning or error is expected")
    }
    return severity
  }

  private func subject() throws(PackError) -> PolicyRule.Subject {
    let given = RuleReading.subjects.filter { node[$0] != nil }
    guard given.count == 1, let key = given.first else {
      throw PolicyNode.refusal(
        "`\(name)` has \(given.count) of \(RuleReading.subjects.joined(separator: ", ")); one is "
          + "expected", line: node.line)
    }
    let stray = RuleReading.bounds.first { node[$0] != nil && key != "measure" }
    if let stray { throw node.refusal(stray, "a limit of something that is no measure") }
    switch key {
    case "measure": return try measure()
    case "losses": return try losses()
    case "signature": return .signature(key: try node.text(key))
    default:
      let chips = try node.texts(key)
      guard !chips.isEmpty else { throw node.refusal(key, "no chip, which no bundle is placed on") }
      return .chips(chips)
    }
  }

  private func measure() throws(PackError) -> PolicyRule.Subject {
    let text = try node.text("measure")
    guard let measure = Measure(text) else {
      let known = Measure.Name.allCases.map(\.rawValue)
      throw node.refusal(
        "measure",
        "`\(text)`, which is none; the nearest is "
          + "`\(nearestName(to: text, among: known) ?? "")`, and `resource:NAME` is one of the chip's"
      )
    }
    var bounds: [Bound] = []
    for key in RuleReading.bounds {
      guard let quantity = try node.quantity(key) else { continue }
      if case .share = quantity, key != "worse-by-at-most", measure.isCost {
        throw node.refusal(
          key,
          "a share, and `\(text)` is none; write its number"
            + (measure.unit.isEmpty ? "" : " of \(measure.unit)"))
      }
      let bound = try bound(key, quantity)
      if let why = measure.whyIdle(bound) { throw node.refusal(key, why) }
      bounds.append(bound)
    }
    guard !bounds.isEmpty else {
      throw PolicyNode.refusal(
        "`\(name)` has no limit, so nothing could break it", line: node.line)
    }
    return .measure(measure, bounds)
  }

  private func bound(_ key: String, _ quantity: Quantity) throws(PackError) -> Bound {
    switch (key, quantity) {
    case ("at-most", .plain(let value)): return .atMost(value)
    case ("at-most", .share(let value)): return .atMost(value)
    case ("at-least", .plain(let value)), ("at-least", .share(let value)): return .atLeast(value)
    case (_, .plain(let value)) where value >= 0: return .worseBy(value)
    case (_, .share(let value)) where value >= 0: return .worseByShare(value)
    default: throw node.refusal(key, "below zero; 0 means no worse than the baseline")
    }
  }

  private func losses() throws(PackError) -> PolicyRule.Subject {
    let texts = try node.texts("losses")
    // In a list of codes it would be one of them.
    if node["losses"]?.scalar != nil, texts == ["baseline"] { return .lossesOfBaseline }
    for text in texts where !ErrorCatalog.losses.contains(ErrorCode(rawValue: text)) {
      throw node.refusal("losses", notALoss(text))
    }
    return .losses(texts.map(ErrorCode.init(rawValue:)))
  }

  /// A code that no ledger can have allows nothing, so it is a slip.
  private func notALoss(_ text: String) -> String {
    let known = ErrorCatalog.losses.map(\.rawValue)
    let nearest = nearestName(to: text, among: known) ?? ""
    let title = ErrorCatalog.explanation(of: ErrorCode(rawValue: text))?.title
    let what = title.map { "the code of “\($0)” and not of a loss" } ?? "no code of a loss"
    return "`\(text)`, which is \(what); the nearest is \(nearest), and the losses are "
      + known.joined(separator: ", ") + ", or `baseline` alone and in no list"
  }
}
