import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// Conversion and compression under a budget.
struct CompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Make a model or a bundle small: prune, quantize, spend fewer spikes.",
    discussion: """
      A model is converted and compressed in one run. Of a bundle the rates that it sends are \
      compressed, with the options that it was made with where none are given; its accuracy and \
      agreement are those of the bundle.

      With --budget, widths, sparsity, spikes and ticks are searched for the network that keeps the \
      limits and stays closest to its source; everything that was tried is shown. Without it, the \
      options say what is done (default: 4 bits and half of the weights), and the network before \
      compression is shown beside.

      Example:
        synapack compress resnet20.onnx --calibration calibration_x.npy --timesteps 16 \
      --budget "bytes<=96KiB,synops<=3e7" -o small.synapack
      """)

  @OptionGroup var inputs: CalibrationOptions

  @Option(
    name: .long,
    help: "Limits: bytes, cores, synops, timesteps, accuracy-drop (points), as \"bytes<=64KiB,…\".")
  var budget: String?

  @Option(name: .long, help: "Inputs to measure on (default: those of --calibration).")
  var data: String?

  @Option(name: .long, help: "One class for each input of --data.")
  var labels: String?

  @Option(name: .shortAndLong, help: "The bundle to write.")
  var output: String

  @Option(name: .long, help: "A picture (.svg) of everything that was tried.")
  var picture: String?

  @OptionGroup var options: ModelOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup(title: "Distillation") var distillation: DistillationOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let threads = try out.threadCount()
    let read = [
      inputs.model, inputs.calibration, data, labels, recipe.recipe, recipe.chip,
      options.architecture, distillation.distilData, distillation.distilLabels,
      distillation.distilTeacher, distillation.checkpoint,
    ]
    try Terminal.check(output: output, against: read)
    if let picture { try PictureFile.check(picture, against: read, beside: output) }
    guard output != "-" else {
      throw PackError(
        .badOption, "the table goes to standard output", at: .option("--output"),
        hint: "write the bundle to a file")
    }
    let base = try Recipe.ofBundle(inputs.model) ?? Recipe()
    var resolved = distillation.resolved(
      try recipe.resolved(timesteps: inputs.timesteps, over: base))
    let training = try distillation.request(for: resolved)
    if budget == nil, !resolved.compresses, !resolved.losesChannels {
      (resolved.weightBits, resolved.sparsity) = (4, 0.5)
    }
    _ = try resolved.options()
    var request = CompressRequest(model: inputs.model, calibration: inputs.calibration)
    request.calibrationKey = inputs.calibrationKey
    (request.data, request.labels, request.output) = (data, labels, output)
    request.budget = try budget.map { (text) throws(PackError) in try Budget(text) }
    let progress = Progress(quiet: out.quiet)
    defer { progress.finish() }
    var report = Report()
    let job = Job(
      recipe: resolved, threads: threads, instruments: out.instruments(progress),
      importOptions: options.resolved, distillation: training)
    let result = try job.compress(request, &report)
    progress.finish()
    out.show(report)
    if result.outcome.keepsBudget { try AtomicFile.write(result.converted.bytes, to: output) }
    if let picture {
      try AtomicFile.write(Array(CompressPicture.svg(result).utf8), to: picture)
    }
    if out.json {
      Console.print(json(result, report).text(indent: true))
    } else if !out.quiet {
      summarize(result)
    }
    guard result.outcome.keepsBudget else { throw ExitCode(1) }
  }

  private func json(_ result: Job.Compressed, _ report: Report) -> JSON {
    .object([
      "schema": "synapack.compress/1",
      "output": result.outcome.keepsBudget ? .string(output) : .null,
      "bytes": .integer(result.converted.bytes.count),
      "contentID": .string(result.converted.contentID),
      "samples": .integer(result.samples), "keepsBudget": .bool(result.outcome.keepsBudget),
      "winner": .integer(result.outcome.winner),
      "pareto": .array(result.outcome.pareto.map(JSON.integer)),
      "candidates": .array(result.outcome.candidates.map(\.json)),
      "limits": .array(
        result.limits.map { limit, measured in
          .object([
            "measure": .string(limit.measure.rawValue), "limit": .number(limit.most),
            "measured": .number(measured),
          ])
        }),
      "losses": .array(report.losses.map(\.json)),
    ])
  }

  private func summarize(_ result: Job.Compressed) {
    let outcome = result.outcome
    var table = Table([
      "", "T", "bits", "sparsity", "channels", "spike price", "trained", "bytes", "operations",
      "cores", "accuracy",
      "agreement", "distance",
    ])
    let pareto = Set(outcome.pareto)
    for (index, row) in outcome.candidates.enumerated() {
      table.add([
        index == outcome.winner ? "→" : pareto.contains(index) ? "·" : "",
        String(row.recipe.timesteps), row.bits,
        percent(row.sparsity), percent(1 - row.channelSparsity), decimals(row.recipe.spikePrice, 1),
        row.recipe.distilSteps > 0 ? "yes" : "no", grouped(row.bytes),
        grouped(Int(row.operations)), row.cores.map(String.init) ?? "—", percent(row.accuracy),
        percent(row.agreement), decimals(row.distance, 4),
      ])
    }
    Console.print(table.text)
    Console.print(
      "→ \(outcome.keepsBudget ? "the bundle" : "the closest to the budget"); · no other row is "
        + "better in every measure; agreement and distance are to "
        + "\(result.isOfBundle ? "the bundle of the first row" : "the source network"); measured on "
        + "\(grouped(result.samples)) inputs")
    for (limit, measured) in result.limits where measured > limit.most {
      Console.print(
        "\(limit.measure.rawValue) needs \(decimals(measured, 1)) where the budget has "
          + "\(decimals(limit.most, 1)): nothing is written")
    }
    guard outcome.keepsBudget else { return }
    Console.print(
      "\(TerminalText.plain(output)): \(bytes(result.converted.bytes.count))\n"
        + "content \(result.converted.contentID)")
  }
}
