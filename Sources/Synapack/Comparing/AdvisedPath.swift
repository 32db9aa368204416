internal import SynapackSupport
internal import Yams

/// The options of a conversion for one target: what the target needs, then what its refusals advise.
///
/// Options that were given are never replaced, and no advice is followed to options that were tried.
struct AdvisedPath {
  /// The action of a refusal whose own advice was followed to its end.
  static let end =
    "what it advises was followed and leads no further; use another target of `synapack export --list`"

  private let base: Recipe
  /// Options with their two dashes.
  private let given: [String]
  private let needed: [String: String]
  private var followed: [[String: String]] = []
  private var tried: Set<[String: String]> = []

  init(_ base: Recipe, _ needed: [(option: String, value: String)], keeping given: [String]) {
    self.base = base
    self.given = given
    self.needed = Dictionary(needed.map { ($0.option, $0.value) }) { _, last in last }
    tried = [self.needed]
  }

  /// How many advices were followed.
  var steps: Int { followed.count }

  private var values: [String: String] {
    followed.last.map { needed.merging($0) { _, last in last } } ?? needed
  }

  /// All of them as they are written, in ascending order.
  var options: [String] { AdvisedPath.written(values) }

  /// Those of them that refusals advised.
  var advised: [String] { AdvisedPath.written(followed.last ?? [:]) }

  /// The recipe with these options; they stay free to follow a chip.
  ///
  /// - Throws: `SYN0702` for an option that no recipe has.
  func recipe() throws(PackError) -> Recipe {
    var recipe = base
    for (option, value) in values.sorted(by: { $0.key < $1.key }) {
      try recipe.set(option, Yams.Node(value))
    }
    recipe.given = base.given
    return recipe
  }

  /// Takes the options that an action names; whether that leads to ones that were not tried.
  mutating func follow(_ hint: String) -> Bool {
    let options = AdvisedPath.options(in: hint).filter { values[$0.key] != $0.value }
    guard !options.isEmpty, options.keys.allSatisfy({ !given.contains("--" + $0) }) else {
      return false
    }
    let next = (followed.last ?? [:]).merging(options) { _, last in last }
    guard tried.insert(needed.merging(next) { _, last in last }).inserted else { return false }
    followed.append(next)
    return true
  }

  /// Forgets the last advice.
  mutating func goBack() { _ = followed.popLast() }

  /// Whether an action names options, all of which were tried, none of them given.
  func isSpent(_ hint: String) -> Bool {
    let options = AdvisedPath.options(in: hint)
    return !options.isEmpty && options.keys.allSatisfy { !given.contains("--" + $0) }
  }

  /// The options of a conversion that an action names as `--option value` between backquotes, of several
  /// values of one option the first. An option without a value is one to leave out, and nothing is followed.
  static func options(in hint: String) -> [String: String] {
    var options: [String: String] = [:]
    for part in hint.split(separator: "`") where part.hasPrefix("--") {
      let words = part.dropFirst(2).split(separator: " ")
      guard words.count == 2 else { return [:] }
      options.merge([String(words[0]): String(words[1])]) { first, _ in first }
    }
    return options
  }

  private static func written(_ values: [String: String]) -> [String] {
    values.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value)" }
  }
}
