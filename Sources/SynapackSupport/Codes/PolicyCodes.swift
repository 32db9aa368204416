extension ErrorCode {
  public static let malformedPolicy = ErrorCode(rawValue: "SYN0721")
  public static let policyLimit = ErrorCode(rawValue: "SYN0722")
  public static let regression = ErrorCode(rawValue: "SYN0723")
  public static let lossNotAllowed = ErrorCode(rawValue: "SYN0724")
  public static let newLoss = ErrorCode(rawValue: "SYN0725")
  public static let signatureRequired = ErrorCode(rawValue: "SYN0726")
  public static let otherChip = ErrorCode(rawValue: "SYN0727")
  public static let expiredWaiver = ErrorCode(rawValue: "SYN0728")
  public static let unusedWaiver = ErrorCode(rawValue: "SYN0729")
  public static let notMeasured = ErrorCode(rawValue: "SYN0730")
  public static let incompatible = ErrorCode(rawValue: "SYN0731")
  public static let unknownRevision = ErrorCode(rawValue: "SYN0732")
  public static let gitUnavailable = ErrorCode(rawValue: "SYN0733")
}

/// Policies and comparisons, SYN0721 to SYN0739.
let policyExplanations: [Explanation] = [
  Explanation(
    .malformedPolicy, .usage, title: "malformed policy",
    cause: "The policy is not valid YAML, has a key that policies do not have, or a rule that says "
      + "nothing that can be checked. Unknown keys are refused, because a mistyped limit is no "
      + "limit.",
    remedy: "Mend the line that the message names; `schemas/policy.schema.json` lists the keys."),
  Explanation(
    .policyLimit, .finding, title: "limit of the policy passed",
    cause: "A measure of the bundle lies beyond the limit that a rule of the policy sets.",
    remedy: "Make the bundle better, raise the limit, or waive the rule with a reason, an owner "
      + "and a last day."),
  Explanation(
    .regression, .finding, title: "worse than the baseline",
    cause: "A measure is worse than that of the baseline by more than the rule allows.",
    remedy: "Find what changed with `synapack diff OLD NEW`; if the change is wanted, allow it in "
      + "the rule or waive the rule for a time."),
  Explanation(
    .lossNotAllowed, .finding, title: "loss that the policy does not allow",
    cause: "The ledger of the bundle has a loss, or its recipe accepts one, whose code is not in "
      + "the rule's list.",
    remedy: "Remove the cause of the loss, or add its code to the list."),
  Explanation(
    .newLoss, .finding, title: "loss that the baseline does not have",
    cause: "The ledger of the bundle has a loss, or its recipe accepts one, that the baseline's "
      + "has not.",
    remedy: "Remove the cause of the loss, or waive the rule until the baseline has it too."),
  Explanation(
    .signatureRequired, .finding, title: "required signature missing or wrong",
    cause: "The policy asks for a signature by a certain key, and beside the bundle there is none, "
      + "or none that the key verifies.",
    remedy: "Sign the bundle with `synapack sign`; do not deploy one whose signature is wrong."),
  Explanation(
    .otherChip, .finding, title: "placed on another chip than required",
    cause: "The policy names the chips, revision by revision, that the bundle may be placed on.",
    remedy: "Place the program with `synapack place --chip`."),
  Explanation(
    .expiredWaiver, .finding, title: "expired waiver",
    cause: "The last day of a waiver has passed, so it excuses nothing any more.",
    remedy: "Mend what it excused, or renew it with a new reason and day."),
  Explanation(
    .unusedWaiver, .finding, title: "waiver without use",
    cause: "The rule that a waiver excuses passes without it.",
    remedy: "Delete the waiver, so that the rule holds again."),
  Explanation(
    .notMeasured, .finding, title: "rule that could not be checked",
    cause: "The bundle or the call lacks what a rule needs: a placement, the limits of its chip, a "
      + "baseline, data, labels or the source model, or the chip has no resource of that name. A "
      + "rule that cannot be checked does not pass.",
    remedy: "Give what the message names. `--without-baseline` leaves comparisons out, for a first "
      + "bundle."),
  Explanation(
    .incompatible, .finding, title: "larger change than wanted",
    cause: "`synapack diff --require` found a change that asks for a higher version number: one "
      + "that a loader, a caller or a user of the new bundle would notice.",
    remedy: "Raise the version by the level that the finding names, or undo the change."),
  Explanation(
    .unknownRevision, .usage, title: "no such file in that revision",
    cause: "`git:REVISION:PATH` names a revision that the clone does not have, or a path that the "
      + "revision does not have as a file. A shallow clone has few revisions; paths begin at the "
      + "work folder.",
    remedy: "Check with `git cat-file -e REVISION:./PATH`; in CI, fetch the base branch first."),
  Explanation(
    .gitUnavailable, .environment, title: "git cannot be asked",
    cause: "`git:REVISION:PATH` needs the command `git` and a repository around the work folder, "
      + "which git is allowed to read.",
    remedy: "Install git, run in the clone, or give the bundle as a file."),
]
