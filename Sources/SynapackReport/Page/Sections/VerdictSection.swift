internal import SynapackSupport

/// What was checked and what was lost, before everything else.
enum VerdictSection: BundleSection {
  private static let mostEntries = 40
  /// Layers that one entry names.
  private static let mostSubjects = 6

  static func section(_ document: JSON) -> HTMLPage.Section? {
    var blocks: [PageBlock] = [.answer(answer(document)), .tiles(tiles(document))]
    let findings = together(ordered(found(document)))
    if !findings.isEmpty { blocks += bounded(findings, "findings") }
    let losses = together(ordered(document["bundle"]["losses"].items))
    if !losses.isEmpty {
      blocks.append(.paragraph("What the conversion could not carry exactly, the gravest first:"))
      blocks += bounded(losses, "losses")
    }
    return HTMLPage.Section(id: "verdict", title: "Verdict", blocks: blocks)
  }

  /// In one or two sentences: whether it is sound, what it lost, and whether it is accurate.
  private static func answer(_ document: JSON) -> String {
    let checks = document["checks"].items
    let failed = checks.filter { count($0["findings"], .error) > 0 }
    var sentences: [String] = []
    if failed.isEmpty {
      sentences.append("The bundle is sound: it passes all \(checks.count) checks.")
    } else {
      let names = failed.map { $0["name"].plain }.joined(separator: ", ")
      sentences.append("The bundle fails: \(names).")
    }
    sentences.append(accuracy(document))
    let grave = count(document["bundle"]["losses"], .error)
    if grave > 0 {
      sentences.append(
        "It was made with \(counted(grave, "loss", "losses")) that had to be allowed.")
    }
    return sentences.joined(separator: " ")
  }

  private static func accuracy(_ document: JSON) -> String {
    let evaluation = document["evaluation"]
    guard let row = evaluation["spiking"].items.last else {
      return "How accurate it is was not measured here: no data was given."
    }
    let inputs = "on \(grouped(evaluation["samples"].number)) inputs"
    let source = evaluation["ann"]["accuracy"].value
    switch (row["accuracy"].value, row["agreement"].value) {
    case (let accuracy?, _):
      let reference = source.map { ", \(network(document)) \(percent($0))" } ?? ""
      return "It is right \(inputs) in \(percent(accuracy))\(reference)."
    case (nil, let agreement?):
      return "It agrees with \(network(document)) \(inputs) in \(percent(agreement))."
    case (nil, nil): return "It was run \(inputs), without labels to tell how accurate it is."
    }
  }

  /// What it is held against, which need not be what it was made from.
  private static func network(_ document: JSON) -> String {
    let codes = document["evaluation"]["findings"].items.map { $0["code"].string }
    return codes.contains(ErrorCode.otherModel.rawValue)
      ? "the given network, which it was not made from," : "its source network"
  }

  private static func tiles(_ document: JSON) -> [PageBlock.Tile] {
    let bundle = document["bundle"]
    return [
      checks(document), proof(document), losses(bundle["losses"]), result(document["evaluation"]),
      PageBlock.Tile(
        name: "Size", value: bytes(bundle["bytes"].number),
        detail: "\(bytes(bundle["weightBytes"].number)) of them weights"),
      latency(bundle, document["evaluation"]["spiking"].items.last ?? .null),
      chip(document["placement"]),
    ].compactMap { $0 }
  }

  /// Where a rule stops inputs early, what those of the evaluation took.
  private static func latency(_ bundle: JSON, _ row: JSON) -> PageBlock.Tile {
    let most = bundle["latencyTicks"]
    let (ticks, window) = (bundle["timesteps"], bundle["windowTicks"])
    let isGated = window != .null && window != ticks
    var detail =
      "T = \((isGated ? window : ticks).words), \(isGated ? "gated" : bundle["schedule"].plain)"
    var value = "\(most.words) ticks"
    if bundle["readout"]["exit"] != .null {
      let taken = row["earlyExit"] == .null ? nil : row["meanLatencyTicks"].value
      value = taken.map { "\(decimals($0, 2)) of \(value)" } ?? "at most \(value)"
      detail += ", with early exit"
    }
    return PageBlock.Tile(name: "Latency", value: value, detail: detail)
  }

  private static func checks(_ document: JSON) -> PageBlock.Tile {
    let checks = document["checks"].items
    let failed = checks.count { count($0["findings"], .error) > 0 }
    let warned = checks.count { count($0["findings"], .warning) > 0 }
    return PageBlock.Tile(
      name: "Checks", value: "\(checks.count - failed) of \(checks.count) pass",
      detail: warned > 0 ? "\(warned) with warnings" : "",
      standing: failed > 0 ? .bad : warned > 0 ? .warn : .good)
  }

