/// Between probabilities of 16 bits and their logits, by integers alone.
///
///     probability(x) ≈ 2¹⁶ / (1 + e^(−x / 256))
///
/// Source of the scheme: Mahoney, "Adaptive weighing of context models for lossless data
/// compression", Florida Tech CS-2005-16, 2005.
enum Logistic {
  static let largest = 2047

  /// ⌊2¹⁶ / (1 + e^(−x / 256))⌋ at x = −2048, −1920, … 2048.
  private static let knots = [
    21, 36, 59, 98, 162, 266, 438, 720, 1178, 1921, 3108, 4971, 7812, 11955, 17625, 24742, 32768,
    40793, 47910, 53580, 57723, 60564, 62427, 63614, 64357, 64815, 65097, 65269, 65373, 65437,
    65476, 65499, 65514,
  ]

  /// The probability at `logit`, linear between the knots: 21 to 65,514.
  static func probability(_ logit: Int) -> Int {
    let place = min(max(logit, -largest), largest) + 2048
    let (index, rest) = (place >> 7, place & 127)
    return (knots[index] * (128 - rest) + knots[index + 1] * rest + 64) >> 7
  }

  /// For each j of 4096 the least logit whose probability is 16·j or more; the largest where
  /// there is none.
  static let logits: [Int16] = {
    var logits: [Int16] = []
    var logit = -largest
    for step in 0..<4096 {
      while logit < largest && probability(logit) < 16 * step { logit += 1 }
      logits.append(Int16(logit))
    }
    return logits
  }()
}
