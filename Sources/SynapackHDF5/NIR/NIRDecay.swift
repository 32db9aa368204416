#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a tick leaves of a quantity that decays by itself.
enum NIRDecay {
  /// exp(−x), rounded once.
  static func exponential(_ ratio: Double) -> Float { Float(exp(-ratio)) }
}
