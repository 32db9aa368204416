#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Parameters with the running moments of their gradients.
///
///     m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²
///     x ← x − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
///
/// g: the gradient, scaled down to the largest norm where its own is larger; η: the learning rate;
/// t: the number of updates, this one included; β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
///
/// Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
struct Adam: Sendable, Equatable {
  var parameters: [[Float]]
  var first: [[Float]]
  var second: [[Float]]
  /// t
  var updates = 0

  init(_ parameters: [[Float]]) {
    self.parameters = parameters
    first = parameters.map { Array(repeating: 0, count: $0.count) }
    second = first
  }

  /// - Precondition: gradients of the parameters' sizes.
  /// - Returns: the norm of the gradients before they were scaled down.
  mutating func update(_ gradients: [[Float]], rate: Float, largestNorm: Float) -> Double {
    let norm = gradients.reduce(0.0) { sum, values in
      values.reduce(sum) { $0 + Double($1) * Double($1) }
    }.squareRoot()
    guard norm.isFinite else { return norm }
    let scale = norm > Double(largestNorm) ? Float(Double(largestNorm) / norm) : 1
    updates += 1
    let (one, two) = (Float(0.9), Float(0.999))
    let meanScale = Float(1 / (1 - pow(0.9, Double(updates))))
    let squareScale = Float(1 / (1 - pow(0.999, Double(updates))))
    for list in parameters.indices {
      for index in parameters[list].indices {
        let g = gradients[list][index] * scale
        let m = one * first[list][index] + (1 - one) * g
        let v = two * second[list][index] + (1 - two) * g * g
        first[list][index] = m
        second[list][index] = v
        parameters[list][index] -= rate * (m * meanScale) / ((v * squareScale).squareRoot() + 1e-8)
      }
    }
    return norm
  }
}
