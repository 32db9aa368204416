public import SynapackProgram

/// The neuron as it is named on the command line, and the payloads that it may send.
///
/// `if` 0...1, `signed` −1...1, `burst:N` 0...N, `multi:N` 0...2ᴺ−1, `graded:BITS` 0...2ᴮ−1.
public struct Neuron: Sendable, Hashable, CustomStringConvertible {
  public let description: String
  public let payloads: ClosedRange<Int>
  /// What a payload is sent as, and so its price.
  public let coding: PayloadCoding

  public init?(_ text: String) {
    description = text
    switch text {
    case "if": (payloads, coding) = (0...1, .whole)
    case "signed": (payloads, coding) = (-1...1, .whole)
    default:
      guard let (name, number) = NumberedName.parts(of: text), let number,
        Neuron.numbers[name]?.contains(number) == true
      else { return nil }
      switch name {
      case "burst": (payloads, coding) = (0...number, .units)
      case "multi": (payloads, coding) = (0...((1 << number) - 1), .powers)
      case "graded": (payloads, coding) = (0...((1 << number) - 1), .whole)
      default: return nil
      }
    }
  }

  /// The numbers that stand behind a name and a colon.
  static let numbers: [String: ClosedRange<Int>] = [
    "burst": 1...255, "multi": 1...14, "graded": 1...14,
  ]
}
