import ArgumentParser
import Synapack
import SynapackSupport
import SynapackTensor

/// Runs the conventional network itself.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a model in float32 and writes its outputs, to hold them against others.")

  @Argument(help: "A model.")
  var model: String

  @Option(
    name: .long,
    help: "[NAME=]FILE.npy, once for each input of the model: samples first, then channels.")
  var input: [String] = []

  @Option(
    name: .long,
    help: "From the file's numbers to the model's, e.g. \"scale=1/255,layout=nhwc\".")
  var preprocess = ""

  @Option(
    name: .shortAndLong,
    help: "OUT.npy for a model of one output, OUT.npz for all by name; channels first.")
  var output: String

  @OptionGroup var options: ModelOptions
  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    try Terminal.checkIsFile(output)
    var report = Report()
    let job = Job(
      recipe: Recipe(), threads: try out.threadCount(), instruments: .still,
      importOptions: options.resolved)
    let inputs = input.map { text -> (name: String, path: String) in
      // A name may hold an equals sign; a path seldom does.
      guard let split = text.lastIndex(of: "=") else { return ("", text) }
      return (String(text[..<split]), String(text[text.index(after: split)...]))
    }
    try Terminal.check(
      output: output, against: [model, options.architecture] + inputs.map(\.path))
    let request = RunRequest(model: model, inputs: inputs, preprocess: preprocess)
    let outputs = try job.run(request, &report)
    out.show(report)
    try AtomicFile.write(ArrayOutput.bytes(outputs, path: output), to: output)
    guard out.json else { return }
    Console.print(
      JSON.object([
        "schema": "synapack.run/1", "output": .string(output),
        "outputs": .array(
          outputs.map { output in
            .object([
              "name": .string(output.name),
              "shape": .array(output.tensor.shape.dimensions.map(JSON.integer)),
            ])
          }),
      ]).text(indent: true))
  }
}
