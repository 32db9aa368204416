public import SynapackSupport
internal import Yams

extension Policy {
  /// Reads a policy file.
  ///
  /// - Parameter path: what messages call the file.
  /// - Throws: `SYN0721`, with the line, for text that is no YAML or nested too deep, a key that
  ///   policies do not have, a value of the wrong kind, or a rule that nothing could break.
  public init(yaml text: String, path: String) throws(PackError) {
    let root = try PolicyText.root(text)
    let top = try PolicyNode(
      root, "policy", keys: ["synapack-policy", "data", "rules", "waivers"])
    guard let version = try top.wholeNumber("synapack-policy") else {
      throw PackError(
        .malformedPolicy, "the policy does not say its version", at: .line(top.line),
        hint: "begin it with the line synapack-policy: 1")
    }
    guard version == "1" else {
      throw top.refusal("synapack-policy", "`\(version)`; this version reads policies of version 1")
    }
    self.path = path
    data = try top["data"].map { (node) throws(PackError) in
      try Policy.data(
        try PolicyNode(
          node, "data", line: top.line(of: "data"), keys: ["inputs", "labels", "model", "limit"]))
    }
    rules = try Policy.rules(top)
    waivers = try Policy.waivers(top, for: rules.map(\.name))
  }

  private static func data(_ node: PolicyNode) throws(PackError) -> PolicyData {
    var limit: Int?
    if let text = try node.wholeNumber("limit") {
      guard let number = Int(text), (1...1 << 31).contains(number) else {
        throw node.refusal("limit", "`\(text)`; a whole number from 1 is expected")
      }
      limit = number
    }
    return PolicyData(
      inputs: try node.text("inputs"), labels: try node.optionalText("labels"),
      model: try node.optionalText("model"), limit: limit)
  }

  private static func rules(_ top: PolicyNode) throws(PackError) -> [PolicyRule] {
    guard let node = top["rules"] else {
      throw PolicyNode.refusal("a policy without `rules` allows everything", line: top.line)
    }
    let list = try PolicyNode(node, "rules", line: top.line(of: "rules"))
    guard (1...1024).contains(list.keys.count) else {
      throw top.refusal("rules", "empty or longer than 1,024")
    }
    var rules: [PolicyRule] = []
    for name in list.keys {
      guard let body = list[name] else { continue }
      rules.append(try RuleReading(name, body, line: list.line(of: name)).rule())
    }
    return rules
  }

  private static func waivers(
    _ top: PolicyNode, for rules: [String]
  ) throws(PackError) -> [Waiver] {
    guard let node = top["waivers"] else { return [] }
    guard case .sequence(let items) = node, items.count <= 1024 else {
      throw top.refusal("waivers", "no list")
    }
    var waivers: [Waiver] = []
    for item in items {
      let body = try PolicyNode(item, "waiver", keys: ["rule", "reason", "owner", "expires"])
      let rule = try body.text("rule")
      guard rules.contains(rule) else {
        throw body.refusal(
          "rule",
          "`\(rule)`, which is none; the nearest is "
            + "`\(nearestName(to: rule, among: rules) ?? "")`")
      }
      let day = try body.text("expires")
      guard let expires = CalendarDay(day) else {
        throw body.refusal("expires", "`\(day)`; a day such as 2027-01-31 is expected")
      }
      waivers.append(
        Waiver(
          rule: rule, line: body.line, reason: try body.words("reason"),
          owner: try body.words("owner"), expires: expires))
    }
    return waivers
  }
}
