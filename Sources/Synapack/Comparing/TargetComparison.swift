internal import SynapackExport
public import SynapackSupport

/// What `compare` is asked for, as paths.
public struct TargetComparisonRequest: Sendable {
  /// A bundle, or a model to be converted for each target.
  public var file: String
  /// Targets by id; empty for all.
  public var targets: [String]
  public var calibration: String?
  public var calibrationKey: String?
  public var data: String?
  public var labels: String?
  public var limit: Int?
  /// Options of a conversion that were given; a bundle was converted already and refuses them.
  public var conversionOptions: [String] = []

  public init(
    file: String, targets: [String], calibration: String? = nil, calibrationKey: String? = nil,
    data: String? = nil, labels: String? = nil, limit: Int? = nil
  ) {
    self.file = file
    self.targets = targets
    self.calibration = calibration
    self.calibrationKey = calibrationKey
    self.data = data
    self.labels = labels
    self.limit = limit
  }

  /// What a target needs, but for options that were given: they stay, and the target may refuse.
  ///
  /// The timesteps are those of most targets; one that carries a single number has its own.
  func advice(of target: any ExportTarget) -> [(option: String, value: String)] {
    target.capability.advice.filter {
      $0.option == "timesteps" || !conversionOptions.contains("--" + $0.option)
    }
  }

  /// Refuses what nothing would be done with.
  ///
  /// - Throws: `SYN0701` for labels or a limit without data.
  func check() throws(PackError) {
    let unused = [("--labels", labels != nil), ("--limit", limit != nil)]
    guard data == nil, let option = unused.first(where: \.1)?.0 else { return }
    throw PackError(
      .badOption, "nothing is measured without data, and \(option) would change nothing",
      at: .option(option), hint: "add --data, or leave it out")
  }
}

extension Job {
  /// Exports a bundle to every target, or a model converted as each target needs it; each target once.
  ///
  /// A model that a target refuses is converted again with what the refusal advises, but for options
  /// that were given, until the target carries it or its advice leads no further.
  ///
  /// - Throws: `SYN0703` for an unknown target or code of a loss, `SYN0701` for a model without
  ///   calibration inputs and for options that a bundle would ignore; what reading and evaluation throw,
  ///   and conversion where no options do. What a target refuses is a row.
  public func compareTargets(
    _ request: TargetComparisonRequest, _ report: inout Report
  ) throws(PackError) -> TargetComparison {
    try request.check()
    try LossPolicy.checkCodes(recipe.allow)
    var targets = request.targets.isEmpty ? ExportTargets.all : []
    for id in request.targets where !targets.contains(where: { $0.id == id }) {
      targets.append(try ExportTargets.named(id))
    }
    var run = try ComparisonRun(self, request)
    var rows: [TargetComparison.Row] = []
    for target in targets { rows.append(try run.row(of: target)) }
    try run.checkConversions()
    run.report(to: &report)
    return TargetComparison(rows: rows)
  }
}
