internal import SynapackBundle
internal import SynapackConvert
internal import SynapackPlace
internal import SynapackPolicy
public import SynapackSupport

/// What an overview is made of, as paths.
public struct OverviewRequest: Sendable {
  public var bundle: String
  /// A name of ``Catalog/chips()`` or a YAML file, where the placement's chip is not built in.
  public var chip: String?
  /// What to measure on; its `file` is the bundle.
  public var evaluation: EvaluationRequest?

  public init(bundle: String, chip: String? = nil, evaluation: EvaluationRequest? = nil) {
    self.bundle = bundle
    self.chip = chip
    self.evaluation = evaluation
  }
}

extension Job {
  /// Everything that can be said of a bundle to somebody who decides about it: the document
  /// `synapack.overview/1`, of which pages are drawn.
  ///
  /// Its size is bounded by the layers of the program, whatever the chip.
  ///
  /// - Parameter preprocess: in place of what the bundle has.
  /// - Throws: what reading the bundle, the chip and the data throw.
  public func overview(
    _ request: OverviewRequest, preprocess: String? = nil, _ report: inout Report
  ) throws(PackError) -> JSON {
    let chip = try request.chip.map { (name) throws(PackError) in try ChipLibrary.chip(name) }
    var found = Report()
    let stored = try FoundFile.bundle(try MappedFile(path: request.bundle), &found)
    let checks = try within(.file(request.bundle)) { () throws(PackError) in
      try Validation.checks(stored, on: chip, threads: threads, found)
    }
    let differs = checks.contains { $0.findings.contains { $0.code == .conformanceMismatch } }
    let listing = LayerListing(
      stored.bundle, outcomes: try LayerListing.outcomes(of: stored.bundle, threads: threads))
    var members: [String: JSON] = [
      "schema": "synapack.overview/1",
      "generator": .string(Version.generator),
      "name": .string(Job.fileName(request.bundle)),
      "bundle": Inspection.bundle(stored),
      "checks": .array(
        checks.map { check in
          ["name": .string(check.name), "findings": .array(check.findings.map(\.json))]
        }),
      "conformance": [
        "vectors": .integer(stored.bundle.conformance.count), "identical": .bool(!differs),
      ],
      "conversion": JSON(parsing: stored.bundle.report)?.member("layers") ?? .array([]),
      "layers": listing.json,
      "weightHistogram": .array(listing.histogram.map(JSON.integer)),
    ]
    if let refusal = refusal(toExplain: stored.bundle) {
      members["notExplained"] = [
        "message": .string(refusal.message), "action": .string(refusal.hint),
      ]
    }
    if let placement = stored.bundle.placement {
      let known = try Validation.chip(for: placement, given: chip)
      members["placement"] =
        PlacementOverview(
          placement: placement, program: stored.bundle.program,
          chip: known?.id == placement.chip ? known : nil
        ).json
    }
    if let evaluation = request.evaluation {
      members["evaluation"] = try measured(stored, evaluation, preprocess, &report)
    }
    return .object(members)
  }

  private func measured(
    _ stored: StoredBundle, _ request: EvaluationRequest, _ preprocess: String?,
    _ report: inout Report
  ) throws(PackError) -> JSON {
    var request = request
    // A program that is not explained is measured all the same.
    request.explain = request.model != nil && refusal(toExplain: stored.bundle) == nil
    let start = instruments.now()
    let known = report.findings.count
    let result = try evaluate(stored, request, preprocess: preprocess, &report)
    let document = result.json(threads: threads, seconds: instruments.now() - start)
    guard case .object(var members) = document else { return document }
    members["findings"] = .array(report.findings.dropFirst(known).map(\.json))
    return .object(members)
  }

  private func refusal(toExplain bundle: Bundle) -> PackError? {
    let program = bundle.ungated
    do throws(PackError) {
      try Explainer.check(program, layers: ExplainedProgram.layers(of: program, bundle.report))
      return nil
    } catch { return error }
  }

  private static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
