/// Negative numbers as values of options.
///
/// `--timesteps -1` reads as two options to a parser that knows no numbers, which then misses a value;
/// `--timesteps=-1` is refused as the number that it is.
enum NegativeNumbers {
  /// The arguments with every negative number behind a long option attached to it.
  static func attached(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var isOption = true
    for argument in arguments {
      if argument == "--" { isOption = false }
      guard isOption, isNegative(argument), let last = result.last, last.hasPrefix("--"),
        !last.contains("=")
      else {
        result.append(argument)
        continue
      }
      result[result.count - 1] = last + "=" + argument
    }
    return result
  }

  private static func isNegative(_ argument: String) -> Bool {
    guard argument.hasPrefix("-") else { return false }
    let rest = argument.dropFirst()
    return rest.first?.isNumber == true || (rest.hasPrefix(".") && rest.count > 1)
  }
}
