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

  @OptionGroup var options: ModelOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    var report = Report()
    let inspected = try Job.inspect(
      file, options: options.resolved, digests: digest, threads: try out.threadCount(), &report)
    out.show(report)
    Console.print(out.json ? inspected.text(indent: true) : InspectionText.text(inspected))
  }
}
