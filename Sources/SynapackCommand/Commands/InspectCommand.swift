import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// What is in a file, without running it.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a model or a bundle: graph, shapes, parameters, and what would convert.")

  @Argument(help: "A model or a bundle.")
  var file: String

  @Flag(
    name: .long,
    help: "For a model: read its weights and give the digest that equal networks share.")
  var digest = false

  @Option(
    name: .long,
    help: "For a NIR file: say what this reader of NIR makes of it; `all` for every one.")
  var lint: String?

  @OptionGroup var options: ModelOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    if let lint { return try show(try NIRLinting.run(file, reader: lint), of: lint) }
    var report = Report()
    let inspected = try Job.inspect(
      file, options: options.resolved, digests: digest, threads: try out.threadCount(), &report)
    out.show(report)
    Console.print(out.json ? inspected.text(indent: true) : InspectionText.text(inspected))
  }

  private func show(_ findings: [Finding], of reader: String) throws {
    if out.json {
      Console.print(
        JSON.object([
          "schema": "synapack.lint/1", "reader": .string(reader),
          "findings": .array(findings.map(\.json)),
        ]).text(indent: true))
    } else if findings.isEmpty {
      let whom = reader == "all" ? "every reader" : reader
      Console.print("clean: \(whom) takes the file as it is meant")
    } else {
      for finding in findings {
        let place = finding.place.map { " (\($0))" } ?? ""
        let text = TerminalText.plain(finding.message + place)
        Console.print("\(finding.severity.rawValue)[\(finding.code)]: \(text)")
      }
    }
    if findings.contains(where: { $0.severity == .error }) {
      throw ExitCode(ErrorKind.finding.rawValue)
    }
  }
}
