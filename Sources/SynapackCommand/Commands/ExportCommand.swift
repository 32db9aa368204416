import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// Bundles in other forms.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a bundle in another format.")

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "The format: json, the whole program and placement as text.")
  var format: String

  @Option(name: .shortAndLong, help: "The file to write; - is standard output.")
  var output: String

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    try Terminal.check(output: output, against: [bundle])
    var report = Report()
    let content = try Job.export(bundle, format: format, &report)
    out.show(report)
    if output == "-" {
      Console.write(content, to: Terminal.output)
    } else {
      try AtomicFile.write(content, to: output)
      if !out.quiet { Console.note("\(TerminalText.plain(output)): \(bytes(content.count))") }
    }
  }
}
