internal import SynapackExport
public import SynapackSupport

/// One source, all targets: what each carries exactly, after what, and what it refuses.
public struct TargetComparison: Sendable {
  public struct Row: Sendable, Hashable {
    public var target: String
    /// The options with which the model was converted for the target.
    public var options: [String]
    /// Those of them that refusals of the target advised on the way.
    public var advised: [String] = []
    /// What the export rewrites exactly; none where it is refused.
    public var transformations: [String]
    /// What the export loses and was accepted by name: the target then runs another program.
    public var losses: [Loss] = []
    /// Bytes of all files.
    public var bytes: Int?
    /// That of the program; `nil` where the target runs another one.
    public var accuracy: Double?
    /// Effective operations a sample, as NeuroBench counts them; with data alone.
    public var operations: Double?
    /// The chip that the target is for, and where the program fits it, what it takes there.
    public var chip: String?
    public var cores: Int?
    /// Σ over the events of one inference, in the unit of the chip's published costs; `nil` where
    /// there are none.
    public var trafficEnergy: Double?
    /// What an inference costs by the published numbers of the chip; with data alone, `nil` where
    /// there are none or the program needs what they do not name.
    public var energy: Energy?
    /// Why there is none: code, place and message, and one action.
    public var refusal: PackError?

    /// Whether the target runs the program as it was measured.
    public var isExact: Bool { refusal == nil && losses.isEmpty }
  }

  /// An estimate under a ``CostTable``.
  public struct Energy: Sendable, Hashable {
    public var picojoules: Double
    public var table: String
    public var source: String
  }

  public var rows: [Row]

  /// The document `synapack.compare/1`.
  public var json: JSON {
    .object([
      "schema": "synapack.compare/1",
      "targets": .array(
        rows.map { row in
          var members: [String: JSON] = [
            "target": .string(row.target), "isExact": .bool(row.isExact),
            "losses": .array(row.losses.map(\.json)),
            "options": .array(row.options.map(JSON.string)),
            "advised": .array(row.advised.map(JSON.string)),
            "transformations": .array(row.transformations.map(JSON.string)),
          ]
          if let bytes = row.bytes { members["bytes"] = .integer(bytes) }
          if let accuracy = row.accuracy { members["accuracy"] = .number(accuracy) }
          if let operations = row.operations { members["operations"] = .number(operations) }
          if let chip = row.chip { members["chip"] = .string(chip) }
          if let cores = row.cores { members["cores"] = .integer(cores) }
          if let energy = row.trafficEnergy { members["trafficEnergy"] = .number(energy) }
          if let energy = row.energy {
            members["energy"] = [
              "picojoules": .number(energy.picojoules), "table": .string(energy.table),
              "source": .string(energy.source), "kind": "estimate",
            ]
          }
          if let refusal = row.refusal {
            members["refusal"] = [
              "code": .string(refusal.code.rawValue), "message": .string(refusal.message),
              "where": .array(refusal.trail.map { .string($0.description) }),
              "action": .string(refusal.hint),
            ]
          }
          return .object(members)
        }),
    ])
  }

  /// One line a target, and what a refusal asks for below it.
  public var lines: [String] {
    let width = rows.map(\.target.count).max() ?? 0
    return rows.flatMap { row -> [String] in
      let name = row.target + String(repeating: " ", count: width - row.target.count)
      let accuracy = row.accuracy.map { " \(($0 * 1000).rounded() / 10)%" } ?? ""
      let measures = row.measures.isEmpty ? "" : " (" + row.measures.joined(separator: ", ") + ")"
      let options = row.options.isEmpty ? "" : "  [" + row.optionWords + "]"
      guard let refusal = row.refusal else {
        let after = row.transformations.joined(separator: "; ")
        return [
          "\(name)  \(row.verdict)\(accuracy)\(measures)\(after.isEmpty ? "" : " after: " + after)"
            + options
        ]
      }
      let place = refusal.trail.first.map { " (\($0))" } ?? ""
      return [
        "\(name)  refused \(refusal.code): \(refusal.message)\(place)\(options)",
        String(repeating: " ", count: width + 2) + refusal.hint,
      ]
    }
  }
}

extension TargetComparison.Row {
  /// exact, or what is lost; of a refusal nothing.
  public var verdict: String {
    guard !losses.isEmpty else { return "exact" }
    let entries = losses.map { "\($0.code) in `\($0.subject)`: \($0.message)" }
    return "lossy " + entries.joined(separator: "; ")
  }

  /// The target's own options, then those that its refusals advised.
  var optionWords: String {
    let own = options.filter { !advised.contains($0) }.joined(separator: " ")
    guard !advised.isEmpty else { return own }
    return (own.isEmpty ? "" : own + ", ") + "as advised " + advised.joined(separator: " ")
  }

  /// What there are numbers for, in words.
  public var measures: [String] {
    var words: [String] = []
    if let bytes { words.append("\(bytes) bytes") }
    if let operations { words.append("\(Int(operations.rounded())) operations") }
    if let cores, let chip { words.append("\(cores) \(cores == 1 ? "core" : "cores") of \(chip)") }
    if let energy {
      let nanojoules = (energy.picojoules / 100).rounded() / 10
      words.append("\(nanojoules) nJ estimated by \(energy.table)")
    }
    return words
  }
}
