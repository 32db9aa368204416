internal import SynapackBundle
internal import SynapackExport
public import SynapackSupport

/// One source, all targets: what each carries exactly, after what, and what it refuses.
public struct TargetComparison: Sendable {
  public struct Row: Sendable, Hashable {
    public var target: String
    /// The options with which the model was converted for the target.
    public var options: [String]
    /// What the export rewrites exactly; none where it is refused.
    public var transformations: [String]
    /// Bytes of all files.
    public var bytes: Int?
    public var accuracy: Double?
    /// Why there is none: code, place and message, and one action.
    public var refusal: PackError?
  }

  public var rows: [Row]

  /// The document `synapack.compare/1`.
  public var json: JSON {
    .object([
      "schema": "synapack.compare/1",
      "targets": .array(
        rows.map { row in
          var members: [String: JSON] = [
            "target": .string(row.target), "isExact": .bool(row.refusal == nil),
            "options": .array(row.options.map(JSON.string)),
            "transformations": .array(row.transformations.map(JSON.string)),
          ]
          if let bytes = row.bytes { members["bytes"] = .integer(bytes) }
          if let accuracy = row.accuracy { members["accuracy"] = .number(accuracy) }
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
      let options = row.options.isEmpty ? "" : "  [" + row.options.joined(separator: " ") + "]"
      guard let refusal = row.refusal else {
        let after = row.transformations.joined(separator: "; ")
        return ["\(name)  exact\(accuracy)\(after.isEmpty ? "" : " after: " + after)\(options)"]
      }
      let place = refusal.trail.first.map { " (\($0))" } ?? ""
      return [
        "\(name)  refused \(refusal.code): \(refusal.message)\(place)\(options)",
        String(repeating: " ", count: width + 2) + refusal.hint,
      ]
    }
  }
}

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
}

extension Job {
  /// Exports a bundle to every target, or a model converted as each target needs it.
  ///
  /// - Throws: `SYN0703` for an unknown target, `SYN0701` for a model without calibration inputs;
  ///   what reading, conversion and evaluation throw. What a target refuses is a row.
  public func compareTargets(
    _ request: TargetComparisonRequest, _ report: inout Report
  ) throws(PackError) -> TargetComparison {
    let file = try MappedFile(path: request.file)
    let isBundle = BundleReader.recognises(file)
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
    var rows: [TargetComparison.Row] = []
    for target in targets {
      let advice = isBundle ? [] : target.capability.advice
      let options = advice.map { "--\($0.option) \($0.value)" }
      let key = options.joined(separator: " ")
      if known[key] == nil {
        known[key] = try converted(request, try advised(advice), &report)
      }
      guard let stored = known[key] else { continue }
      var row = exported(stored, to: target)
      row.options = options
      if request.data != nil, row.refusal == nil {
        row.accuracy = try accuracy(of: stored, request, &report)
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
      program: bundle.program, placement: bundle.placement, conformance: bundle.conformance)
    var row = TargetComparison.Row(target: target.id, options: [], transformations: [])
    var losses = Report()
    do throws(PackError) {
      let files = try ExportTargets.export(source, to: target, &losses)
      try LossPolicy.check(losses, allowed: recipe.allow)
      row.bytes = files.reduce(0) { $0 + $1.bytes.count }
      row.transformations = target.capability.transformations
    } catch {
      row.refusal = error
    }
    return row
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
      case "reset": recipe.reset = value
      case "schedule": recipe.schedule = value
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

  private func accuracy(
    of stored: StoredBundle, _ request: TargetComparisonRequest, _ report: inout Report
  ) throws(PackError) -> Double? {
    let evaluation = EvaluationRequest(
      file: request.file, data: request.data ?? "", labels: request.labels, timesteps: nil,
      model: nil, calibration: nil, limit: request.limit)
    return try evaluate(stored, evaluation, &report).spiking.last?.accuracy
  }
}
