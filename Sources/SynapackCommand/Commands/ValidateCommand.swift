import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// The check for CI.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check a bundle: structure, digests, limits, and its conformance vectors bit for bit."
  )

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  enum Level: String, ExpressibleByArgument, CaseIterable {
    case note, warning, error
  }

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "text or json.")
  var format = Format.text

  @Option(name: .long, help: "Fail from this severity on: note, warning or error.")
  var failOn = Level.error

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let threads = try out.threadCount()
    let usesJSON = out.json || format == .json
    let level = Severity(rawValue: failOn.rawValue) ?? .error
    do {
      let checks = try Job.validate(bundle, threads: threads)
      let findings = checks.flatMap(\.findings)
      let fails = findings.contains { $0.severity >= level }
      if usesJSON {
        Console.print(ValidationDocument.json(fails: fails, findings).text(indent: true))
      } else {
        summarize(checks, fails: fails)
      }
      if fails { throw ExitCode(ErrorKind.finding.rawValue) }
    } catch let error as PackError {
      // A bundle that cannot be read at all still gets its one document.
      if usesJSON { Console.print(ValidationDocument.json(error).text(indent: true)) }
      throw error
    }
  }

  private func summarize(_ checks: [Validation.Check], fails: Bool) {
    guard !out.quiet else { return }
    for check in checks {
      let worst = check.findings.map(\.severity).max()
      Console.print("\(worst.map { $0.rawValue } ?? "ok")  \(check.name)")
      for finding in check.findings {
        let place = finding.place.map { " (\($0))" } ?? ""
        Console.print("    \(finding.code): \(TerminalText.plain(finding.message + place))")
      }
    }
    Console.print(fails ? "fail" : "pass")
  }
}
