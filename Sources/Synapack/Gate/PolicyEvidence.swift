internal import SynapackBundle
internal import SynapackPolicy
internal import SynapackSupport

/// Gathers what a policy judges by: of a bundle, and of the one before it.
struct PolicyEvidence {
  let policy: Policy
  let threads: Int
  let instruments: Instruments
  /// Whether the digests of all files that are read are wanted.
  let recordsInputs: Bool

  struct Known {
    var own: Evidence
    var baseline: Evidence?
    /// What makes doubtful what was measured of the bundle.
    var doubts: [Finding]
    /// The files that it rests on, where they are wanted.
    var inputs: [GateInput]
  }

  /// - Parameters:
  ///   - bundle: what the reader made of `file`.
  ///   - knowsChip: whether the placement was held against the limits of its chip.
  ///   - earlier: the bundle to compare with.
  /// - Throws: why data, a model, a key or the earlier bundle cannot be read; `SYN0605` where that one
  ///   changed meanwhile, `SYN0001` where another file did.
  func gathered(
    of bundle: StoredBundle, in file: MappedFile, knowsChip: Bool, before earlier: MappedFile?
  ) throws(PackError) -> Known {
    var answers: DataEvidence.Answers?
    let run = DataEvidence(policy: policy, threads: threads, instruments: instruments)
    var doubts = Report()
    func measured() throws(PackError) -> (Evidence, Evidence?) {
      var own = try evidence(of: bundle, run, &answers, &doubts)
      own.knowsChip = knowsChip
      own.signatures = try signatures(of: file)
      guard let earlier else { return (own, nil) }
      var unused = Report()
      let stored = try FoundFile.bundle(earlier, leavesWeights: true, &unused)
      let baseline = try evidence(of: stored, run, &answers, &unused)
      guard stored.isIntact else { throw GateJob.changed(earlier.path) }
      return (own, baseline)
    }
    let files = recordsInputs ? run.files + keys : []
    let ((own, baseline), read) = try GateInput.unchanged(files, measured)
    var inputs: [GateInput] = []
    if recordsInputs, let earlier {
      inputs = [GateInput(.baseline, GateInput.name(of: earlier.path), Digest(of: earlier))]
    }
    return Known(
      own: own, baseline: baseline, doubts: doubts.findings.filter { $0.severity == .warning },
      inputs: inputs + read)
  }

  private var keys: [(role: GateInput.Role, path: String)] {
    PolicyFile.keys(of: policy).map { (.key, PolicyFile.resolved($0, in: policy.path)) }
  }

  /// Each key that a rule names, held against the signature beside the bundle.
  ///
  /// - Throws: why a key cannot be read, which says nothing of the bundle.
  private func signatures(of bundle: MappedFile) throws(PackError) -> [String: SignatureState] {
    var states: [String: SignatureState] = [:]
    for key in PolicyFile.keys(of: policy) {
      let path = PolicyFile.resolved(key, in: policy.path)
      _ = try within(.file(policy.path)) { () throws(PackError) in
        try SignatureJob.verifyingKey(path)
      }
      do {
        try SignatureJob.verify(bundle, key: path)
        states[key] = .valid
      } catch {
        states[key] = .refused(error)
      }
    }
    return states
  }

  private func evidence(
    of stored: StoredBundle, _ run: DataEvidence, _ answers: inout DataEvidence.Answers?,
    _ report: inout Report
  ) throws(PackError) -> Evidence {
    var evidence = BundleEvidence(stored: stored).evidence(policy.measures)
    evidence.measures.merge(try run.measures(stored, &answers, &report)) { first, _ in first }
    return evidence
  }
}
