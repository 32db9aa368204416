internal import SynapackBundle
internal import SynapackExport
internal import SynapackPlace
internal import SynapackSupport

/// A comparison on its way: programs by the recipe that they were converted with, so that targets which
/// need the same options run the same program.
struct ComparisonRun {
  /// A program, what its conversion told, and the targets whose rows it gives.
  private struct Conversion {
    var stored: StoredBundle
    var report: Report
    var measured: Evaluation.Spiking?
    var targets: [String] = []
  }

  /// How often a target's advice is followed.
  private static let largestSteps = 8

  private let job: Job
  private let request: TargetComparisonRequest
  private let isBundle: Bool
  private var conversions: [Recipe: Conversion] = [:]
  /// The keys of `conversions` in the order of their making.
  private var order: [Recipe] = []
  /// Why no program came of a recipe.
  private var failures: [Recipe: PackError] = [:]
  private var firstFailure: PackError?

  init(_ job: Job, _ request: TargetComparisonRequest) throws(PackError) {
    self.job = job
    self.request = request
    let file = try MappedFile(path: request.file)
    isBundle = BundleReader.recognises(file)
    guard isBundle else {
      guard request.calibration != nil else {
        throw PackError(
          .badOption, "a model is converted for each target, from calibration inputs",
          at: .option("--calibration"), hint: "add --calibration, or give a bundle")
      }
      return
    }
    try BundleOptions.refuse(request.conversionOptions)
    var report = Report()
    let stored = try BundleReader.read(file, &report)
    conversions[job.recipe] = Conversion(stored: stored, report: report)
    order = [job.recipe]
  }

  /// What the target makes of the source, after as many of its own advices as lead on.
  ///
  /// A conversion that the target's first options do not do is its refusal.
  ///
  /// - Throws: what evaluation throws.
  mutating func row(of target: any ExportTarget) throws(PackError) -> TargetComparison.Row {
    var path = AdvisedPath(
      job.recipe, isBundle ? [] : request.advice(of: target), keeping: request.conversionOptions)
    var recipe = try path.recipe()
    let first: StoredBundle
    do throws(PackError) { first = try stored(recipe) } catch {
      var row = TargetComparison.Row(
        target: target.id, options: path.options, transformations: [])
      row.refusal = error
      return row
    }
    var row = exported(first, to: target)
    while !isBundle, let refusal = row.refusal {
      guard path.steps < ComparisonRun.largestSteps else {
        row.refusal = refusal.advising(AdvisedPath.end)
        break
      }
      guard path.follow(refusal.hint) else {
        if path.isSpent(refusal.hint) { row.refusal = refusal.advising(AdvisedPath.end) }
        break
      }
      // What does not convert ends the path before it.
      guard let next = try? path.recipe(), let stored = try? stored(next) else {
        path.goBack()
        break
      }
      recipe = next
      row = exported(stored, to: target)
    }
    row.options = path.options
    row.advised = path.advised
    conversions[recipe]?.targets.append(target.id)
    try measure(recipe, &row, target)
    return row
  }

  /// - Throws: why no program came of any options, where none did: that is of the model, not of a target.
  func checkConversions() throws(PackError) {
    if order.isEmpty, let firstFailure { throw firstFailure }
  }

  /// Hands over what the conversions told: what not all rows share names the targets that it is of, and
  /// conversions that no row is of are left out.
  func report(to report: inout Report) {
    let used = order.compactMap { conversions[$0] }.filter { !$0.targets.isEmpty }
    let rows = used.reduce(0) { $0 + $1.targets.count }
    func suffix(_ targets: [String]) -> String {
      targets.count == rows ? "" : " (for \(targets.joined(separator: ", ")))"
    }
    func targets(_ holds: (Report) -> Bool) -> [String] {
      used.filter { holds($0.report) }.flatMap(\.targets)
    }
    var told = (findings: Set<Finding>(), losses: Set<Loss>())
    for conversion in used {
      for finding in conversion.report.findings where told.findings.insert(finding).inserted {
        let words = suffix(targets { $0.findings.contains(finding) })
        report.add(
          Finding(finding.code, finding.severity, finding.message + words, at: finding.place))
      }
      for loss in conversion.report.losses where told.losses.insert(loss).inserted {
        let words = suffix(targets { $0.losses.contains(loss) })
        report.add(
          Loss(
            loss.code, loss.severity, subject: loss.subject, loss.message + words,
            measured: loss.measured))
      }
      for stage in conversion.report.stages { report.add(stage) }
    }
  }

