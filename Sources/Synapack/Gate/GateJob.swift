internal import SynapackBundle
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
    /// The bundle to compare with, where there is one.
    public var baseline: MappedFile?
    public var allowsNoBaseline: Bool
    public var failOn: Severity

    public init(
      bundle: String, title: String, policy: String? = nil, chip: String? = nil,
      baseline: MappedFile? = nil,
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
    /// Why the bundle cannot be read, where that is so.
    public let refusal: PackError?
    /// The file that was read; another may stand at its path by now.
    let bundle: MappedFile?
    /// The digest of the policy that was read.
    let policy: Digest?
  }

  /// The verdict; a bundle that cannot be read has one too, with its error as the one finding.
  ///
  /// - Throws: `SYN0721` for the policy, `SYN0501` and `SYN0502` for the chip, and what reading the
  ///   baseline, data, labels and model throws; nothing of the bundle itself.
  public func run(_ request: Request) throws(PackError) -> Outcome {
    var digest: Digest?
    var policy: Policy?
    if let path = request.policy {
      try within(.file(path)) { () throws(PackError) in
        let text = try PolicyFile.text(path)
        policy = try Policy(yaml: text, path: path)
        digest = Digest(of: Array(text.utf8))
      }
    }
    let chip = try request.chip.map { (name) throws(PackError) in try ChipLibrary.chip(name) }
    let file: MappedFile
    let stored: StoredBundle
    var report = Report()
    do {
      file = try MappedFile(path: request.bundle)
      stored = try BundleReader.read(file, &report)
    } catch {
      return Outcome(
        verdict: GateJob.refused(error, request), refusal: error, bundle: nil, policy: digest)
    }
    var checks = try Validation.checks(stored, on: chip, threads: threads, report)
    if let policy { checks += try self.checks(policy, stored, file, request) }
    let verdict = Verdict(bundle: request.title, checks: checks, failOn: request.failOn)
    return Outcome(verdict: verdict, refusal: nil, bundle: file, policy: digest)
  }

  private static func refused(_ error: PackError, _ request: Request) -> Verdict {
    let finding = Finding(error.code, .error, error.message, at: error.trail.first)
    return Verdict(
      bundle: request.title,
      checks: [Check(.bundle, "container and digests", findings: [finding])],
      failOn: request.failOn)
  }

  private func checks(
    _ policy: Policy, _ stored: StoredBundle, _ file: MappedFile, _ request: Request
  ) throws(PackError) -> [Check] {
    var answers: DataEvidence.Answers?
    var evidence = try evidence(policy, stored, &answers)
    evidence.signatures = signatures(policy, file)
    var baseline: Evidence?
    if let earlier = request.baseline {
      var unused = Report()
      baseline = try self.evidence(policy, try BundleReader.read(earlier, &unused), &answers)
    }
    return PolicyCheck(
      policy, evidence: evidence, baseline: baseline,
      allowsNoBaseline: request.allowsNoBaseline, today: today
    ).checks()
  }

  /// Each key that a rule names, held against the signature beside the bundle.
  private func signatures(_ policy: Policy, _ bundle: MappedFile) -> [String: SignatureState] {
    var states: [String: SignatureState] = [:]
    for case .signature(let key) in policy.rules.map(\.subject) {
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
    _ policy: Policy, _ stored: StoredBundle, _ answers: inout DataEvidence.Answers?
  ) throws(PackError) -> Evidence {
    var evidence = BundleEvidence(stored: stored).evidence(policy.measures)
    let run = DataEvidence(policy: policy, threads: threads, instruments: instruments)
    evidence.measures.merge(try run.measures(stored, &answers)) { first, _ in first }
    return evidence
  }
}
