import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// Options that mean the same for every command.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON document on standard output and nothing else there.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print no messages and no progress.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print more: every finding and every stage.")
  var verbose = false

  @Flag(name: .long, help: "Use no colour.")
  var noColor = false

  @Option(name: .long, help: "Threads; never changes a result. Default: all cores.")
  var threads: Int?

  /// - Throws: `SYN0701` for fewer than one thread.
  func threadCount() throws(PackError) -> Int {
    guard let threads else { return Clockwork.cores }
    guard (1...1024).contains(threads) else {
      throw PackError(
        .badOption, "\(threads) threads; 1 to 1024 are possible", at: .option("--threads"),
        hint: "leave it out to use all cores")
    }
    return threads
  }

  func instruments(_ progress: Progress) -> Instruments {
    Instruments(
      now: { Clockwork.now() }, peakBytes: { Clockwork.peakBytes() },
      progress: { progress.report($0, $1, $2) })
  }

  /// Findings and losses on standard error, each once; notes only where more was asked for.
  func show(_ report: Report) {
    guard !quiet else { return }
    var shown = Set<String>()
    for finding in report.findings where verbose || finding.severity > .note {
      let place = finding.place.map { " (\($0))" } ?? ""
      let text = TerminalText.plain(finding.message + place)
      let line = "\(finding.severity.rawValue)[\(finding.code)]: " + text
      if shown.insert(line).inserted { Console.note(line) }
    }
    for loss in report.losses where verbose || loss.severity > .note {
      let size = loss.measured.map { ", measured \(figure($0))" } ?? ""
      let text = TerminalText.plain("`\(loss.subject)`: \(loss.message)\(size)")
      let line = "loss[\(loss.code)] \(loss.severity.rawValue): " + text
      if shown.insert(line).inserted { Console.note(line) }
    }
    guard verbose else { return }
    for stage in report.stages {
      Console.note(
        "stage \(stage.name): \(decimals(stage.seconds, 3)) s, "
          + "\(stage.peakBytes >> 20) MiB at most")
    }
  }
}
