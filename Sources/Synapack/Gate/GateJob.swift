internal import SynapackBundle
internal import SynapackPlace
public import SynapackPolicy
public import SynapackSupport

/// Checks a bundle for CI: what every bundle must be, then what a policy asks for.
public struct GateJob: Sendable {
  private let threads: Int
  private let instruments: Instruments
  /// The day on which waivers are looked at.
  private let today: CalendarDay

  public init(threads: Int, instruments: Instruments, today: CalendarDay) {
    self.threads = threads
    self.instruments = instruments
    self.today = today
  }

  /// The verdict; a bundle that cannot be read has one too, with its error as the one finding, and so
  /// has one whose policy, chip, baseline or data cannot.
  ///
  /// - Throws: only where writing the outputs could destroy something: `SYN0701` where one would
  ///   replace a file that the policy names, and why the policy cannot be read where it may name one.
  public func run(_ request: Request) throws(PackError) -> Outcome {
    var inputs: [GateInput] = []
    var policy: Policy?
    if let path = request.policy {
      let text = try within(.file(path)) { () throws(PackError) in try PolicyFile.text(path) }
      inputs.append(GateInput(.policy, GateInput.name(of: path), Digest(of: Array(text.utf8))))
      do {
        policy = try within(.file(path)) { () throws(PackError) in
          try Policy(yaml: text, path: path)
        }
      } catch {
        guard PolicyFile.mayName(text, request.outputs) else { return refused(error, request) }
        throw error
      }
    }
    if let policy { try PolicyFile.check(policy, spares: request.outputs) }
    do {
      return try judged(request, policy, inputs)
    } catch {
      return refused(error, request)
    }
  }

  private func judged(
    _ request: Request, _ policy: Policy?, _ read: [GateInput]
  ) throws(PackError) -> Outcome {
    var inputs = read
    let baseline = try request.baseline?.get()
    let given = try request.chip.map { (name) throws(PackError) in try ChipLibrary.chip(name) }
    let file: MappedFile
    let stored: StoredBundle
    var report = Report()
    do {
      file = try MappedFile(path: request.bundle)
      stored = try FoundFile.bundle(file, leavesWeights: true, &report)
    } catch {
      let verdict = GateJob.refused(error, request)
      return Outcome(
        verdict: verdict, refusal: error, bundle: nil, inputs: inputs, day: today)
    }
    var checks = try Validation.checks(stored, on: given, threads: threads, report)
    let chip = try stored.bundle.placement.flatMap { (placement) throws(PackError) in
      try Validation.chip(for: placement, given: given)
    }
    if request.recordsInputs, let chip {
      let text = try ChipLibrary.text(request.chip ?? chip.id)
      let name = request.chip.map(GateInput.name) ?? chip.id
      inputs.append(GateInput(.chip, name, Digest(of: Array(text.utf8))))
    }
    if let policy {
      let known = try PolicyEvidence(
        policy: policy, threads: threads, instruments: instruments,
        recordsInputs: request.recordsInputs
      ).gathered(of: stored, in: file, knowsChip: chip != nil, before: baseline)
      inputs += known.inputs
      if !known.doubts.isEmpty {
        checks.append(Check(.policy, "data of the policy", findings: known.doubts))
      }
      checks += PolicyCheck(
        policy, evidence: known.own, baseline: known.baseline,
        allowsNoBaseline: request.allowsNoBaseline, today: today
      ).checks()
    }
    guard stored.isIntact else {
      let error = GateJob.changed(request.bundle)
      let verdict = GateJob.refused(error, request)
      return Outcome(
        verdict: verdict, refusal: error, bundle: nil, inputs: inputs, day: today)
    }
    let coverage = GateCoverage(
      stored: stored, policy: policy, knowsChip: chip != nil, hasBaseline: baseline != nil,
      measures: Set(policy?.measures ?? []))
    let verdict = Verdict(
      bundle: request.title, checks: checks, failOn: request.failOn,
      coverage: coverage.entries)
    return Outcome(verdict: verdict, refusal: nil, bundle: file, inputs: inputs, day: today)
  }

  /// Of weights that are read where they lie, and were others at a later reading.
  static func changed(_ path: String) -> PackError {
    PackError(
      .digestMismatch, "the file changed while it was validated", at: .file(path),
      hint: "validate again when nothing writes to it")
  }

  private static func refused(_ error: PackError, _ request: Request) -> Verdict {
    // The verdict names the bundle already.
    let place = error.trail.first.flatMap { $0 == .file(request.bundle) ? nil : $0 }
    let finding = Finding(error.code, .error, error.message, at: place)
    return Verdict(
      bundle: request.title,
      checks: [Check(.bundle, "container and digests", findings: [finding])],
      failOn: request.failOn)
  }

  /// A verdict of one finding: what the bundle is to be judged by cannot be read.
  private func refused(_ error: PackError, _ request: Request) -> Outcome {
    var finding = Finding(error.code, .error, error.message, at: error.trail.first)
    for case (.line(let line), .file(let path)) in zip(error.trail, error.trail.dropFirst()) {
      finding.line = SourceLine(path: path, line: line)
    }
    let check = Check(.policy, "what the bundle is judged by", findings: [finding])
    let verdict = Verdict(bundle: request.title, checks: [check], failOn: request.failOn)
    return Outcome(
      verdict: verdict, refusal: error, isOfInput: true, bundle: nil, inputs: [], day: today)
  }
}
