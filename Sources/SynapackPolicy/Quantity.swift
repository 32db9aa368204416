/// A number as policies write it: `64KiB`, `2e7`, `97.5%`.
enum Quantity {
  case plain(Double)
  case share(Double)

  /// `nil` where the text is no finite number, or has a unit that is none of these.
  init?(_ text: String) {
    let units: [(String, Double)] = [
      ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("kB", 1_000),
      ("MB", 1_000_000), ("GB", 1_000_000_000),
    ]
    if text.hasSuffix("%") {
      let digits = text.dropLast()
      guard let number = Quantity.number(digits) else { return nil }
      // Divided, 0.7% would be a little more than 0.007.
      self = .share(Quantity.number(Quantity.trimmed(digits) + "e-2") ?? number / 100)
      return
    }
    for (unit, factor) in units where text.hasSuffix(unit) {
      guard let number = Quantity.number(text.dropLast(unit.count)) else { return nil }
      self = .plain(number * factor)
      return
    }
    guard let number = Quantity.number(text[...]) else { return nil }
    self = .plain(number)
  }

  private static func number(_ text: Substring) -> Double? {
    let digits = trimmed(text)
    // Not what Double would read besides: hexadecimal digits, infinities and what is no number.
    let isDecimal = digits.allSatisfy { "0123456789.+-eE".contains($0) }
    guard isDecimal, let number = Double(digits), number.isFinite else { return nil }
    return number
  }

  private static func trimmed(_ text: Substring) -> Substring {
    text.lastIndex { $0 != " " }.map { text[...$0] } ?? ""
  }
}
