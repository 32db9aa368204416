import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// An existing bundle on another chip.
struct PlaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place",
    abstract: "Place the program of a bundle on a chip, or say what it lacks and what would fit.")

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(
    name: .long,
    help: "Target chip: a name of `synapack chips` or a YAML file; NAME:2x1 for several.")
  var chip: String

  @Option(
    name: .shortAndLong,
    help: "The bundle to write, with its placement; without it none is written."
  )
  var output: String?

  @Option(
    name: .long,
    help: "SYN0509 goes without checks whose numbers nobody published; may be repeated.")
  var allow: [String] = []

  @Option(
    name: .long,
    help: "Seconds after which the best placement so far is taken; an interrupt does the same.")
  var maxSeconds: Double?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    if let output {
      try Terminal.checkIsFile(output)
      try Terminal.check(output: output, against: [bundle, chip])
    }
    var report = Report()
    let progress = Progress(quiet: out.quiet)
    // From the start: what is found by then is written whenever the interrupt comes.
    Interrupt.watch()
    let search = PlacementSearch(maxSeconds: maxSeconds, isInterrupted: { Interrupt.came })
    try search.check()
    let job = PlaceJob(
      chip: chip, allowed: allow, search: search, threads: try out.threadCount(),
      instruments: out.instruments(progress))
    defer { progress.finish() }
    let outcome = try job.run(bundle, packs: output != nil, &report)
    out.show(report)
    switch outcome {
    case .placed(let bytes, let lines, let document):
      if let output { try AtomicFile.write(bytes, to: output) }
      if out.json {
        Console.print(document.text(indent: true))
      } else if !out.quiet {
        for line in lines { Console.print(TerminalText.plain(line)) }
      }
    case .refused(let error, let lines, let document):
      if out.json {
        Console.print(document.text(indent: true))
      } else if !out.quiet {
        for line in lines { Console.print(TerminalText.plain(line)) }
      }
      throw error
    }
  }
}
