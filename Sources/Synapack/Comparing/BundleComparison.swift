internal import SynapackBundle
internal import SynapackPlace
internal import SynapackPolicy
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport

/// Two bundles side by side.
struct BundleComparison {
  let old: StoredBundle
  let new: StoredBundle
  let changes: [Change]
  let layers: LayerComparison
  /// The measures that both or either of them have, in the order of policies.
  let measures: [(name: String, before: Double?, after: Double?)]
  /// What the new program answers to the old one's conformance inputs; `nil` where it cannot take
  /// them.
  let replay: Replay?

  struct Replay {
    var vectors: Int
    var sameDecision: Int
    var sameScores: Int
    /// Vectors whose spikes and membranes are the old ones in every tick.
    var identical: Int
  }

  init(_ old: StoredBundle, _ new: StoredBundle, threads: Int) throws(PackError) {
    self.old = old
    self.new = new
    layers = LayerComparison(old.bundle.program, new.bundle.program)
    let interface = InterfaceComparison(old: old, new: new)
    changes = interface.changes + layers.changes + BundleComparison.records(old, new)
    let wanted = Measure.Name.allCases.map(Measure.named)
    let before = BundleEvidence(stored: old).evidence(wanted).measures
    let after = BundleEvidence(stored: new).evidence(wanted).measures
    measures = wanted.filter { before[$0] != nil || after[$0] != nil }.map {
      ($0.text, before[$0], after[$0])
    }
    replay = try BundleComparison.replay(old.bundle, new.bundle.program, threads: threads)
  }

  var level: ChangeLevel {
    if old.contentID == new.contentID { return .none }
    return max(.patch, changes.map(\.category.level).max() ?? .patch)
  }

  private static func records(_ old: StoredBundle, _ new: StoredBundle) -> [Change] {
    let (before, after) = (old.bundle, new.bundle)
    var changes: [Change] = []
    func add(_ subject: String, _ first: String, _ second: String) {
      if first != second { changes.append(Change(.record, subject, first, second)) }
    }
    add(
      "source model", String(before.origin.digest.prefix(16)),
      String(after.origin.digest.prefix(16)))
    add("writer", before.generator, after.generator)
    for key in BundleComparison.keys(before.recipe, after.recipe) {
      func value(_ text: String) -> String {
        JSON(parsing: text)?.member(key)?.text() ?? "absent"
      }
      add("recipe \(key)", value(before.recipe), value(after.recipe))
    }
    let losses = (
      BundleEvidence(stored: old).evidence([]).losses,
      BundleEvidence(stored: new).evidence([]).losses
    )
    add(
      "ledger of losses", losses.0 == nil ? "unreadable" : "there",
      losses.1 == nil ? "unreadable" : "there")
    let (earlier, later) = (losses.0 ?? [], losses.1 ?? [])
    func words(_ loss: LossEntry) -> String { "\(loss.code) \(loss.subject ?? "accepted")" }
    for loss in later where !earlier.contains(loss) { add("loss", "none", words(loss)) }
    for loss in earlier where !later.contains(loss) { add("loss", words(loss), "none") }
    add(
      "conformance vectors", String(before.conformance.count), String(after.conformance.count))
    if before.placement?.slices != after.placement?.slices
      || before.placement?.routes != after.placement?.routes,
      before.placement?.chip == after.placement?.chip
    {
      func cores(_ bundle: Bundle) -> String {
        let count = bundle.placement?.usage.count ?? 0
        return "\(count) \(count == 1 ? "core" : "cores")"
      }
      changes.append(
        Change(.record, "placement", cores(before), "\(cores(after)), arranged differently"))
    }
    return changes
  }

  private static func keys(_ texts: String...) -> [String] {
    var keys = Set<String>()
    for text in texts {
      if case .object(let members)? = JSON(parsing: text) { keys.formUnion(members.keys) }
    }
    return keys.sorted()
  }

  private static func replay(
    _ old: Bundle, _ new: SpikingProgram, threads: Int
  ) throws(PackError) -> Replay? {
    guard old.program.inputPayloads == new.inputPayloads, !old.conformance.isEmpty,
      old.conformance.allSatisfy({ vector in
        vector.input.allSatisfy { new.input.encoding.payloads.contains(Int($0)) }
      })
    else { return nil }
    let simulator = try Simulator(new)
    let results = try parallelUnits(count: old.conformance.count, threads: threads) {
      (index) throws(PackError) in
      (old.conformance[index], try simulator.record(old.conformance[index].input))
    }
    return Replay(
      vectors: results.count,
      sameDecision: results.count {
        Readout.decision($0.0.scores) == Readout.decision($0.1.scores)
      },
      sameScores: results.count { $0.0.scores == $0.1.scores },
      identical: results.count { $0.0 == $0.1 })
  }
}
