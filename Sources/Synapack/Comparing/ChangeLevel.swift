/// How large a change is, in the words of semantic versioning.
public enum ChangeLevel: String, Sendable, Hashable, Comparable, CaseIterable {
  /// The same content, byte for byte.
  case none
  /// The same program; what is said about it differs.
  case patch
  /// Whoever loads and calls the bundle goes on; its answers may differ.
  case minor
  /// A loader or a caller has to change.
  case major

  public static func < (left: ChangeLevel, right: ChangeLevel) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .none: 0
    case .patch: 1
    case .minor: 2
    case .major: 3
    }
  }
}

/// One thing that differs between two bundles.
struct Change: Hashable {
  /// Who notices; each category is included in those before it.
  enum Category: String, CaseIterable {
    /// Whether a deployed runtime can load it: format, chip, resources.
    case loader = "LOADER"
    /// What a caller sees: inputs, outputs, ticks.
    case interface = "INTERFACE"
    /// What it answers: weights, neurons, connections.
    case behaviour = "BEHAVIOUR"
    /// What is said about it: origin, recipe, report, placement on the same chip.
    case record = "RECORD"

    var level: ChangeLevel {
      switch self {
      case .loader, .interface: .major
      case .behaviour: .minor
      case .record: .patch
      }
    }
  }

  var category: Category
  var subject: String
  var before: String
  var after: String

  init(_ category: Category, _ subject: String, _ before: String, _ after: String) {
    self.category = category
    self.subject = subject
    self.before = before
    self.after = after
  }
}
