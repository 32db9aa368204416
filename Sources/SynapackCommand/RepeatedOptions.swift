import SynapackSupport

/// Options that are given twice where only the last would count.
///
/// A gate that silently forgets a policy, a baseline or a key passes what it should fail, so there
/// it is refused. Elsewhere a later option may overrule an earlier one, as scripts do.
enum RepeatedOptions {
  private static let gates = ["validate", "verify", "sign", "keygen", "diff", "replay", "bom"]
  /// The options of these commands of which each counts.
  private static let lists: Set<String> = ["--report"]

  /// - Throws: `SYN0701`.
  static func check(_ arguments: [String]) throws(PackError) {
    guard let command = arguments.first, gates.contains(command) else { return }
    var seen = Set<Substring>()
    for argument in arguments.dropFirst().prefix(while: { $0 != "--" }) {
      guard argument.hasPrefix("--"), let name = argument.split(separator: "=").first else {
        continue
      }
      guard !lists.contains(String(name)), !seen.insert(name).inserted else { continue }
      throw PackError(
        .badOption, "\(name) is given twice", at: .option(String(name)),
        hint: "give it once; only one of them would count")
    }
  }
}
