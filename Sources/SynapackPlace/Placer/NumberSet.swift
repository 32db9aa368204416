/// Numbers as bits, from the first word that has one to the last: what is in two sets is found a word
/// at a time, and numbers that lie close together take little.
struct NumberSet: Sendable {
  private var first: Int
  private var words: [UInt64] = []

  /// - Parameter numbers: not negative, ascending.
  init(ascending numbers: [Int32]) {
    first = Int(numbers.first ?? 0) / 64
    for number in numbers {
      let word = Int(number) / 64 - first
      while words.count <= word { words.append(0) }
      words[word] |= 1 << UInt64(number % 64)
    }
  }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func intersection(_ other: NumberSet) -> NumberSet {
    let common = common(with: other)
    var both = NumberSet(ascending: [])
    both.first = common.lowerBound
    both.words = common.map { words[$0 - first] & other.words[$0 - other.first] }
    return both
  }

  /// Calls `body` with each number that is in both, ascending.
  func forEachCommon(with other: NumberSet, _ body: (Int) -> Void) {
    for index in common(with: other) {
      var word = words[index - first] & other.words[index - other.first]
      while word != 0 {
        body(index * 64 + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }

  /// The words that both have.
  private func common(with other: NumberSet) -> Range<Int> {
    let lower = max(first, other.first)
    return lower..<max(lower, min(first + words.count, other.first + other.words.count))
  }
}
