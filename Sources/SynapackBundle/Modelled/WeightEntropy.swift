public import SynapackProgram

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What the weights of a program cost at least where each is coded by the frequency of its level.
///
///     H = Σ_tensors Σ_levels n · log2(N / n)        n of N weights have a level, zero included
///
/// It is the bound of Shannon's source coding theorem (1948) for a code that knows the counts and
/// nothing else. A model that foresees weights from their neighbours may stay below it.
public enum WeightEntropy {
  /// H of all connections in whole bytes, rounded up.
  public static func bytes(of program: SpikingProgram) -> Int {
    bytes(ofBits: program.connections.reduce(0) { $0 + bits(of: $1.synapses.weights.values) })
  }

  /// H of one tensor, in bits.
  public static func bits(of weights: [Int16]) -> Double { weights.entropyBits }

  public static func bytes(ofBits bits: Double) -> Int {
    // At most 16 bits for each of the weights in memory.
    Int((bits / 8).rounded(.up))
  }
}

extension [Int16] {
  /// The order-0 empirical entropy of all values together, in bits.
  var entropyBits: Double {
    var counts: [Int16: Int] = [:]
    for value in self { counts[value, default: 0] += 1 }
    // In a fixed order, as a sum of doubles depends on it.
    return counts.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      sum + Double(entry.value) * log2(Double(count) / Double(entry.value))
    }
  }
}
