/// What a level costs to store, in the unit of a row's cost.
///
///     rate(n) = ν·log₂(Σ_m c_m / c_n),   c_n: how often n occurs, and ½
///
/// An entropy coder needs about that many bits. A weight whose rounding to a rarer level saves less
/// than the level costs takes the commoner one, mostly zero. Source: Wiedemann et al., "DeepCABAC",
/// IEEE JSTSP 2020, equation 11.
struct LevelRate: Sendable {
  /// The rate of each magnitude, the sign's bit included.
  private let rates: [Float]

  /// - Parameters:
  ///   - levels: those of rows that were rounded without regard to their rate.
  ///   - price: ν, what a bit costs.
  init(of levels: [Float], most: Int, price: Float) {
    var counts = Array(repeating: Float(0.5), count: most + 1)
    for level in levels { counts[min(Int(level.magnitude), most)] += 1 }
    let all = counts.reduce(0, +)
    rates = counts.indices.map { magnitude in
      price * (LevelRate.bits(all / counts[magnitude]) + (magnitude == 0 ? 0 : 1))
    }
  }

  func callAsFunction(_ level: Float) -> Float { rates[Int(level.magnitude)] }

  /// log₂ by straight lines between powers of two, the same bits on every machine.
  private static func bits(_ ratio: Float) -> Float {
    Float(ratio.exponent) + ratio.significand - 1
  }
}
