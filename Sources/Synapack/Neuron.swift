/// The neuron as it is named on the command line, and the payloads that it may send.
///
/// `if` 0...1, `signed` −1...1, `burst:N` 0...N, `multi:N` 0...2ᴺ−1, `graded:BITS` 0...2ᴮ−1.
public struct Neuron: Sendable, Hashable, CustomStringConvertible {
  public let description: String
  public let payloads: ClosedRange<Int>

  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let number = parts.count == 2 ? Int(parts[1]) : nil
    switch (parts.first, number) {
    case ("if", nil) where parts.count == 1: payloads = 0...1
    case ("signed", nil) where parts.count == 1: payloads = -1...1
    case ("burst", let count?) where (1...255).contains(count): payloads = 0...count
    case ("multi", let powers?) where (1...14).contains(powers): payloads = 0...((1 << powers) - 1)
    case ("graded", let bits?) where (1...14).contains(bits): payloads = 0...((1 << bits) - 1)
    default: return nil
    }
    description = text
  }
}
