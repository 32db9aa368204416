import ArgumentParser
import Synapack
import SynapackSupport

/// A bill of materials.
struct BOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bom",
    abstract: "Describe a bundle as a machine-learning model in CycloneDX 1.6, on what it measures."
  )

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .shortAndLong, help: "The file to write; - is standard output.")
  var output = "-"

  mutating func run() throws {
    let text = try BillOfMaterials.document(bundle).text(indent: true) + "\n"
    guard output != "-" else { return Console.write(text, to: Console.output) }
    guard !AtomicFile.isSame(output, as: bundle) else {
      throw PackError(
        .badOption, "the output would replace the bundle", at: .option("--output"),
        hint: "write to another file")
    }
    try AtomicFile.write(Array(text.utf8), to: output)
  }
}
