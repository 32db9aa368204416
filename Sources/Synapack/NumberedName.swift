internal import SynapackSupport

/// Choices of the form `name:N`, such as `multi:4` and `staggered:2`.
enum NumberedName {
  /// The name and the number behind the colon, `nil` for none that is whole; `nil` without a colon.
  static func parts(of text: String) -> (name: String, number: Int?)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return nil }
    return (parts[0], Int(parts[1]))
  }

  /// Why a choice is refused: the number of a name that exists, or the name.
  ///
  /// - Parameters:
  ///   - numbers: the numbers that each name takes.
  ///   - known: all choices, in words.
  static func refusal(
    of text: String, option: String, _ numbers: [String: ClosedRange<Int>], known: String
  ) -> PackError {
    let parts = parts(of: text)
    let name = parts?.name ?? text
    guard let range = numbers[name] else { return Recipe.unknown(option, text, known) }
    let message =
      switch parts {
      case nil: "\(name) lacks its number"
      case (_, nil)?: "`\(text)` has no whole number"
      case (_, let number?)?: "\(number) is out of range"
      }
    return PackError(
      .badOption,
      "\(message); \(name):N takes N from \(range.lowerBound) to \(range.upperBound)",
      at: .option("--" + option),
      hint: "use one from \(name):\(range.lowerBound) to \(name):\(range.upperBound)")
  }
}
