import ArgumentParser
import Synapack
import SynapackReport
import SynapackSupport

/// The proof that a bundle carries, run again, or a recording held against the bundle.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run the conformance vectors that a bundle carries, bit for bit.",
    discussion: """
      With --against FILE the bundle is compared with spikes recorded elsewhere: a .npz archive or a \
      recording of NIR (nir.write_data). Each array has the name of a layer and holds payloads, \
      [samples, ticks, neurons], or their sums over the window, [samples, neurons]; the neurons may have \
      the axes of their layer, such as [channels, rows, columns], and the ticks of a sample may follow one \
      another in one row, [samples, ticks * neurons]. Any other order is refused. An array `input` \
      holds the input payloads; without it the bundle's own conformance inputs are meant, in order.

      Names are those of `inspect`, letter by letter, whatever they hold:

        numpy.savez("recorded.npz", **{"/2/Relu": spikes, "input": payloads})

      HDF5 takes a slash in a name for a folder, so nodes of a NIR recording may have the name of their \
      layer percent-encoded, as Python's urllib.parse.quote(name, safe="") writes it: %2F2%2FRelu.

      An array of a .npz that no layer is called is refused; nodes of a NIR recording that are no \
      layers are listed as `leftOut`, and layers that nobody recorded as `unrecorded`.
      """)

  @Argument(help: "The bundle.")
  var bundle: String

  @Option(name: .long, help: "A recording (.npz, or HDF5 of nir.write_data).")
  var against: String?

  @OptionGroup var out: OutputOptions

  mutating func run() throws {
    let threads = try out.threadCount()
    guard let against else { return try replay(threads) }
    let result = try RecordingReplay.run(bundle, against: against, threads: threads)
    try show(
      result.findings,
      [
        "schema": "synapack.replay/1", "samples": .integer(result.samples),
        "layers": .array(result.layers.map(JSON.string)), "compared": .integer(result.compared),
        "differing": .integer(result.differing),
        "unrecorded": .array(result.unrecorded.map(JSON.string)),
        "leftOut": .array(result.strangers.map(JSON.string)),
      ], words(result))
  }

  /// What was compared, and what was not.
  private func words(_ result: RecordingReplay.Result) -> String {
    func list(_ names: [String]) -> String {
      let shown = names.prefix(8).map { "`\(TerminalText.plain($0))`" }.joined(separator: ", ")
      return shown + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
    let all = result.layers.count + result.unrecorded.count
    var text = "\(result.samples) samples, \(result.layers.count) of \(all) layers, "
    text += "\(grouped(result.compared)) numbers compared"
    if !result.unrecorded.isEmpty { text += "; not recorded: \(list(result.unrecorded))" }
    if !result.strangers.isEmpty { text += "; no layers of the bundle: \(list(result.strangers))" }
    return text
  }

  private func replay(_ threads: Int) throws {
    let result = try Job.replay(bundle, threads: threads)
    try show(
      result.findings,
      [
        "schema": "synapack.replay/1", "vectors": .integer(result.vectors),
        "ticks": .integer(result.ticks),
      ], "\(result.vectors) vectors, \(grouped(result.ticks)) layer ticks compared")
  }

  private func show(
    _ findings: [Finding], _ members: [String: JSON], _ summary: String
  ) throws {
    if out.json {
      var members = members
      members["status"] = .string(findings.isEmpty ? "identical" : "different")
      members["findings"] = .array(findings.map(\.json))
      Console.print(JSON.object(members).text(indent: true))
    } else {
      for finding in findings {
        let place = finding.place.map { " (\($0))" } ?? ""
        Console.print("\(finding.code): \(TerminalText.plain(finding.message + place))")
      }
      let verdict = findings.isEmpty ? "identical" : "different"
      if !out.quiet { Console.print("\(verdict): \(summary)") }
    }
    if !findings.isEmpty { throw ExitCode(ErrorKind.finding.rawValue) }
  }
}