  private static func proof(_ document: JSON) -> PageBlock.Tile {
    let conformance = document["conformance"]
    let vectors = conformance["vectors"].number
    guard vectors > 0 else {
      return PageBlock.Tile(
        name: "Proof", value: "none", detail: "no conformance vectors", standing: .warn)
    }
    let isSame = conformance["identical"] == .bool(true)
    return PageBlock.Tile(
      name: "Proof", value: isSame ? "replayed" : "differs",
      detail: counted(vectors, "conformance vector") + ", "
        + (isSame ? "the same bits" : "see the findings"),
      standing: isSame ? .good : .bad)
  }

  private static func losses(_ losses: JSON) -> PageBlock.Tile {
    let (errors, warnings) = (count(losses, .error), count(losses, .warning))
    let notes = count(losses, .note)
    let total = losses.items.count
    return PageBlock.Tile(
      name: "Losses in the ledger", value: total == 0 ? "none" : grouped(total),
      detail: total == 0
        ? ""
        : [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")]
          .joined(separator: ", "),
      standing: errors > 0 ? .bad : warnings > 0 ? .warn : .good)
  }

  private static func result(_ evaluation: JSON) -> PageBlock.Tile {
    guard let row = evaluation["spiking"].items.last else {
      return PageBlock.Tile(
        name: "Accuracy", value: "not measured", detail: "give --data and --labels")
    }
    guard let accuracy = row["accuracy"].value else {
      return PageBlock.Tile(name: "Agreement", value: percent(row["agreement"].value))
    }
    let source = evaluation["ann"]["accuracy"].value
    return PageBlock.Tile(
      name: "Accuracy", value: percent(accuracy),
      detail: source.map { "\(decimals(100 * ($0 - accuracy), 2)) points below the source" } ?? "")
  }

  private static func chip(_ placement: JSON) -> PageBlock.Tile? {
    guard placement != .null else { return nil }
    return PageBlock.Tile(
      name: "Chip", value: placement["chip"].plain,
      detail: "\(grouped(placement["coresUsed"].number)) of "
        + "\(grouped(placement["coresInAll"].number)) cores")
  }

  // MARK: - Findings and losses

  private static func severity(_ entry: JSON) -> Severity {
    Severity(rawValue: entry["severity"].string ?? "") ?? .note
  }

  private static func count(_ entries: JSON, _ wanted: Severity) -> Int {
    entries.items.count { severity($0) == wanted }
  }

  /// The gravest first, else as they came.
  private static func ordered(_ entries: [JSON]) -> [JSON] {
    Severity.allCases.reversed().flatMap { wanted in entries.filter { severity($0) == wanted } }
  }

  /// The findings of all checks, each of the place that it names or of its check.
  private static func found(_ document: JSON) -> [JSON] {
    let checks = document["checks"].items.map { ($0["name"], $0["findings"].items) }
    let measured = (JSON.string("data"), document["evaluation"]["findings"].items)
    return (checks + [measured]).flatMap { name, findings in
      findings.map { finding in
        [
          "code": finding["code"], "severity": finding["severity"], "message": finding["message"],
          "subject": finding["where"].string == nil ? name : finding["where"],
        ]
      }
    }
  }

  /// Findings or losses that say the same of several layers, as one entry each.
  private static func together(_ entries: [JSON]) -> [PageBlock.Entry] {
    var order: [JSON] = []
    var members: [JSON: [JSON]] = [:]
    for entry in entries {
      let kind: JSON = [
        "code": entry["code"], "severity": entry["severity"], "message": entry["message"],
      ]
      if members[kind] == nil { order.append(kind) }
      members[kind, default: []].append(entry)
    }
    return order.map { entry($0, of: members[$0] ?? []) }
  }

  private static func entry(_ kind: JSON, of entries: [JSON]) -> PageBlock.Entry {
    let more = entries.count - mostSubjects
    let names = entries.prefix(mostSubjects).map { $0["subject"].plain }.joined(separator: ", ")
    return PageBlock.Entry(
      label: "\(severity(kind).rawValue) \(kind["code"].plain)",
      text: names + (more > 0 ? " and \(grouped(more)) more" : "") + ": \(kind["message"].words)"
        + measured(entries),
      standing: .init(severity(kind)))
  }

  /// The sizes of losses that have one.
  private static func measured(_ losses: [JSON]) -> String {
    let sizes = losses.compactMap { $0["measured"].value }
    guard let least = sizes.min(), let most = sizes.max() else { return "" }
    return least == most ? ": \(figure(least))" : ": \(figure(least)) to \(figure(most))"
  }

  private static func bounded(_ entries: [PageBlock.Entry], _ name: String) -> [PageBlock] {
    let left = entries.count - mostEntries
    return [.entries(Array(entries.prefix(mostEntries)))]
      + (left > 0 ? [.note("\(grouped(left)) more \(name) are left out.")] : [])
  }
}
