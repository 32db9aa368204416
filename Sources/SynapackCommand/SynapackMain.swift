import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The command line; the only target that prints or exits.
struct SynapackTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synapack",
    abstract:
      "Converts trained networks to spiking programs and packs them for neuromorphic chips.",
    discussion: """
      Start with:
        synapack inspect model.onnx
        synapack convert model.onnx --calibration x.npy -o model.synapack
        synapack evaluate model.synapack --data test_x.npy --labels test_y.npy
        synapack validate model.synapack

      Exit status: 0 done, 1 findings, 2 usage, 3 bad input, 4 file system or resources, \
      5 trust, 70 a defect of ours, 130 an interrupt. What fails a bundle outweighs a report that cannot be written. \
      With --json a refusal is a document too, synapack.error/1.
      """,
    version: Version.number,
    subcommands: [
      ConvertCommand.self, CompressCommand.self, EvaluateCommand.self, InspectCommand.self,
      RunCommand.self, ValidateCommand.self, CompareCommand.self,
      ReplayCommand.self, DiffCommand.self, SignCommand.self, VerifyCommand.self,
      KeygenCommand.self, BOMCommand.self, ReportCommand.self, PlaceCommand.self,
      ExportCommand.self, ChipsCommand.self, FormatsCommand.self, MethodsCommand.self,
      ExplainCommand.self,
    ])
}

@main
enum Entry {
  static func main() async {
    // Past a limit of file size a write fails with its own error instead of ending the process.
    signal(SIGXFSZ, SIG_IGN)
    // So does one to a reader that has gone: no verdict is lost to a pipe that closes.
    signal(SIGPIPE, SIG_IGN)
    StandardStreams.hold()
    do {
      try checkNames(CommandLine.arguments.dropFirst())
      try RepeatedOptions.check(Array(CommandLine.arguments.dropFirst()))
      var command = try SynapackTool.parseAsRoot(
        NegativeNumbers.attached(Array(CommandLine.arguments.dropFirst())))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as PackError {
      Console.printError(error)
      Console.printDocument(of: error)
      exit(ErrorCatalog.kind(of: error.code).rawValue)
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch {
      // Help and version come this way too, with status 0 and on standard output.
      let status = SynapackTool.exitCode(for: error)
      let text = SynapackTool.fullMessage(for: error)
      if status == .success {
        Console.print(text)
        exit(0)
      }
      let commands = SynapackTool.configuration.subcommands.compactMap {
        $0.configuration.commandName
      }
      let refusal = ParserRefusal(
        message: SynapackTool.message(for: error), full: text,
        command: CommandLine.arguments.dropFirst().first { commands.contains($0) })
      Console.printError(refusal.error)
      Console.note(refusal.usage.map { shown(Substring($0)) }.joined(separator: "\n"))
      Console.printDocument(of: refusal.error)
      exit(ErrorKind.usage.rawValue)
    }
  }

  /// A line of how a command is used, which may quote what was typed: a runner takes a line that starts
  /// with colons for a command, whatever spaces stand before them.
  private static func shown(_ line: Substring) -> String {
    let plain = TerminalText.plain(String(line))
    return plain.drop { $0 == " " }.hasPrefix("::") ? "| " + plain : plain
  }

  /// Refuses the name of a file that would be taken for options, of which `-h` is soon found.
  private static func checkNames(_ arguments: ArraySlice<String>) throws(PackError) {
    for argument in arguments.prefix(while: { $0 != "--" })
    where argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.count > 2 {
      guard AtomicFile.isSame(argument, as: argument) else { continue }
      throw PackError(
        .badOption, "`\(argument)` is a file, but reads as options", at: .option(argument),
        hint: "write ./\(argument)")
    }
  }
}
