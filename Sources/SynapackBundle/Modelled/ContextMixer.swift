/// Predicts a bit from what was seen in six contexts, and learns from it.
///
///     s_i = logit of the probability p_i of the bit's node in context i
///     p   = probability(⌊Σ w_i · s_i / 2¹⁶⌋)
///     w_i ← w_i + ⌊(3 · s_i · (2¹⁶·bit − p) + 2¹⁶) / 2¹⁷⌋, within ±2²⁰
///     p_i ← p_i + ⌊(65535·bit − p_i) · ⌊2¹⁷ / (2·n_i + 3)⌋ / 2¹⁶⌋,  n_i ← min(n_i + 1, 127)
///
/// A node is a question of the binarization, such as whether a number is zero; the weights w are
/// the node's own. p_i begins at ½, w_i at ¼ and n_i, the times that it was asked, at 0.
struct ContextMixer {
  static let inputs = 6

  private struct Experience {
    var probability: UInt16 = 1 << 15
    var count: UInt16 = 0
  }

  private let nodes: Int
  private let contexts: Int
  private var experience: [Experience]
  private var weights: [Int]
  private var logits = [Int](repeating: 0, count: inputs)
  /// Where the nodes of each input's present context begin.
  private var bases: [Int]
  private let table = Logistic.logits
  private let rates = (0...largestCount).map { (1 << 17) / (2 * $0 + 3) }

  private static let largestCount = 127
  private static let largestWeight = 1 << 20

  /// Every input is in its context 0 until it enters another.
  ///
  /// - Parameter contexts: how many contexts each of the six inputs may be in.
  init(nodes: Int, contexts: Int) {
    self.nodes = nodes
    self.contexts = contexts
    bases = (0..<ContextMixer.inputs).map { $0 * contexts * nodes }
    experience = Array(repeating: Experience(), count: ContextMixer.inputs * contexts * nodes)
    weights = Array(repeating: 1 << 14, count: ContextMixer.inputs * nodes)
  }

  /// Sets the context of one input, an index below the number of contexts.
  mutating func enter(_ context: Int, at input: Int) {
    bases[input] = (input * contexts + min(max(context, 0), contexts - 1)) * nodes
  }

  /// Codes one bit in the present contexts.
  mutating func code<Coder: BinaryCoder>(_ bit: Bool, node: Int, _ coder: inout Coder) -> Bool {
    let first = node * ContextMixer.inputs
    var sum = 0
    for input in 0..<ContextMixer.inputs {
      logits[input] = Int(table[Int(experience[bases[input] + node].probability >> 4)])
      sum += weights[first + input] * logits[input]
    }
    let probability = Logistic.probability(sum >> 16)
    let isSet = coder.code(bit, probability: probability)
    let error = (isSet ? 1 << 16 : 0) - probability
    for input in 0..<ContextMixer.inputs {
      let step = (3 * logits[input] * error + (1 << 16)) >> 17
      weights[first + input] = min(
        max(weights[first + input] + step, -ContextMixer.largestWeight),
        ContextMixer.largestWeight)
      learn(isSet, at: bases[input] + node)
    }
    return isSet
  }

  private mutating func learn(_ isSet: Bool, at place: Int) {
    let (old, count) = (Int(experience[place].probability), Int(experience[place].count))
    let step = (((isSet ? 65_535 : 0) - old) * rates[count]) >> 16
    experience[place].probability = UInt16(truncatingIfNeeded: old + step)
    experience[place].count = UInt16(truncatingIfNeeded: min(count + 1, ContextMixer.largestCount))
  }
}
