/// Numbers below a bound, one bit each: what is in two of them is found a word at a time.
struct NumberSet: Sendable, Hashable {
  private var words: [UInt64]

  init(below bound: Int) {
    words = Array(repeating: 0, count: (max(0, bound) + 63) / 64)
  }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// - Precondition: the number is below the bound.
  mutating func insert(_ number: Int) { words[number / 64] |= 1 << UInt64(number % 64) }

  /// - Precondition: both have the same bound.
  func intersection(_ other: NumberSet) -> NumberSet {
    var both = self
    for index in words.indices { both.words[index] &= other.words[index] }
    return both
  }

  /// Calls `body` with each number that is in both, ascending.
  func forEachCommon(with other: NumberSet, _ body: (Int) -> Void) {
    for index in words.indices {
      var word = words[index] & other.words[index]
      while word != 0 {
        body(index * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}
