import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// The proof that a bundle carries, run again.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run the conformance vectors that a bundle carries, bit for bit.")

  @Argument(help: "The bundle.")
  var bundle: String

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let result = try Job.replay(bundle, threads: try out.threadCount())
    if out.json {
      Console.print(
        JSON.object([
          "schema": "synapack.replay/1", "vectors": .integer(result.vectors),
          "ticks": .integer(result.ticks),
          "status": .string(result.findings.isEmpty ? "identical" : "different"),
          "findings": .array(result.findings.map(\.json)),
        ]).text(indent: true))
    } else {
      for finding in result.findings {
        let place = finding.place.map { " (\($0))" } ?? ""
        Console.print("\(finding.code): \(TerminalText.plain(finding.message + place))")
      }
      if result.findings.isEmpty, !out.quiet {
        Console.print(
          "identical: \(result.vectors) vectors, \(grouped(result.ticks)) layer ticks compared")
      }
    }
    if !result.findings.isEmpty { throw ExitCode(ErrorKind.finding.rawValue) }
  }
}
