internal import SynapackPolicy
internal import SynapackSupport

/// SARIF 2.1.0 with what GitHub's code scanning requires of it: rules with descriptions, a location
/// for each result, a fingerprint, no empty text.
enum SARIF {
  static func document(_ verdict: Verdict) -> JSON {
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
          "results": .array(
            ordered.map { result($0.finding, codes.firstIndex(of: $0.finding.code) ?? 0, verdict) }
          ),
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
      "shortDescription": ["text": .string(explanation?.title ?? code.rawValue)],
      "fullDescription": ["text": .string(explanation?.cause ?? code.rawValue)],
      "help": ["text": .string(explanation?.remedy ?? code.rawValue)],
      "defaultConfiguration": ["level": .string(level.rawValue)],
    ]
  }

  private static func result(_ finding: Finding, _ index: Int, _ verdict: Verdict) -> JSON {
    let place = finding.location(in: verdict.bundle)
    let physical: JSON = [
      "artifactLocation": ["uri": .string(uri(place.path))],
      "region": [
        "startLine": .integer(place.line), "startColumn": 1, "endLine": .integer(place.line),
        "endColumn": 2,
      ],
    ]
    let text = finding.rule.map { "\($0): " } ?? ""
    var members: [String: JSON] = [
      "ruleId": .string(finding.code.rawValue), "ruleIndex": .integer(index),
      "level": .string(finding.severity.rawValue),
      "message": [
        "text": .string(TerminalText.plain("\(verdict.bundle): \(text)") + finding.words)
      ],
      "locations": .array([["physicalLocation": physical]]),
      "partialFingerprints": [
        "primaryLocationLineHash": .string(finding.fingerprint(in: verdict.bundle) + ":1")
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

  /// A path as a relative reference of RFC 3986: every byte that is not unreserved is escaped.
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
