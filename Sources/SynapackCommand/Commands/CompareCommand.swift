import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// One source, all targets.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Say of every export target what it carries exactly, after what, or why not.",
    discussion: """
      A bundle is exported as it is. A model is converted for each target with what the target needs and \
      then with what its refusals advise, which stands in brackets; options that are given stay. With \
      --data and --labels each row has its accuracy.
      """)

  @Argument(help: "A bundle or a model.")
  var file: String

  @Option(name: .long, help: "Target ids separated by commas, or all.")
  var targets = "all"

  @Option(name: .long, help: "For a model: unlabelled inputs, .npy or .npz.")
  var calibration: String?

  @Option(name: .long, help: "The array of an .npz archive.")
  var calibrationKey: String?

  @Option(name: .long, help: "For a model: ticks.")
  var timesteps: Int?

  @Option(name: .long, help: "Inputs to measure on, .npy or .npz.")
  var data: String?

  @Option(name: .long, help: "Their labels.")
  var labels: String?

  @Option(name: .long, help: "The first samples alone.")
  var limit: Int?

  @Option(name: .long, help: "An SVG picture of the table to write.")
  var picture: String?

  @OptionGroup var options: ModelOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    if let picture {
      try PictureFile.check(
        picture,
        against: [
          file, calibration, data, labels, recipe.recipe, recipe.chip, options.architecture,
        ])
    }
    let progress = Progress(quiet: out.quiet)
    defer { progress.finish() }
    var report = Report()
    let job = Job(
      recipe: try recipe.resolved(timesteps: timesteps), threads: try out.threadCount(),
      instruments: out.instruments(progress), importOptions: options.resolved)
    let ids = targets == "all" ? [] : targets.split(separator: ",").map(String.init)
    var request = TargetComparisonRequest(
      file: file, targets: ids, calibration: calibration, calibrationKey: calibrationKey,
      data: data, labels: labels, limit: limit)
    request.conversionOptions = conversionOptions
    let result = try job.compareTargets(request, &report)
    progress.finish()
    out.show(report)
    if let picture {
      try AtomicFile.write(Array(CompareCommand.chart(result).svg.utf8), to: picture)
    }
    if out.json {
      Console.print(result.json.text(indent: true))
    } else {
      for line in result.lines { Console.print(TerminalText.plain(line)) }
    }
  }

  /// The options that matter to a model alone; what is allowed matters to exports too.
  private var conversionOptions: [String] {
    let own = [
      ("--timesteps", timesteps != nil), ("--calibration", calibration != nil),
      ("--calibration-key", calibrationKey != nil), ("--preprocess", recipe.preprocess != nil),
    ]
    let keys = recipe.given.filter { $0 != "allow" }
    return own.filter(\.1).map(\.0) + keys.map { "--" + $0 } + options.given
  }

  /// A bar is the accuracy, or full where none was measured and the target carries the program.
  private static func chart(_ comparison: TargetComparison) -> BarChart {
    let rows = comparison.rows.map { row -> BarChart.Row in
      guard let refusal = row.refusal else {
        guard row.isExact else {
          return BarChart.Row(name: row.target, share: nil, words: row.verdict)
        }
        let accuracy = row.accuracy.map { ["\(($0 * 1000).rounded() / 10)%"] } ?? []
        let words = (accuracy + row.measures).joined(separator: ", ")
        return BarChart.Row(name: row.target, share: row.accuracy ?? 1, words: words)
      }
      return BarChart.Row(
        name: row.target, share: nil, words: "refused \(refusal.code): \(refusal.message)")
    }
    return BarChart(title: "What each target carries", rows: rows)
  }
}
