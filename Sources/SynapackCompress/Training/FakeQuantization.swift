/// Weights rounded to a grid in the forward pass, while the values behind them are trained.
///
///     ŵ = s·n,  n = clip(round(w/s), −N, N),  N = 2^(bits − 1) − 1
///     w̄ = ŵ̄  where |w/s| ≤ N,  0 outside
///     s̄ = g·Σ ŵ̄·(n − w/s  where |w/s| ≤ N,  n outside),  g = 1/√(k·N)
///
/// w: the trained value; s: the step of its row, trained too; k: the weights of the row. A mask
/// holds elements at zero: they have neither value nor gradient.
///
/// Source: Esser et al., "Learned step size quantization", ICLR 2020, eq. 1 to 3 and section 2.2.
public struct FakeQuantization: Sendable {
  /// N
  public let most: Float
  public let rows: Int

  /// - Precondition: 2 to 16 bits.
  public init(bits: Int, rows: Int) {
    precondition((2...16).contains(bits), "\(bits) bits")
    most = Float((1 << (bits - 1)) - 1)
    self.rows = rows
  }

  /// 2·mean |w| / √N of each row's weights that are not zero.
  public func firstSteps(_ values: [Float]) -> [Float] {
    let length = values.count / max(1, rows)
    return (0..<rows).map { row in
      var sum = 0.0
      var count = 0
      for value in values[row * length..<(row + 1) * length] where value != 0 {
        sum += Double(abs(value))
        count += 1
      }
      let step = 2 * sum / Double(max(1, count)) / Double(most).squareRoot()
      return max(Float(step), FakeQuantization.leastStep)
    }
  }

  /// No step falls below this, so that a quotient by it stays finite.
  static let leastStep: Float = 0x1p-40

  /// ŵ
  public func rounded(_ values: [Float], steps: [Float]) -> [Float] {
    let length = values.count / max(1, rows)
    return values.indices.map { index in
      let step = steps[index / length]
      return step * min(max((values[index] / step).rounded(.toNearestOrEven), -most), most)
    }
  }

  /// w̄ and s̄ from the gradient of ŵ.
  public func gradients(
    _ values: [Float], steps: [Float], from gradient: [Float]
  ) -> (values: [Float], steps: [Float]) {
    let length = values.count / max(1, rows)
    var result = gradient
    var sums = Array(repeating: 0.0, count: rows)
    for index in values.indices {
      let row = index / length
      let level = values[index] / steps[row]
      let rounded = min(max(level.rounded(.toNearestOrEven), -most), most)
      if abs(level) <= most {
        sums[row] += Double(gradient[index] * (rounded - level))
      } else {
        sums[row] += Double(gradient[index] * rounded)
        result[index] = 0
      }
    }
    let scale = 1 / (Double(length) * Double(most)).squareRoot()
    return (result, sums.map { Float($0 * scale) })
  }
}
