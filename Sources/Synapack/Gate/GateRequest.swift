public import SynapackPolicy
public import SynapackSupport

extension GateJob {
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
}
