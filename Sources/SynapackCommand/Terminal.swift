import SynapackSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard streams.
enum Terminal {
  static let output = STDOUT_FILENO
  static let error = STDERR_FILENO

  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// - Throws: `SYN0701` where the output is `-`, which other commands take for a stream.
  static func checkIsFile(
    _ output: String, option: String = "--output", hint: String = "give the name of a file"
  ) throws(PackError) {
    guard output == "-" else { return }
    throw PackError(
      .badOption, "`-` is standard output, which this does not go to", at: .option(option),
      hint: hint + "; ./- is a file of that name")
  }

  /// - Throws: `SYN0701` where the output would replace one of the inputs.
  static func check(
    output: String, against inputs: [String?], option: String = "--output"
  ) throws(PackError) {
    for case let input? in inputs where output != "-" && AtomicFile.isSame(output, as: input) {
      throw PackError(
        .badOption, "the output would replace the input \(input)", at: .option(option),
        hint: "write to another file")
    }
  }
}
