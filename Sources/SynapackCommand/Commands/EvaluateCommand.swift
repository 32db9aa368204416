import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// Accuracy, agreement and cost on data.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a bundle or a model on data: accuracy, spikes, operations, speed.",
    discussion: """
      A bundle runs as it is stored; with --timesteps its windows are made longer or shorter, but \
      its thresholds stay those of the T it was made for. A model with --calibration is converted \
      for each T. Accuracy is always that of the integer program. With --json, `windowTicks` is the T \
      of `convert` and `timesteps` all ticks of the program's clock: the same but for gated programs, \
      whose windows clock neurons open one after the other.
      """)

  @Argument(help: "A bundle (.synapack) or a model; see `synapack formats`.")
  var file: String

  @Option(name: .long, help: "Inputs, uint8 or float, shape [N, ...] (.npy, .npz).")
  var data: String

  @Option(name: .long, help: "One T or a list such as 1,2,4,8.")
  var timesteps: String?

  @OptionGroup var measuring: MeasuringOptions

  @Flag(
    name: .long,
    help: "Say which layer loses accuracy, why, and what changing it alone would bring back.")
  var explain = false

  @Flag(
    name: .long,
    help: "Estimate the energy of an inference under published costs, beside a dense network's.")
  var energy = false

  @OptionGroup var options: ModelOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let threads = try out.threadCount()
    let progress = Progress(quiet: out.quiet)
    var report = Report()
    let start = Clockwork.now()
    var request = measuring.request(file: file, data: data, timesteps: try ticks())
    request.explain = explain
    request.conversionOptions = recipe.given.map { "--" + $0 }
    request.readingOptions = options.given
    let job = Job(
      recipe: try recipe.resolved(timesteps: nil), threads: threads,
      instruments: out.instruments(progress),
      importOptions: options.resolved)
    defer { progress.finish() }
    let result = try job.evaluate(request, preprocess: recipe.preprocess, &report)
    progress.finish()
    out.show(report)
    if out.json {
      let seconds = Clockwork.now() - start
      Console.print(result.json(threads: threads, seconds: seconds).text(indent: true))
    } else {
      summarize(result)
    }
    // What was measured is told first; the explanation that was asked for is still missing.
    if let refusal = result.notExplained { throw refusal }
  }

  private func ticks() throws(PackError) -> [Int]? {
    guard let timesteps else { return nil }
    var list: [Int] = []
    for part in timesteps.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), (1...4_096).contains(number) else {
        throw PackError(
          .badOption, "`\(part)` is no number of ticks", at: .option("--timesteps"),
          hint: "use whole numbers from 1 to 4096, such as 1,2,4,8")
      }
      guard !list.contains(number) else {
        throw PackError(
          .badOption, "\(number) is given twice", at: .option("--timesteps"),
          hint: "name every T once")
      }
      list.append(number)
    }
    return list
  }

  private func summarize(_ result: EvaluationResult) {
    if let analog = result.analog {
      Console.print(
        "ANN: \(percent(analog.accuracy)) on \(grouped(result.samples)) inputs, "
          + "\(decimals(analog.imagesPerSecond, 0)) a second")
    }
    guard !result.spiking.isEmpty else { return }
    Console.print(EvaluationText.text(result.spiking))
    // Of several T the last is looked into.
    let isOne = result.spiking.count == 1
    if energy, let row = result.spiking.last {
      Console.print(
        "\n" + (isOne ? "" : "Energy at T=\(row.windowTicks):\n") + EnergyText.text(row))
    }
    if let drop = result.drop {
      let heading = isOne ? "" : "The last T alone is explained: T=\(drop.timesteps)\n"
      Console.print("\n" + heading + DropText.text(drop))
    }
  }
}
