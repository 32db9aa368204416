import ArgumentParser
import Synapack
import SynapackGraph

/// What a user says about a model that its file does not.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .long, help: "leading: the first axis of an input counts samples; none: no axis does.")
  var batch: Batch = .leading

  @Option(
    name: .long,
    help: "For weights without a graph: a ready description's name or a YAML file.")
  var architecture: String?

  @Option(
    name: .long, help: "For NIR: how units, reset and producer are read, as key=value,….")
  var dialect = ""

  var resolved: ImportOptions {
    ImportOptions(batch: batch.axis, architecture: architecture, dialect: dialect)
  }

  /// The options that were given.
  var given: [String] {
    [
      ("--batch", batch != .leading), ("--architecture", architecture != nil),
      ("--dialect", !dialect.isEmpty),
    ].filter(\.1).map(\.0)
  }

  enum Batch: String, ExpressibleByArgument, CaseIterable {
    case leading, none

    var axis: ImportOptions.BatchAxis {
      switch self {
      case .leading: .leading
      case .none: .none
      }
    }
  }
}