  // MARK: - Programs

  private mutating func stored(_ recipe: Recipe) throws(PackError) -> StoredBundle {
    if let known = conversions[recipe] { return known.stored }
    if let failure = failures[recipe] { throw failure }
    do throws(PackError) { return try converted(recipe) } catch {
      failures[recipe] = error
      firstFailure = firstFailure ?? error
      throw error
    }
  }

  private mutating func converted(_ recipe: Recipe) throws(PackError) -> StoredBundle {
    let job = Job(
      recipe: recipe, threads: job.threads, instruments: job.instruments,
      importOptions: job.importOptions)
    var report = Report()
    let result = try job.convert(
      model: request.file, calibration: request.calibration ?? "",
      calibrationKey: request.calibrationKey, &report)
    let stored = try BundleReader.read(result.bytes, &report)
    conversions[recipe] = Conversion(stored: stored, report: report)
    order.append(recipe)
    return stored
  }

  private func exported(
    _ stored: StoredBundle, to target: any ExportTarget
  ) -> TargetComparison.Row {
    let bundle = stored.bundle
    let source = ExportSource(
      program: bundle.program, placement: bundle.placement, conformance: bundle.conformance,
      preprocess: bundle.preprocess)
    var row = TargetComparison.Row(target: target.id, options: [], transformations: [])
    var losses = Report()
    do throws(PackError) {
      let files = try ExportTargets.export(source, to: target, &losses)
      try LossPolicy.check(losses, allowed: job.recipe.allow)
      row.losses = losses.losses.filter { $0.severity == .error }
      row.bytes = files.reduce(0) { $0 + $1.bytes.count }
      row.transformations = target.capability.transformations
      if let id = target.capability.chip, let placement = placed(bundle, on: id, by: target) {
        row.chip = id
        row.cores = placement.usage.count
        row.trafficEnergy = placement.cost.energy
      }
    } catch {
      row.refusal = error
    }
    return row
  }

  /// Where the program sits on a chip, with little effort: its cores are counted, not arranged.
  private func placed(
    _ bundle: Bundle, on id: String, by target: any ExportTarget
  ) -> Placement? {
    if let placement = bundle.placement, placement.chip == id { return placement }
    guard let chip = try? Chips.named(id) else { return nil }
    return try? Placer.place(
      ExportTargets.held(bundle.program, by: target), on: chip, rates: PlaceJob.rates(of: bundle),
      accepted: [.missingNumber], options: .init(effort: 0.1))
  }

  // MARK: - Measurements

  /// What was measured is the program, not what a lossy export makes of it.
  private mutating func measure(
    _ recipe: Recipe, _ row: inout TargetComparison.Row, _ target: any ExportTarget
  ) throws(PackError) {
    guard let data = request.data, row.isExact, var conversion = conversions[recipe] else { return }
    if conversion.measured == nil {
      let evaluation = EvaluationRequest(
        file: request.file, data: data, labels: request.labels, timesteps: nil,
        model: nil, calibration: nil, limit: request.limit)
      conversion.measured = try job.evaluate(
        conversion.stored, evaluation, &conversion.report
      ).spiking.last
      conversions[recipe] = conversion
    }
    guard let measured = conversion.measured else { return }
    row.accuracy = measured.accuracy
    row.operations = measured.effectiveMACs + measured.effectiveACs
    row.energy = energy(measured, on: target.capability.chip)
  }

  private func energy(
    _ measured: Evaluation.Spiking, on chip: String?
  ) -> TargetComparison.Energy? {
    guard let chip, let estimate = measured.energy.first(where: { $0.table.chips.contains(chip) }),
      let picojoules = estimate.spiking.picojoules
    else { return nil }
    return TargetComparison.Energy(
      picojoules: picojoules, table: estimate.table.id, source: estimate.table.source)
  }
}
