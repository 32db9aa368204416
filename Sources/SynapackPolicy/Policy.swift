public import SynapackSupport

/// What a bundle has to be, as a team wrote it down; see `schemas/policy.md`.
public struct Policy: Sendable, Hashable {
  /// The file it was read from, as messages name it.
  public var path: String
  /// Where accuracy, spikes and operations are measured.
  public var data: PolicyData?
  /// In the order of the file; the names are unique.
  public var rules: [PolicyRule]
  public var waivers: [Waiver]

  public init(
    path: String, data: PolicyData? = nil, rules: [PolicyRule], waivers: [Waiver] = []
  ) {
    self.path = path
    self.data = data
    self.rules = rules
    self.waivers = waivers
  }

  /// What has to be measured for the rules, each once, in the order of the rules.
  public var measures: [Measure] {
    var seen = Set<Measure>()
    return rules.compactMap { rule in
      guard case .measure(let measure, _) = rule.subject, seen.insert(measure).inserted else {
        return nil
      }
      return measure
    }
  }
}

/// The inputs of a policy; paths are relative to the policy's folder.
public struct PolicyData: Sendable, Hashable {
  public var inputs: String
  public var labels: String?
  /// The source model, for agreement and the drop of accuracy.
  public var model: String?
  /// Only the first inputs.
  public var limit: Int?

  public init(inputs: String, labels: String? = nil, model: String? = nil, limit: Int? = nil) {
    self.inputs = inputs
    self.labels = labels
    self.model = model
    self.limit = limit
  }
}

/// One rule: what is looked at, what passes, and how much a failure weighs.
public struct PolicyRule: Sendable, Hashable {
  public var name: String
  /// The line of the policy on which it begins, from 1.
  public var line: Int
  public var severity: Severity
  public var subject: Subject

  public init(name: String, line: Int, severity: Severity, subject: Subject) {
    self.name = name
    self.line = line
    self.severity = severity
    self.subject = subject
  }

  public enum Subject: Sendable, Hashable {
    /// Every bound is checked on its own; there is at least one.
    case measure(Measure, [Bound])
    /// Only losses of these codes.
    case losses([ErrorCode])
    /// Only losses that the baseline has too.
    case lossesOfBaseline
    /// A valid signature by the public key in this file, relative to the policy's folder.
    case signature(key: String)
    /// A placement on one of these chips.
    case chips([String])
  }
}

/// The values that pass.
public enum Bound: Sendable, Hashable {
  case atMost(Double)
  case atLeast(Double)
  /// Worse than the baseline by at most this, in the measure's unit.
  case worseBy(Double)
  /// Worse than the baseline by at most this share of the baseline's magnitude.
  case worseByShare(Double)

  /// The key of policies.
  public var name: String {
    switch self {
    case .atMost: "at-most"
    case .atLeast: "at-least"
    case .worseBy, .worseByShare: "worse-by-at-most"
    }
  }
}

/// Lets the findings of one rule through for a time.
public struct Waiver: Sendable, Hashable {
  public var rule: String
  public var line: Int
  public var reason: String
  public var owner: String
  /// The last day on which it holds.
  public var expires: CalendarDay

  public init(rule: String, line: Int, reason: String, owner: String, expires: CalendarDay) {
    self.rule = rule
    self.line = line
    self.reason = reason
    self.owner = owner
    self.expires = expires
  }
}
