internal import SynapackBundle
internal import SynapackPlace
public import SynapackPolicy
public import SynapackSupport

/// Checks a bundle for CI: what every bundle must be, then what a policy asks for.
public struct GateJob: Sendable {
  /// What is checked, as the command line gives it.
  public struct Request: Sendable {
    public var bundle: String
    /// What messages and reports call the bundle.
    public var title: String
    public var policy: String?
    /// The chip whose limits are held: a name or a YAML file; `nil` for the one that the placement
    /// names.
    public var chip: String?
    /// The bundle to compare with, where there is one, or why it could not be had.
    public var baseline: Result<MappedFile, PackError>?
    public var allowsNoBaseline: Bool
    public var failOn: Severity
    /// Whether the digests of all files that the verdict rests on are wanted, for an attestation.
    public var recordsInputs = false
    /// What the caller will write of the verdict; none of it may be a file that the policy names.
    public var outputs: [String] = []

    public init(
      bundle: String, title: String, policy: String? = nil, chip: String? = nil,
      baseline: Result<MappedFile, PackError>? = nil,
      allowsNoBaseline: Bool = false, failOn: Severity = .error
    ) {
      self.bundle = bundle
      self.title = title
      self.policy = policy
      self.chip = chip
      self.baseline = baseline
      self.allowsNoBaseline = allowsNoBaseline
      self.failOn = failOn
    }
  }

  private let threads: Int
  private let instruments: Instruments
  /// The day on which waivers are looked at.
  private let today: CalendarDay

  public init(threads: Int, instruments: Instruments, today: CalendarDay) {
    self.threads = threads
    self.instruments = instruments
    self.today = today
  }

  /// A verdict and what it was made of.
  public struct Outcome: Sendable {
    public let verdict: Verdict
    /// Why the bundle, or what it is judged by, cannot be read, where that is so.
    public let refusal: PackError?
    /// Whether the refusal is that of the policy, the baseline, the chip or the data.
    public var isOfInput = false
    /// The file that was read; another may stand at its path by now.
    let bundle: MappedFile?
    /// What the verdict rests on beside the bundle, where that was wanted.
    public let inputs: [GateInput]
    /// The day on which waivers were looked at.
    public let day: CalendarDay
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
      stored = try BundleReader.read(file, leavesWeights: true, &report)
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
      let bundle = Subject(stored: stored, file: file, knowsChip: chip != nil)
      checks += try self.checks(policy, bundle, baseline, request, &inputs)
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

  /// A bundle that is held against a policy.
  private struct Subject {
    var stored: StoredBundle
    var file: MappedFile
    var knowsChip: Bool
  }

  /// Of weights that are read where they lie, and were others at a later reading.
  private static func changed(_ path: String) -> PackError {
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

  private func checks(
    _ policy: Policy, _ bundle: Subject, _ earlier: MappedFile?, _ request: Request,
    _ inputs: inout [GateInput]
  ) throws(PackError) -> [Check] {
    var answers: DataEvidence.Answers?
    let run = DataEvidence(policy: policy, threads: threads, instruments: instruments)
    func measured() throws(PackError) -> (Evidence, Evidence?) {
      var own = try evidence(policy, bundle.stored, run, &answers)
      own.knowsChip = bundle.knowsChip
      own.signatures = signatures(policy, bundle.file)
      var baseline: Evidence?
      if let earlier {
        var unused = Report()
        let stored = try BundleReader.read(earlier, leavesWeights: true, &unused)
        baseline = try evidence(policy, stored, run, &answers)
        guard stored.isIntact else { throw GateJob.changed(earlier.path) }
      }
      return (own, baseline)
    }
    let files = request.recordsInputs ? run.files + GateJob.keys(policy) : []
    let ((own, baseline), read) = try GateInput.unchanged(files, measured)
    if request.recordsInputs, let earlier {
      inputs.append(GateInput(.baseline, GateInput.name(of: earlier.path), Digest(of: earlier)))
    }
    inputs += read
    return PolicyCheck(
      policy, evidence: own, baseline: baseline,
      allowsNoBaseline: request.allowsNoBaseline, today: today
    ).checks()
  }

  /// The keys of a policy's rules that are there; of the others the verdict says that they are not.
  private static func keys(_ policy: Policy) -> [(role: GateInput.Role, path: String)] {
    PolicyFile.keys(of: policy).compactMap { key in
      let path = PolicyFile.resolved(key, in: policy.path)
      return MappedFile.exists(path) ? (.key, path) : nil
    }
  }

  /// Each key that a rule names, held against the signature beside the bundle.
  private func signatures(_ policy: Policy, _ bundle: MappedFile) -> [String: SignatureState] {
    var states: [String: SignatureState] = [:]
    for key in PolicyFile.keys(of: policy) {
      do {
        try SignatureJob.verify(bundle, key: PolicyFile.resolved(key, in: policy.path))
        states[key] = .valid
      } catch {
        states[key] = .refused(error)
      }
    }
    return states
  }

  private func evidence(
    _ policy: Policy, _ stored: StoredBundle, _ run: DataEvidence,
    _ answers: inout DataEvidence.Answers?
  ) throws(PackError) -> Evidence {
    var evidence = BundleEvidence(stored: stored).evidence(policy.measures)
    evidence.measures.merge(try run.measures(stored, &answers)) { first, _ in first }
    return evidence
  }
}
