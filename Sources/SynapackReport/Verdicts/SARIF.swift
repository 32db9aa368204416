internal import SynapackPolicy
internal import SynapackSupport

/// SARIF 2.1.0 with what GitHub's code scanning requires of it: rules with descriptions, a location
/// for each result, a fingerprint, no empty text.
enum SARIF {
  /// What GitHub calls the root of the repository.
  private static let root = "%SRCROOT%"

  static func document(_ verdict: Verdict, in tree: SourceTree) -> JSON {
    let ordered = verdict.ordered
    let codes = Set(ordered.map(\.finding.code)).sorted()
    return .object([
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": .array([
        .object([
          "tool": [
            "driver": [
              "name": "synapack", "rules": .array(codes.map { rule($0, ordered) }),
            ]
          ],
          "originalUriBaseIds": [
            root: ["description": SARIFMessage.text("The root of the repository.")]
          ],
          "results": .array(
            ordered.map { found in
              let index = codes.firstIndex(of: found.finding.code) ?? 0
              return result(found.finding, index, verdict, tree)
            }),
        ])
      ]),
    ])
  }

  private static func rule(
    _ code: ErrorCode, _ findings: [(check: Check, finding: Finding)]
  ) -> JSON {
    let explanation = ErrorCatalog.explanation(of: code)
    let level = findings.filter { $0.finding.code == code }.map(\.finding.severity).max() ?? .note
    return [
      "id": .string(code.rawValue),
      "shortDescription": SARIFMessage.text(explanation?.title ?? code.rawValue),
      "fullDescription": SARIFMessage.text(explanation?.cause ?? code.rawValue),
      "help": SARIFMessage.text(explanation?.remedy ?? code.rawValue),
      "defaultConfiguration": ["level": .string(level.rawValue)],
    ]
  }

  private static func result(
    _ finding: Finding, _ index: Int, _ verdict: Verdict, _ tree: SourceTree
  ) -> JSON {
    let annotation = Annotation(finding, of: verdict.bundle, in: tree)
    let line = JSON.integer(annotation.line)
    let physical: JSON = [
      "artifactLocation": artifact(annotation.place),
      "region": ["startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2],
    ]
    let text = finding.rule.map { "\($0): " } ?? ""
    var members: [String: JSON] = [
      "ruleId": .string(finding.code.rawValue), "ruleIndex": .integer(index),
      "level": .string(finding.severity.rawValue),
      "message": SARIFMessage.text(
        "\(verdict.bundle): \(text)\(finding.words)\(annotation.aside)"),
      "locations": .array([["physicalLocation": physical]]),
      "partialFingerprints": [
        "primaryLocationLineHash": .string(finding.fingerprint(of: verdict.bundle, in: tree) + ":1")
      ],
    ]
    if let waiver = finding.waiver {
      let reason = "\(waiver.reason) (\(waiver.owner), until \(waiver.expires))"
      members["suppressions"] = .array([
        ["kind": "external", "justification": .string(TerminalText.plain(reason))]
      ])
    }
    return .object(members)
  }

  private static func artifact(_ place: SourceTree.Place) -> JSON {
    switch place {
    case .inside(let path): ["uri": .string(uri(path)), "uriBaseId": .string(root)]
    case .outside(let path): ["uri": .string("file://" + uri(path))]
    }
  }

  /// A path as RFC 3986 has it: every byte that is not unreserved is escaped.
  static func uri(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result += "%"
        result.unicodeScalars.append(digits[Int(byte >> 4)])
        result.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    // Two slashes at the start would name a host.
    return result.hasPrefix("//") ? String(result.drop { $0 == "/" }) : result
  }
}
