import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// What this build knows: one command for each list.
struct ChipsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chips", abstract: "List the chips, or show the limits of one with their sources.")

  @Argument(help: "A chip: one of the list, or a YAML file.")
  var chip: String?

  @Flag(name: .long, help: "Print the chip file itself, e.g. as the start of one's own.")
  var source = false

  @Option(
    name: .long,
    help: "Say what the demands are for these counts, e.g. c=3,f=16,kx=3,ky=3,axons=9:100.")
  var counts: String?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    guard let chip else { return Catalog.list(try Catalog.chips(), out) }
    if source {
      // A file of others may hold what steers a terminal.
      let lines = try Catalog.chip(chip).split(separator: "\n", omittingEmptySubsequences: false)
      return Console.print(lines.map { TerminalText.plain(String($0)) }.joined(separator: "\n"))
    }
    let (text, json) = try Catalog.limits(of: chip, counts: counts)
    Console.print(
      out.json
        ? json.text(indent: true) : text.map { TerminalText.plain($0) }.joined(separator: "\n"))
  }
}

struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "List the formats that are read and written.")

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    Catalog.list(Catalog.formats, out)
  }
}

struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the balancing methods.")

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    Catalog.list(Catalog.methods, out)
  }
}

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain an error code, or list all of them.")

  @Argument(help: "A code such as SYN0207, or its number.")
  var code: String?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    guard let code else {
      return Catalog.list(
        ErrorCatalog.all.map { ($0.code.rawValue, $0.title) }, out)
    }
    let isNumber = !code.isEmpty && code.allSatisfy { $0.isASCII && $0.isNumber }
    let wanted = ErrorCode(rawValue: isNumber ? "SYN" + code : code.uppercased())
    guard let explanation = ErrorCatalog.explanation(of: wanted) else {
      throw PackError(
        .unknownName, "there is no code `\(code)`", hint: "list the codes with `synapack explain`")
    }
    if out.json {
      return Console.print(
        JSON.object([
          "code": .string(explanation.code.rawValue), "title": .string(explanation.title),
          "exitStatus": .integer(Int(explanation.kind.rawValue)),
          "cause": .string(explanation.cause), "remedy": .string(explanation.remedy),
        ]).text(indent: true))
    }
    Console.print(
      """
      \(explanation.code): \(explanation.title) (exit status \(explanation.kind.rawValue))

      \(explanation.cause)

      \(explanation.remedy)
      """)
  }
}

extension Catalog {
  /// Names and summaries as a table or as JSON.
  static func list(_ entries: [(name: String, summary: String)], _ out: OutputOptions) {
    if out.json {
      let items = entries.map { entry -> JSON in
        .object(["name": .string(entry.name), "summary": .string(entry.summary)])
      }
      return Console.print(JSON.array(items).text(indent: true))
    }
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let space = String(repeating: " ", count: width - entry.name.count)
      Console.print("\(entry.name)\(space)  \(entry.summary)")
    }
  }
}
