import SynapackReport
import SynapackSupport

/// What the parser of arguments refuses, as an error like every other: with a code, a place and an
/// action.
struct ParserRefusal {
  let error: PackError
  /// The parser's lines on how the command is used.
  let usage: [String]

  /// - Parameters:
  ///   - message: what the parser says of the arguments.
  ///   - full: the same with what it adds for people: a line of help on the option, and the usage.
  ///   - command: the first argument.
  init(message: String, full: String, command: String?) {
    let lines = full.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    usage = Array(lines.drop { !$0.hasPrefix("Usage:") })
    let (text, option) = ParserRefusal.refused(message)
    let help = lines.first { $0.hasPrefix("Help:") }.flatMap(ParserRefusal.meaning)
    let page = command.map { "`synapack \($0) --help`" } ?? "`synapack help`"
    error = PackError(
      .badOption, text, at: option.map { .option($0) },
      hint: help.map { "give what it takes: \($0)" } ?? "see \(page)")
  }

  /// The message, with the value and its option in the words of other errors where it names them, and
  /// the option.
  private static func refused(_ message: String) -> (text: String, option: String?) {
    let (before, between) = ("The value '", "' is invalid for '")
    guard message.hasPrefix(before), let middle = message.ranges(of: between).last,
      let option = option(in: message[middle.upperBound...])
    else { return (message, option(in: message[...])) }
    let value = message[..<middle.lowerBound].dropFirst(before.count)
    let reason = message[middle.upperBound...].firstRange(of: "': ")
      .map { ": " + message[$0.upperBound...] }
    return ("`\(value)` is no value of \(option)" + (reason ?? ""), option)
  }

  private static func option(in text: Substring) -> String? {
    text.split(whereSeparator: { " '`<=,.:;".contains($0) })
      .first { $0.hasPrefix("--") && $0.count > 2 }.map(String.init)
  }

  /// The words behind the option in `Help:  --option <value>  Words.`
  private static func meaning(_ line: String) -> String? {
    let parts = line.dropFirst("Help:".count).split(separator: "  ").filter { !$0.isEmpty }
    guard parts.count > 1, let last = parts.last else { return nil }
    let words = last.drop { $0 == " " }
    return String(words.hasSuffix(".") ? words.dropLast() : words)
  }
}
