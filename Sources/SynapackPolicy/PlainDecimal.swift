extension Double {
  /// The shortest decimal fraction within `tolerance`, so that 0.3 − 0.1 reads 0.2.
  ///
  /// What is not zero never becomes zero, which would hide on which side of a limit it lies.
  func plainDecimal(within tolerance: Double) -> Double {
    var scale = 1.0
    for _ in 0..<17 {
      let candidate = (self * scale).rounded() / scale
      if abs(candidate - self) <= tolerance, candidate != 0 { return candidate }
      scale *= 10
    }
    return self
  }
}
