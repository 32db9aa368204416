internal import SynapackPolicy
internal import SynapackSupport

/// A policy on disk, and the files that it names beside it.
enum PolicyFile {
  /// - Throws: `SYN0001` where the file cannot be read, `SYN0721` where it is no text.
  static func text(_ path: String) throws(PackError) -> String {
    try TextFile.read(path, refusal: .malformedPolicy)
  }

  /// A path that is written in the policy at `policy`, from here.
  static func resolved(_ path: String, in policy: String) -> String {
    guard !path.hasPrefix("/"), let slash = policy.lastIndex(of: "/") else { return path }
    return policy[...slash] + path
  }
  /// Every file that the policy names, from here; also one that no rule asks for today.
  static func named(by policy: Policy) -> [String] {
    let data = [policy.data?.inputs, policy.data?.labels, policy.data?.model].compactMap { $0 }
    return (data + keys(of: policy)).map { resolved($0, in: policy.path) }
  }

  /// The public keys of the rules, as the policy writes them.
  static func keys(of policy: Policy) -> [String] {
    policy.rules.compactMap { rule in
      guard case .signature(let key) = rule.subject else { return nil }
      return key
    }
  }

  /// Whether a policy that cannot be read may name an output that is there already: its text has the
  /// name.
  static func mayName(_ text: String, _ outputs: [String]) -> Bool {
    outputs.contains { output in
      AtomicFile.isSame(output, as: output) && text.contains(GateInput.name(of: output))
    }
  }

  /// - Throws: `SYN0701` where one of the outputs is a file that the policy names.
  static func check(_ policy: Policy, spares outputs: [String]) throws(PackError) {
    let inputs = named(by: policy)
    for output in outputs {
      guard let input = inputs.first(where: { AtomicFile.isSame(output, as: $0) }) else { continue }
      throw PackError(
        .badOption, "the output would replace \(input), which the policy names", at: .file(output),
        hint: "write to another file")
    }
  }
}
