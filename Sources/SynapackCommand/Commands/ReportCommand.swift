import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// One page about a bundle.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one offline page about a bundle: verdict, layers, placement, accuracy.",
    discussion: """
      The page is HTML without scripts that needs nothing beside itself; the same files give the \
      same bytes. With --data it says how accurate the bundle is, with --model also where accuracy \
      goes and what would bring it back.

        synapack report model.synapack -o report.html
        synapack report model.synapack --model model.onnx --data test_x.npy --labels test_y.npy \
      -o report.html

      With --json all that the page shows is one document too, synapack.overview/1.
      """)

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .shortAndLong, help: "The page to write; - is standard output.")
  var output: String

  @Option(name: .long, help: "Inputs, uint8 or float, shape [N, ...] (.npy, .npz).")
  var data: String?

  @OptionGroup var measuring: MeasuringOptions

  @Option(name: .long, help: "In place of the preprocessing that the bundle has.")
  var preprocess: String?

  @Option(name: .long, help: "The chip's file, where the bundle's chip is not built in.")
  var chip: String?

  @OptionGroup var options: ModelOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    try check()
    var report = Report()
    let progress = Progress(quiet: out.quiet)
    defer { progress.finish() }
    let job = Job(
      recipe: Recipe(), threads: try out.threadCount(), instruments: out.instruments(progress),
      importOptions: options.resolved)
    let document = try job.overview(request, preprocess: preprocess, &report)
    let page = Array(BundlePage.html(document).utf8)
    progress.finish()
    out.show(report)
    guard output != "-" else { return Console.write(page, to: Console.output) }
    try AtomicFile.write(page, to: output)
    if out.json { Console.print(document.text(indent: true)) }
  }

  private var request: OverviewRequest {
    var request = OverviewRequest(bundle: bundle, chip: chip)
    guard let data else { return request }
    request.evaluation = measuring.request(file: bundle, data: data)
    return request
  }

  /// - Throws: `SYN0701` for options that do not go together.
  private func check() throws(PackError) {
    try Terminal.check(output: output, against: [bundle, data, chip] + measuring.files)
    guard output != "-" || !out.json else {
      throw PackError(
        .badOption, "the page and the document cannot both go to standard output",
        at: .option("--json"), hint: "write the page to a file, or leave out --json")
    }
    guard measuring.calibration == nil || measuring.model != nil else {
      throw PackError(
        .badOption, "there is no model to convert again", at: .option("--calibration"),
        hint: "name the model with --model")
    }
    guard data == nil else { return }
    let needing = measuring.given + (preprocess == nil ? [] : ["--preprocess"])
    if let option = needing.first {
      throw PackError(
        .badOption, "there are no inputs that it could be used with", at: .option(option),
        hint: "add --data")
    }
  }
}
