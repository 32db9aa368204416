internal import SynapackBundle
internal import SynapackExport
internal import SynapackPlace
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
  /// Exports a bundle to every target, or a model converted as each target needs it.
  ///
  /// - Throws: `SYN0703` for an unknown target or code of a loss, `SYN0701` for a model without
  ///   calibration inputs and for options that a bundle would ignore; what reading, conversion and
  ///   evaluation throw. What a target refuses is a row.
  public func compareTargets(
    _ request: TargetComparisonRequest, _ report: inout Report
  ) throws(PackError) -> TargetComparison {
    try request.check()
    let file = try MappedFile(path: request.file)
    let isBundle = BundleReader.recognises(file)
    if isBundle { try BundleOptions.refuse(request.conversionOptions) }
    try LossPolicy.checkCodes(recipe.allow)
    var targets = ExportTargets.all
    if !request.targets.isEmpty {
      targets = []
      for id in request.targets { targets.append(try ExportTargets.named(id)) }
    }
    guard isBundle || request.calibration != nil else {
      throw PackError(
        .badOption, "a model is converted for each target, from calibration inputs",
        at: .option("--calibration"), hint: "add --calibration, or give a bundle")
    }
    var known: [String: StoredBundle] = [:]
    if isBundle { known[""] = try BundleReader.read(file, &report) }
    // Targets that need the same options run the same program.
    var measures: [String: Evaluation.Spiking] = [:]
    var rows: [TargetComparison.Row] = []
    for target in targets {
      let advice = isBundle ? [] : request.advice(of: target)
      let options = advice.map { "--\($0.option) \($0.value)" }
      let key = options.joined(separator: " ")
      if known[key] == nil {
        known[key] = try converted(request, try advised(advice), &report)
      }
      guard let stored = known[key] else { continue }
      var row = exported(stored, to: target)
      row.options = options
      // What was measured is the program, not what a lossy export makes of it.
      if request.data != nil, row.isExact {
        if measures[key] == nil { measures[key] = try measured(stored, request, &report) }
        let measured = measures[key]
        row.accuracy = measured?.accuracy
        row.operations = measured.map { $0.effectiveMACs + $0.effectiveACs }
        row.energy = measured.flatMap { energy($0, on: target.capability.chip) }
      }
      rows.append(row)
    }
    return TargetComparison(rows: rows)
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
      try LossPolicy.check(losses, allowed: recipe.allow)
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

  private func energy(
    _ measured: Evaluation.Spiking, on chip: String?
  ) -> TargetComparison.Energy? {
    guard let chip, let estimate = measured.energy.first(where: { $0.table.chips.contains(chip) }),
      let picojoules = estimate.spiking.picojoules
    else { return nil }
    return TargetComparison.Energy(
      picojoules: picojoules, table: estimate.table.id, source: estimate.table.source)
  }

  private func converted(
    _ request: TargetComparisonRequest, _ recipe: Recipe, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    let job = Job(
      recipe: recipe, threads: threads, instruments: instruments, importOptions: importOptions)
    let result = try job.convert(
      model: request.file, calibration: request.calibration ?? "",
      calibrationKey: request.calibrationKey, &report)
    return try BundleReader.read(result.bytes, &report)
  }

  /// The recipe with what a target needs laid over it.
  private func advised(
    _ advice: [(option: String, value: String)]
  ) throws(PackError) -> Recipe {
    var recipe = recipe
    for (option, value) in advice {
      switch option {
      case "input": recipe.input = value
      case "input-bits": recipe.inputBits = Int(value) ?? recipe.inputBits
      case "membrane-bits": recipe.membraneBits = Int(value) ?? recipe.membraneBits
      case "neuron": recipe.neuron = value
      case "readout": recipe.readout = value
      case "reset": recipe.reset = value
      case "schedule": recipe.schedule = value
      case "start": recipe.start = value
      case "threshold-scope": recipe.thresholdScope = value
      case "timesteps": recipe.timesteps = Int(value) ?? recipe.timesteps
      case "weight-bits": recipe.weightBits = Int(value) ?? recipe.weightBits
      default:
        throw PackError(
          .defect, "no recipe takes `\(option)`", hint: "please report the command")
      }
    }
    return recipe
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

  private func measured(
    _ stored: StoredBundle, _ request: TargetComparisonRequest, _ report: inout Report
  ) throws(PackError) -> Evaluation.Spiking? {
    let evaluation = EvaluationRequest(
      file: request.file, data: request.data ?? "", labels: request.labels, timesteps: nil,
      model: nil, calibration: nil, limit: request.limit)
    return try evaluate(stored, evaluation, &report).spiking.last
  }
}
