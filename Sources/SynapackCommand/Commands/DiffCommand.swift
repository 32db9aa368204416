import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// What changed between two bundles.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what changed between two bundles, and whether callers and loaders notice.",
    discussion: """
      Of git:REVISION:PATH the path begins in the work folder, as all paths do.

      LOADER and INTERFACE changes are major, BEHAVIOUR changes minor, changes of the record patch. \
      With --require the command fails, with status 1, where the change is larger.

        synapack diff git:v1.2:model.synapack model.synapack --require minor
      """)

  @Argument(help: "The old bundle: a file, or git:REVISION:PATH.")
  var old: String

  @Argument(help: "The new bundle: the same.")
  var new: String

  @Option(
    name: .long, help: "The largest change that is wanted: none, patch, minor or major.",
    transform: DiffCommand.level)
  var require: ChangeLevel?

  @OptionGroup var out: OutputOptions

  private static func level(_ name: String) throws -> ChangeLevel {
    guard let level = ChangeLevel(rawValue: name) else {
      throw ValidationError("`\(name)` is no level; use none, patch, minor or major")
    }
    return level
  }

  mutating func run() async throws {
    let (before, after) = (try await BundleSource.file(old), try await BundleSource.file(new))
    let result = try DiffJob.run(
      before, after, required: require, threads: try out.threadCount())
    if out.json {
      Console.print(result.document.text(indent: true))
    } else if !out.quiet {
      for line in result.lines { Console.print(TerminalText.plain(line)) }
    }
    guard !result.findings.isEmpty else { return }
    if !out.json {
      for finding in result.findings {
        Console.note("error[\(finding.code)]: \(TerminalText.plain(finding.message))")
      }
    }
    throw ExitCode(ErrorKind.finding.rawValue)
  }
}
