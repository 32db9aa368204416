import ArgumentParser
import Synapack
import SynapackConvert
import SynapackReport
import SynapackSupport

/// The main job.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a trained model to a spiking program and pack it into one file.",
    discussion: """
      Example:
        synapack convert resnet20.onnx --calibration calibration_x.npy --timesteps 16 \
      --preprocess "scale=1/255,layout=nhwc" -o resnet20.synapack
      """)

  @OptionGroup var inputs: CalibrationOptions

  @Option(name: .shortAndLong, help: "The bundle to write; - is standard output.")
  var output: String

  @OptionGroup var options: ModelOptions
  @OptionGroup var recipe: RecipeOptions
  @Option(
    name: .long,
    help: "Seconds after which the best placement so far is taken; an interrupt does the same.")
  var maxSeconds: Double?

  @OptionGroup(title: "Distillation") var distillation: DistillationOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let threads = try out.threadCount()
    try Terminal.check(
      output: output,
      against: [
        inputs.model, inputs.calibration, recipe.recipe, recipe.chip, options.architecture,
        distillation.distilData, distillation.distilLabels, distillation.distilTeacher,
        distillation.checkpoint,
      ])
    guard output != "-" || !out.json else {
      throw PackError(
        .badOption, "the bundle and the document cannot both go to standard output",
        at: .option("--json"), hint: "write the bundle to a file, or leave out --json")
    }
    guard output != "-" || !Terminal.isOutput else {
      throw PackError(
        .badOption, "a bundle is not written to a terminal", at: .option("--output"),
        hint: "redirect standard output to a file")
    }
    let resolved = distillation.resolved(try recipe.resolved(timesteps: inputs.timesteps))
    let training = try distillation.request(for: resolved)
    _ = try resolved.options()
    let search = PlacementSearch(
      maxSeconds: maxSeconds, isInterrupted: { Interrupt.isWatched && Interrupt.came })
    try search.check()
    guard maxSeconds == nil || resolved.chip != nil else {
      throw PackError(
        .badOption, "there is no placement that this could be for", at: .option("--max-seconds"),
        hint: "add --chip")
    }
    let progress = Progress(quiet: out.quiet)
    var report = Report()
    let job = Job(
      recipe: resolved, threads: threads, instruments: out.instruments(progress),
      importOptions: options.resolved, distillation: training, search: search)
    defer { progress.finish() }
    let result = try job.convert(
      model: inputs.model, calibration: inputs.calibration,
      calibrationKey: inputs.calibrationKey,
      output: output == "-" ? nil : output, &report)
    try write(result.bytes)
    progress.finish()
    out.show(report)
    if out.json {
      Console.print(json(result, report).text(indent: true))
    } else if !out.quiet {
      summarize(result, report)
    }
  }

  private func write(_ bytes: [UInt8]) throws(PackError) {
    guard output == "-" else { return try AtomicFile.write(bytes, to: output) }
    Console.write(bytes, to: Terminal.output)
  }

  private func json(_ result: Job.Converted, _ report: Report) -> JSON {
    .object([
      "schema": "synapack.convert/1", "output": .string(output),
      "bytes": .integer(result.bytes.count), "contentID": .string(result.contentID),
      "weightBytes": .integer(result.weightBytes),
      "weightEntropyBytes": .integer(result.weightEntropyBytes),
      "stages": .array(
        report.stages.map {
          .object([
            "name": .string($0.name), "seconds": .number($0.seconds),
            "peakBytes": .integer($0.peakBytes),
          ])
        }),
      "layers": .array(result.layers),
      "findings": .array(report.findings.map(\.json)),
      "losses": .array(report.losses.map(\.json)),
    ])
  }

  private func summarize(_ result: Job.Converted, _ report: Report) {
    let channel = output == "-" ? Terminal.error : Terminal.output
    var table = Table(["layer", "output", "threshold", "clipping", "steps", "unevenness", "rate"])
    for layer in result.errors {
      table.add([
        TerminalText.plain(layer.name), result.shapes[layer.name] ?? "",
        decimals(layer.threshold, 4),
        percent(layer.clipping), percent(layer.quantization), percent(layer.unevenness),
        decimals(layer.spikeRate, 3),
      ])
    }
    let clock =
      result.windowTicks == result.timesteps
      ? result.schedule : "gated in a \(result.schedule) of \(result.timesteps) ticks"
    Console.write(table.text + "\n\n", to: channel)
    Console.write(
      "\(TerminalText.plain(output)): \(bytes(result.bytes.count)), T=\(result.windowTicks), "
        + "\(clock)\nweights: \(bytes(result.weightBytes)), entropy "
        + "\(bytes(result.weightEntropyBytes))\ncontent \(result.contentID)\n", to: channel)
    // What a chip decided in place of the caller stands with the result, and not only among notes.
    for finding in report.findings where finding.code == .chipDefaults {
      Console.write(finding.message + "\n", to: channel)
    }
  }
}
