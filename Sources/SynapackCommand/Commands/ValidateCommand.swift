import ArgumentParser
import Synapack
import SynapackPolicy
import SynapackReport
import SynapackSupport

/// The check for CI.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a bundle for CI: structure, digests, limits, replay, and a policy.",
    discussion: """
      Without a policy: container and digests, the program's invariants, the conformance vectors \
      bit for bit, and the limits of the chip. A policy adds limits of its own and, with \
      --baseline, comparisons with an earlier bundle.

        synapack validate model.synapack --policy policy.yaml --baseline git:main:model.synapack \\
          --report junit=junit.xml --report sarif=synapack.sarif

      Exit status: 0 the bundle passes; 1 findings from --fail-on on; 2 usage, a malformed policy, or a \
      revision or path that git does not have; 3 or 5 a bundle that cannot be read; 4 a failure of the file system, in which case \
      nothing may be taken as passed: the bundle, policy, chip, data, a baseline that is a file, or a key cannot \
      be opened, or the bundle passes but a report or standard output could not be written, also where \
      its reader has gone; 130 an interrupt. Reports \
      that can be written are written in every case but for usage, a policy that cannot be opened, and \
      one that is malformed and mentions the report's name: no file that it names is replaced.
      """)

  enum Level: String, ExpressibleByArgument, CaseIterable {
    case note, warning, error
  }

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "Rules in YAML; see schemas/policy.md.")
  var policy: String?

  @Option(
    name: .long,
    help: "The chip to hold the placement against: a name or a YAML file. Default: its own.")
  var chip: String?

  @Option(
    name: .long,
    help: """
      The bundle to compare with: a file, or git:REVISION:PATH, whose path begins in the work \
      folder, as all paths do.
      """)
  var baseline: String?

  @Flag(name: .long, help: "Leave comparisons out, for a first bundle.")
  var withoutBaseline = false

  @Option(
    name: .long, help: "What standard output gets: \(VerdictReport.formats). Default: text.",
    transform: VerdictReport.format)
  var format: VerdictFormat?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write a report besides, in one of \(VerdictReport.formats); may be given several times.",
      valueName: "format=path"), transform: VerdictReport.init)
  var report: [VerdictReport] = []

  @Option(
    name: .long,
    help: "Write a signed in-toto test result of the validation, with --key; see `verify`.")
  var attestation: String?

  @Option(name: .long, help: "The private key that signs --attestation.")
  var key: String?

  @Option(name: .long, help: "Fail from this severity on: note, warning or error.")
  var failOn = Level.error

  @Option(name: .long, help: "The day on which waivers are looked at. Default: today.")
  var today: String?

  @OptionGroup var out: OutputOptions

  mutating func run() async throws {
    let threads = try out.threadCount()
    let day = try Today.day(today)
    guard !out.json || format ?? .json == .json else {
      throw PackError(
        .badOption, "--json asks for another format of standard output", at: .option("--format"),
        hint: "leave one of them out; --report writes further formats to files")
    }
    let format = format ?? (out.json ? .json : .text)
    guard baseline == nil || !withoutBaseline else {
      throw PackError(
        .badOption, "there is a baseline as well", at: .option("--without-baseline"),
        hint: "leave one of them out")
    }
    guard policy != nil || baseline == nil else {
      throw PackError(
        .badOption, "only a policy compares with a baseline", at: .option("--baseline"),
        hint: "add --policy, or compare with `synapack diff`")
    }
    guard (attestation == nil) == (key == nil) else {
      throw PackError(
        .badOption, "an attestation and its key belong together", at: .option("--attestation"),
        hint: "give --attestation and --key, or neither")
    }
    try checkOutputs()
    if let key { try AttestationJob.checkKey(key) }
    var request = GateJob.Request(
      bundle: bundle, title: WorkFolder.relative(bundle), policy: policy.map(WorkFolder.relative),
      chip: chip, allowsNoBaseline: withoutBaseline,
      failOn: Severity(rawValue: failOn.rawValue) ?? .error)
    request.recordsInputs = attestation != nil
    request.outputs = outputs
    if let baseline { request.baseline = try await BundleSource.result(baseline) }
    let progress = Progress(quiet: out.quiet)
    defer { progress.finish() }
    let job = GateJob(threads: threads, instruments: out.instruments(progress), today: day)
    let outcome = try job.run(request)
    progress.finish()
    let failures = write(outcome, format)
    for failure in failures { Console.printError(failure) }
    // A bundle that fails must never look like a mere matter of the file system.
    if let refusal = outcome.refusal { throw refusal }
    if outcome.verdict.fails { throw ExitCode(ErrorKind.finding.rawValue) }
    if let first = failures.first { throw ExitCode(ErrorCatalog.kind(of: first.code).rawValue) }
  }

  /// Writes every report that can be written, then standard output.
  ///
  /// - Returns: why the others could not.
  private func write(_ outcome: GateJob.Outcome, _ format: VerdictFormat) -> [PackError] {
    var failures: [PackError] = []
    let tree = WorkFolder.sources
    func attempt(_ body: () throws(PackError) -> Void) {
      do { try body() } catch { failures.append(error) }
    }
    for report in report {
      attempt { () throws(PackError) in
        let text = report.format.document(outcome.verdict, on: outcome.day, in: tree)
        try AtomicFile.write(Array(text.utf8), to: report.path)
      }
    }
    // A bundle that cannot be read has no result to sign.
    if outcome.refusal == nil, let attestation, let key {
      attempt { () throws(PackError) in
        let text = try AttestationJob.text(outcome, bundle: bundle, key: key)
        try AtomicFile.write(Array(text.utf8), to: attestation)
      }
    }
    // A refusal of the policy and its like is told on standard error, or as a document of its own.
    let isTold = outcome.isOfInput && (format == .text || format == .json)
    if !isTold, !out.quiet || format != .text {
      attempt { () throws(PackError) in
        let text = format.document(outcome.verdict, on: outcome.day, in: tree)
        try Console.send(Array(text.utf8), to: Console.output)
      }
    }
    return failures
  }

  private var outputs: [String] { report.map(\.path) + [attestation].compactMap { $0 } }

  /// No report may replace what is read, nor another report; of the files that the policy names the
  /// job sees to it, which reads the policy.
  private func checkOutputs() throws(PackError) {
    let inputs = [bundle, SignatureJob.path(of: bundle), policy, key, chip, baseline]
    for (place, output) in outputs.enumerated() {
      let option = output == attestation ? "--attestation" : "--report"
      try Terminal.checkIsFile(
        output, option: option,
        hint: "--format says what standard output gets; give the others the names of files")
      try Terminal.check(output: output, against: inputs, option: option)
      let others = outputs[..<place]
      guard !others.contains(where: { $0 == output || AtomicFile.isSame($0, as: output) }) else {
        throw PackError(
          .badOption, "two outputs go to \(output)", at: .option("--report"),
          hint: "write each to a file of its own")
      }
    }
  }
}

/// `--report junit=path`
struct VerdictReport {
  static let formats = VerdictFormat.allCases.map(\.rawValue).joined(separator: ", ")

  let format: VerdictFormat
  let path: String

  static func format(_ name: String) throws -> VerdictFormat {
    guard let format = VerdictFormat(rawValue: name) else {
      throw ValidationError("there is no format `\(name)`; use one of \(formats)")
    }
    return format
  }

  init(_ argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else {
      throw ValidationError(
        "`\(argument)` is not FORMAT=PATH, such as junit=report.xml; the formats are "
          + VerdictReport.formats)
    }
    format = try VerdictReport.format(String(parts[0]))
    path = String(parts[1])
  }
}
