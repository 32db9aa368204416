import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// Bundles in the forms of others.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a bundle for a vendor's tool, exactly or not at all.")

  @Argument(help: "The bundle.")
  var bundle: String?

  @Option(
    name: [.long, .customLong("format")],
    help: "The target: one of `synapack export --list`.")
  var target: String?

  @Option(
    name: .shortAndLong,
    help: "The folder for the target's files, or the file where it has one; - is standard output.")
  var output: String?

  @Option(name: .long, help: "Accept the losses of this code; may be repeated.")
  var allow: [String] = []

  @Flag(
    name: .long,
    help: ArgumentHelp(
      "Replace files of the same names that no export wrote, or that were changed since; for a "
        + "single file, one of another format."))
  var force = false

  @Flag(name: .long, help: "Print what each target carries, and end.")
  var list = false

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    if list {
      let (lines, json) = ExportJob.targets
      return Console.print(out.json ? json.text(indent: true) : lines.joined(separator: "\n"))
    }
    guard let bundle, let target, let output else {
      throw PackError(
        .badOption, "a bundle, a target and an output are needed", at: .option("--target"),
        hint: "call `synapack export BUNDLE --target ID -o OUTPUT`, or `synapack export --list`")
    }
    try Terminal.check(output: output, against: [bundle])
    var report = Report()
    let job = ExportJob(target: target, allowed: allow)
    let files: [ExportJob.File]
    do {
      files = try job.run(bundle, &report)
    } catch {
      out.show(report)
      throw error
    }
    out.show(report)
    try write(files, of: target, losses: report.losses, to: output)
    if out.json {
      Console.print(job.document(files, output: output, report).text(indent: true))
    } else if output != "-", !out.quiet {
      let count = files.reduce(0) { $0 + $1.bytes.count }
      let names = files.count > 1 ? " in \(files.count) files" : ""
      Console.note("\(TerminalText.plain(output)): \(bytes(count))\(names)")
    }
  }

  private func write(
    _ files: [ExportJob.File], of target: String, losses: [Loss], to output: String
  ) throws {
    if files.count == 1 {
      if output == "-" { return Console.write(files[0].bytes, to: Terminal.output) }
      return try ExportFile(output).write(files[0], force: force)
    }
    guard output != "-" else {
      throw PackError(
        .badOption, "the target has \(files.count) files", at: .option("--output"),
        hint: "name a folder")
    }
    try ExportFolder(output, target: target, losses: losses).write(files, force: force)
  }
}
