/// SARIF 2.1.0 (OASIS Standard, 27 March 2020, with its schema `sarif-schema-2.1.0.json`), cut to the
/// objects that a verdict uses; every object of the schema refuses members that it does not name.
enum SARIFForm {
  /// §3.13: the root; §3.14: a run.
  static let document = DocumentForm.object(
    must: ["version": .oneOf(["2.1.0"]), "runs": .list(run, atLeast: 1)], may: ["$schema": .text])

  private static let run = DocumentForm.object(
    must: ["tool": .object(must: ["driver": component])],
    may: [
      "results": .list(result), "columnKind": .oneOf(["utf16CodeUnits", "unicodeCodePoints"]),
      // §3.14.14 and §3.4: any names may stand here; GitHub looks for this one.
      "originalUriBaseIds": .object(must: ["%SRCROOT%": .object(must: ["description": message])]),
    ])

  /// §3.19
  private static let component = DocumentForm.object(
    must: ["name": .text],
    may: [
      "version": .text, "semanticVersion": .text, "informationUri": .text, "fullName": .text,
      "organization": .text, "rules": .list(descriptor),
    ])

  /// §3.49 and §3.50
  private static let descriptor = DocumentForm.object(
    must: ["id": .text],
    may: [
      "name": .text, "shortDescription": message, "fullDescription": message, "help": message,
      "helpUri": .text,
      "defaultConfiguration": .object(
        must: [:], may: ["enabled": .flag, "level": level, "rank": .integer(atLeast: -1)]),
    ])

  /// §3.12: `text` is what this tool writes of the ways to give a message.
  private static let message = DocumentForm.object(
    must: ["text": .text], may: ["markdown": .text])

  private static let level = DocumentForm.oneOf(["none", "note", "warning", "error"])

  /// §3.27
  private static let result = DocumentForm.object(
    must: ["message": message],
    may: [
      "ruleId": .text, "ruleIndex": .integer(atLeast: -1), "level": level,
      "locations": .list(location, atLeast: 1), "suppressions": .list(suppression),
      // Any names may stand here; GitHub looks for this one.
      "partialFingerprints": .object(must: ["primaryLocationLineHash": .text]),
    ])

  /// §3.28 to §3.30 and §3.4
  private static let location = DocumentForm.object(
    must: [
      "physicalLocation": .object(
        must: ["artifactLocation": .object(must: ["uri": .text], may: ["uriBaseId": .text])],
        may: [
          "region": .object(
            must: ["startLine": .integer(atLeast: 1)],
            may: [
              "startColumn": .integer(atLeast: 1), "endLine": .integer(atLeast: 1),
              "endColumn": .integer(atLeast: 1),
            ])
        ])
    ])

  /// §3.35
  private static let suppression = DocumentForm.object(
    must: ["kind": .oneOf(["inSource", "external"])],
    may: [
      "status": .oneOf(["accepted", "underReview", "rejected"]), "justification": .text,
      "guid": .text,
    ])
}

/// The report of GitLab's documentation, "Code Quality report format": a list of entries.
enum GitLabForm {
  static let document = DocumentForm.list(
    .object(must: [
      "description": .text, "check_name": .text, "fingerprint": .text,
      "severity": .oneOf(["info", "minor", "major", "critical", "blocker"]),
      "location": .object(must: [
        "path": .text, "lines": .object(must: ["begin": .integer(atLeast: 1)]),
      ]),
    ]))
}
