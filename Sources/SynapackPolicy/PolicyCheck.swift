internal import SynapackSupport

/// Holds what is known of a bundle against a policy.
public struct PolicyCheck: Sendable {
  public let policy: Policy
  public let evidence: Evidence
  /// The same of the bundle that it is compared with.
  public let baseline: Evidence?
  /// Whether comparisons without a baseline are left out; otherwise they fail.
  public let allowsNoBaseline: Bool
  /// The day on which waivers are looked at.
  public let today: CalendarDay

  public init(
    _ policy: Policy, evidence: Evidence, baseline: Evidence?, allowsNoBaseline: Bool = false,
    today: CalendarDay
  ) {
    self.policy = policy
    self.evidence = evidence
    self.baseline = baseline
    self.allowsNoBaseline = allowsNoBaseline
    self.today = today
  }

  /// A check for each bound of each rule, in the order of the policy, then the waivers.
  public func checks() -> [Check] {
    var checks: [Check] = []
    for rule in policy.rules {
      for var check in checked(rule) {
        check.findings = check.findings.map { waived($0, rule) }
        checks.append(check)
      }
    }
    return checks + policy.waivers.compactMap { overdue($0, checks) }
  }

  private func checked(_ rule: PolicyRule) -> [Check] {
    switch rule.subject {
    case .measure(let measure, let bounds): bounds.map { bound($0, measure, rule) }
    case .losses(let codes): [losses(of: codes, rule)]
    case .lossesOfBaseline: [lossesOfBaseline(rule)]
    case .signature(let key): [signature(key, rule)]
    case .chips(let chips): [placed(on: chips, rule)]
    }
  }

  // MARK: - Rules

  private func bound(_ bound: Bound, _ measure: Measure, _ rule: PolicyRule) -> Check {
    let name = "\(measure.text) \(bound.name)"
    guard let measured = evidence.measures[measure] else {
      return check(rule, name, [unmeasured(measure, of: "the bundle", evidence, rule)])
    }
    let other = baseline?.measures[measure]
    let limit: Double
    let isCeiling: Bool
    switch bound {
    case .atMost(let most): (limit, isCeiling) = (most, true)
    case .atLeast(let least): (limit, isCeiling) = (least, false)
    case .worseBy, .worseByShare:
      guard let baseline else { return withoutBaseline(rule, name) }
      guard let other else {
        return check(rule, name, [unmeasured(measure, of: "the baseline", baseline, rule)])
      }
      let room = bound.room(from: other)
      (limit, isCeiling) = (measure.isCost ? other + room : other - room, measure.isCost)
    }
    // A limit that is a sum with the baseline is off by its rounding, which fails nobody.
    let rounding =
      bound.code == .regression ? other.map { max(abs($0), abs(limit)) * 0x1p-50 } ?? 0 : 0
    let rest = isCeiling ? limit - measured : measured - limit
    let margin = abs(rest) <= rounding ? 0 : rest
    let end = abs(limit) <= rounding ? 0 : limit
    let noise = max(abs(limit), abs(measured)) * 0x1p-50
    let gauge = Gauge(
      measure: measure.text, unit: measure.unit, measured: measured,
      limit: end.plainDecimal(within: rounding), margin: margin.plainDecimal(within: noise),
      baseline: other)
    var findings: [Finding] = []
    // What is no number does not pass.
    if !(margin >= 0) {
      findings = [finding(bound.code, rule, bound.words(gauge, isCeiling: isCeiling))]
      findings[0].gauge = gauge
    }
    return check(rule, name, findings, gauge)
  }

  private func losses(of codes: [ErrorCode], _ rule: PolicyRule) -> Check {
    let name = "allowed losses"
    guard let losses = evidence.losses else { return withoutLedger("the bundle", rule, name) }
    return check(
      rule, name,
      losses.filter { !codes.contains($0.code) }.map {
        finding(.lossNotAllowed, rule, "\(words($0)) is not among the losses allowed")
      })
  }

  private func withoutLedger(_ whose: String, _ rule: PolicyRule, _ name: String) -> Check {
    check(rule, name, [finding(.notMeasured, rule, "\(whose) has no ledger of losses")])
  }

  private func lossesOfBaseline(_ rule: PolicyRule) -> Check {
    let name = "losses of the baseline"
    guard let baseline else { return withoutBaseline(rule, name) }
    guard let losses = evidence.losses else { return withoutLedger("the bundle", rule, name) }
    guard let earlier = baseline.losses else { return withoutLedger("the baseline", rule, name) }
    let known = Set(earlier)
    let new = losses.filter { !known.contains($0) }
    return check(
      rule, name,
      new.map { finding(.newLoss, rule, "\(words($0)) is new: the baseline does not have it") })
  }

  private func signature(_ key: String, _ rule: PolicyRule) -> Check {
    guard let result = evidence.signatures[key] else {
      return check(
        rule, "signature", [finding(.notMeasured, rule, "no signature was looked for")])
    }
    switch result {
    case .valid: return check(rule, "signature", [])
    case .refused(let error):
      let message = "no valid signature by \(key): \(error.message) (\(error.code))"
      return check(rule, "signature", [finding(.signatureRequired, rule, message)])
    }
  }

