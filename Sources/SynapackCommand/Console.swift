import Synchronization
import SynapackReport
import SynapackSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the command speaks: results on standard output, everything else on standard error.
enum Console {
  static let output = STDOUT_FILENO

  static func print(_ text: String) {
    write(text + "\n", to: STDOUT_FILENO)
  }

  static func note(_ text: String) {
    write(text + "\n", to: STDERR_FILENO)
  }

  static func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
  }

  /// Writes all bytes. Where they cannot be written the command ends with the status of the
  /// environment, without a word where the reader has gone.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    // Messages that nobody can read do not stop the work.
    guard let failure = failure(ofWriting: bytes, to: descriptor), descriptor != STDERR_FILENO
    else { return }
    if failure != EPIPE { printError(unwritable(failure)) }
    exit(ErrorKind.environment.rawValue)
  }

  /// Writes all bytes.
  ///
  /// - Throws: `SYN0004` where the stream takes no more.
  static func send(_ bytes: [UInt8], to descriptor: Int32) throws(PackError) {
    if let failure = failure(ofWriting: bytes, to: descriptor) { throw unwritable(failure) }
  }

  /// What the system says where it does not take all bytes.
  private static func failure(ofWriting bytes: [UInt8], to descriptor: Int32) -> Int32? {
    if descriptor == output, !bytes.isEmpty { isUsed.store(true, ordering: .relaxed) }
    var sent = 0
    return unsafe bytes.withUnsafeBytes { buffer -> Int32? in
      while sent < buffer.count, let base = buffer.baseAddress {
        let count = unsafe Glibc.write(descriptor, base + sent, buffer.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return errno }
        sent += count
      }
      return nil
    }
  }

  private static func unwritable(_ failure: Int32) -> PackError {
    let reason = unsafe String(cString: strerror(failure))
    return PackError(
      .unwritableFile, "cannot write to standard output: \(reason)",
      hint: "check where it leads to")
  }

  /// Whether something was written to standard output.
  private static let isUsed = Atomic(false)

  /// An error as people read it: what, where, and what to do.
  static func printError(_ error: PackError) {
    // A message may have lines of its own. They are marked, because one may come from a file, and
    // a CI system would obey a line that begins as its commands do.
    let message = error.message.split(separator: "\n").map { TerminalText.plain(String($0)) }
    let label = "error[\(error.code)]"
    let shown = colorsErrors ? "\u{1B}[1;31m\(label)\u{1B}[0m" : label
    var lines = ["\(shown): " + message.joined(separator: "\n   | ")]
    if !error.trail.isEmpty {
      lines.append(
        "  --> " + error.trail.map { TerminalText.plain($0.description) }.joined(separator: ", in ")
      )
    }
    lines.append("   = help: \(TerminalText.plain(error.hint))")
    lines.append("   = for more: synapack explain \(error.code)")
    note(lines.joined(separator: "\n"))
  }

  /// The document `synapack.error/1` on standard output, for programs that asked for one and got
  /// none yet: with `--json` a refusal is one document too.
  static func printDocument(of error: PackError) {
    guard wantsDocument, !isUsed.load(ordering: .relaxed) else { return }
    let explanation = ErrorCatalog.explanation(of: error.code)
    let document: JSON = [
      "schema": "synapack.error/1", "status": "refused", "code": .string(error.code.rawValue),
      "title": .string(explanation?.title ?? ""), "message": .string(error.message),
      "where": .array(error.trail.map { .string($0.description) }), "action": .string(error.hint),
      "exitStatus": .integer(Int(ErrorCatalog.kind(of: error.code).rawValue)),
    ]
    write(document.text(indent: true) + "\n", to: output)
  }

  /// Whether standard output is to hold one document; asked without the parser, as parsing can fail.
  private static var wantsDocument: Bool {
    let arguments = Array(CommandLine.arguments.dropFirst().prefix { $0 != "--" })
    if arguments.contains("--json") || arguments.contains("--format=json") { return true }
    // Of other commands that is the name of a file's format.
    guard arguments.first == "validate" else { return false }
    return zip(arguments, arguments.dropFirst()).contains { $0 == ("--format", "json") }
  }

  /// Whether errors may be coloured; asked before any option is parsed, as parsing can fail.
  private static var colorsErrors: Bool {
    isatty(STDERR_FILENO) == 1 && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
      && !CommandLine.arguments.contains("--no-color")
  }

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}

/// Progress of long work on standard error: on a terminal one line that changes, elsewhere a line
/// every ten seconds.
final class Progress: Sendable {
  private let state: Mutex<(started: Double, shown: Double)>
  private let isTerminal: Bool
  private let isQuiet: Bool

  init(quiet: Bool) {
    isQuiet = quiet
    isTerminal = isatty(STDERR_FILENO) == 1
    let now = Clockwork.now()
    state = Mutex((now, now))
  }

  func report(_ stage: String, _ done: Int, _ total: Int) {
    guard !isQuiet else { return }
    let interval = isTerminal ? 0.1 : 10
    let shows = state.withLock { state -> Bool in
      let now = Clockwork.now()
      guard now - state.shown >= interval else { return false }
      state.shown = now
      return true
    }
    guard shows else { return }
    let text = total > 1 ? "\(stage): \(done) of \(total)" : stage
    Console.write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n", to: STDERR_FILENO)
  }

  /// Clears the line.
  func finish() {
    if isTerminal, !isQuiet { Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
  }
}

/// The machine's clock and memory, which the library is only ever given.
enum Clockwork {
  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func peakBytes() -> Int {
    var usage = rusage()
    #if os(Linux)
      unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      unsafe getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
