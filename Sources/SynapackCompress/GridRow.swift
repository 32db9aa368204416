internal import SynapackDense

/// Puts one row of weights on a grid at the least cost.
///
///     cost(x̂) = (x̂ − x) M (x̂ − x)ᵀ,   x̂_j = n_j·step_j,  |n_j| ≤ most;  the last column is free
///
/// Column after column is rounded, and what that costs is moved on to the columns that are still
/// free (``InverseFactor``; "optimal brain quantization", Frantar and Alistarh, NeurIPS 2022, in the
/// order of GPTQ). Then single levels are changed as long as that lowers the cost.
struct GridRow {
  /// M of the columns in use, whole and row-major.
  let metric: [Float]
  let factor: InverseFactor
  /// The largest magnitude of a level.
  let most: Float

  private var count: Int { factor.order }

  /// The rounded row and its cost.
  func rounded(_ row: [Float], steps: [Float]) -> (values: [Float], cost: Float) {
    var values = row
    var cost: Float = 0
    let count = count
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe factor.values.withUnsafeBufferPointer { factor in
        for column in 0..<count - 1 {
          let value = unsafe values[column]
          let level = (value / steps[column]).rounded(.toNearestOrEven)
          let rounded = min(max(level, -most), most) * steps[column]
          let error = unsafe (value - rounded) / factor[column * count + column]
          unsafe values[column] = rounded
          cost += error * error
          for later in column + 1..<count {
            unsafe values[later] -= error * factor[column * count + later]
          }
        }
      }
    }
    return (values, cost)
  }

  /// Changes single levels, and the free column, while that lowers the cost; a few rounds are
  /// enough.
  func refined(_ values: inout [Float], target: [Float], steps: [Float], rounds: Int = 4) {
    let count = count
    var gradient = Array(repeating: Float(0), count: count)
    for column in 0..<count where values[column] != target[column] {
      add(values[column] - target[column], column, to: &gradient)
    }
    for _ in 0..<rounds {
      var changed = false
      for column in 0..<count {
        let own = metric[column * count + column]
        guard own > 0 else { continue }
        var change = -gradient[column] / own
        if column < count - 1 {
          let level = (values[column] / steps[column]).rounded()
          let wanted = min(max(level + (change / steps[column]).rounded(), -most), most)
          guard wanted != level else { continue }
          change = wanted * steps[column] - values[column]
          changed = true
        }
        values[column] += change
        add(change, column, to: &gradient)
      }
      guard changed else { return }
    }
  }

  /// gradient ← gradient + change·M(column, ·)
  private func add(_ change: Float, _ column: Int, to gradient: inout [Float]) {
    let count = count
    unsafe gradient.withUnsafeMutableBufferPointer { gradient in
      unsafe metric.withUnsafeBufferPointer { metric in
        for other in 0..<count {
          unsafe gradient[other] += change * metric[column * count + other]
        }
      }
    }
  }

  /// The best of `units`, and the row on its grid.
  ///
  /// - Parameter worth: what a payload of each column but the last stands for.
  func best(
    _ row: [Float], worth: [Float], units: [Float]
  ) -> (values: [Float], unit: Float, cost: Float) {
    var best: (values: [Float], unit: Float, cost: Float)?
    for unit in units {
      let steps = worth.map { unit / $0 }
      var (values, cost) = rounded(row, steps: steps)
      guard cost < best?.cost ?? .infinity else { continue }
      refined(&values, target: row, steps: steps)
      best = (values, unit, cost)
    }
    return best ?? (row.map { _ in 0 }, units.first ?? 1, .infinity)
  }
}