  private func placed(on chips: [String], _ rule: PolicyRule) -> Check {
    let list = chips.joined(separator: " or ")
    guard let chip = evidence.chip else {
      return check(rule, "chip", [finding(.otherChip, rule, "not placed, but \(list) is required")])
    }
    guard chips.contains(chip) else {
      let message = "placed on `\(chip)` instead of \(list)"
      return check(rule, "chip", [finding(.otherChip, rule, message)])
    }
    // A name alone proves nothing.
    guard evidence.knowsChip else {
      let message =
        "placed on `\(chip)`, whose limits were not checked: it is not built in; give its file "
        + "with --chip"
      return check(rule, "chip", [finding(.notMeasured, rule, message)])
    }
    return check(rule, "chip", [])
  }

  // MARK: - Waivers

  private func waived(_ finding: Finding, _ rule: PolicyRule) -> Finding {
    let holding = policy.waivers.first { $0.rule == rule.name && $0.expires >= today }
    guard let holding else { return finding }
    var copy = finding
    copy.waiver = WaiverNote(
      reason: holding.reason, owner: holding.owner, expires: holding.expires.description)
    return copy
  }

  /// A waiver that has expired fails; one that excuses nothing is worth a warning.
  private func overdue(_ waiver: Waiver, _ checks: [Check]) -> Check? {
    let line = SourceLine(path: policy.path, line: waiver.line)
    let name = "waiver of \(waiver.rule) in line \(waiver.line)"
    let excuses = checks.contains { $0.findings.contains { $0.rule == waiver.rule } }
    var finding: Finding
    if waiver.expires < today {
      finding = Finding(
        .expiredWaiver, .error,
        "the waiver of \(waiver.owner) ended on \(waiver.expires): \(waiver.reason)")
    } else if !excuses {
      finding = Finding(
        .unusedWaiver, .warning, "the rule passes without the waiver of \(waiver.owner)")
    } else {
      return nil
    }
    finding.rule = waiver.rule
    finding.line = line
    return Check(.policy, name, findings: [finding], line: line)
  }

  // MARK: - Words

  private func check(
    _ rule: PolicyRule, _ name: String, _ findings: [Finding], _ gauge: Gauge? = nil
  ) -> Check {
    Check(
      .policy, "\(rule.name): \(name)", findings: findings, gauge: gauge,
      line: SourceLine(path: policy.path, line: rule.line))
  }

  private func finding(_ code: ErrorCode, _ rule: PolicyRule, _ message: String) -> Finding {
    var finding = Finding(code, rule.severity, message)
    finding.rule = rule.name
    finding.line = SourceLine(path: policy.path, line: rule.line)
    return finding
  }

  private func withoutBaseline(_ rule: PolicyRule, _ name: String) -> Check {
    guard allowsNoBaseline else {
      return check(
        rule, name, [finding(.notMeasured, rule, "there is no baseline to compare with")])
    }
    var check = check(rule, name, [])
    check.skipped = "there is no baseline to compare with"
    return check
  }

  private func unmeasured(
    _ measure: Measure, of whom: String, _ evidence: Evidence, _ rule: PolicyRule
  ) -> Finding {
    let lack =
      switch measure.need {
      case .bundle: "it has none"
      case .placement: placementLack(measure, whom, evidence)
      case .data: "the policy names no data"
      case .labels: "the policy names no labels"
      case .model: "the policy does not name data and the source model"
      }
    return finding(.notMeasured, rule, "\(measure.text) of \(whom) is not known: \(lack)")
  }

  private func placementLack(_ measure: Measure, _ whom: String, _ evidence: Evidence) -> String {
    guard let chip = evidence.chip else { return "\(whom) is not placed" }
    guard case .resource(let name) = measure else {
      return "the placement on `\(chip)` has no number for it"
    }
    guard let nearest = nearestName(to: name, among: evidence.resources) else {
      return "the placement on `\(chip)` counts no resource"
    }
    let known = evidence.resources.map { "`\($0)`" }.joined(separator: ", ")
    return "the placement on `\(chip)` has no resource `\(name)`; the nearest is `\(nearest)`, and "
      + "it has \(known)"
  }

  private func words(_ loss: LossEntry) -> String {
    let title = ErrorCatalog.explanation(of: loss.code)?.title ?? "unknown loss"
    guard let subject = loss.subject else { return "\(loss.code) (\(title)), accepted beforehand," }
    return "\(loss.code) (\(title)) in `\(subject)`"
  }
}

extension Bound {
  fileprivate func room(from baseline: Double) -> Double {
    switch self {
    case .atMost, .atLeast: 0
    case .worseBy(let amount): amount
    case .worseByShare(let share): share * abs(baseline)
    }
  }

  fileprivate var code: ErrorCode {
    switch self {
    case .atMost, .atLeast: .policyLimit
    case .worseBy, .worseByShare: .regression
    }
  }

  fileprivate func words(_ gauge: Gauge, isCeiling: Bool) -> String {
    func shown(_ value: Double) -> String {
      let isSaid = gauge.unit.isEmpty || gauge.unit == gauge.measure
      return JSON.number(value).text() + (isSaid ? "" : " " + gauge.unit)
    }
    let limit =
      isCeiling
      ? "at most \(shown(gauge.limit)) is allowed" : "at least \(shown(gauge.limit)) is required"
    switch self {
    case .atMost, .atLeast:
      return "\(gauge.measure) is \(shown(gauge.measured)), \(limit)"
    case .worseBy, .worseByShare:
      let before = gauge.baseline.map(shown) ?? "—"
      return "\(gauge.measure) is \(shown(gauge.measured)) after \(before), \(limit)"
    }
  }
}
