internal import SynapackDense

/// Puts one row of weights on a grid at the least cost.
///
///     cost(x̂) = (x̂ − x) M (x̂ − x)ᵀ + Σ_j rate(n_j),   x̂_j = n_j·step_j;  the last column is free
///
/// Column after column is rounded, and what that costs is moved on to the columns that are still
/// free (``InverseFactor``; "optimal brain quantization", Frantar and Alistarh, NeurIPS 2022, in the
/// order of GPTQ). Then single levels are changed as long as that lowers the cost.
struct GridRow {
  /// M of the columns in use, whole and row-major.
  let metric: [Float]
  let factor: InverseFactor
  let levels: WeightLevels

  private var count: Int { factor.order }

  /// A row on its grid.
  struct Result {
    var values: [Float]
    /// n_j of each column but the last.
    var levels: [Float]
    var unit: Float
    var cost: Float
  }

  /// The best of `units`, and the row on its grid.
  ///
  /// - Parameter worth: what a payload of each column but the last stands for.
  func best(_ row: [Float], worth: [Float], units: [Float], rate: LevelRate?) -> Result {
    var best: Result?
    for unit in units {
      let steps = worth.map { unit / $0 }
      var result = rounded(row, steps: steps, unit: unit, rate: rate)
      guard result.cost < best?.cost ?? .infinity else { continue }
      refine(&result, target: row, steps: steps, rate: rate)
      best = result
    }
    return best
      ?? Result(
        values: row.map { _ in 0 }, levels: worth.map { _ in 0 }, unit: units.first ?? 1,
        cost: .infinity)
  }

  private func rounded(
    _ row: [Float], steps: [Float], unit: Float, rate: LevelRate?
  ) -> Result {
    var values = row
    var chosen = Array(repeating: Float(0), count: steps.count)
    var cost: Float = 0
    let (count, levels) = (count, levels)
    for column in 0..<count - 1 {
      let (value, own) = (values[column], factor.values[column * count + column])
      var level = levels.nearest(value / steps[column])
      var error = (value - level * steps[column]) / own
      if let rate {
        var least = error * error + rate(level)
        for other in [levels.towardsZero(level), levels.nearest(0)] where other != level {
          let otherError = (value - other * steps[column]) / own
          let otherCost = otherError * otherError + rate(other)
          guard otherCost < least else { continue }
          (least, level, error) = (otherCost, other, otherError)
        }
        cost += rate(level)
      }
      chosen[column] = level
      values[column] = level * steps[column]
      cost += error * error
      factor.subtract(error, row: column, 0..<count, from: &values, at: 0)
    }
    return Result(values: values, levels: chosen, unit: unit, cost: cost)
  }

  /// Changes single levels, and the free column, while that lowers the cost; a few rounds are
  /// enough.
  private func refine(
    _ result: inout Result, target: [Float], steps: [Float], rate: LevelRate?, rounds: Int = 4
  ) {
    let count = count
    // Half the cost's slope in each column.
    var slopes = Array(repeating: Float(0), count: count)
    for column in 0..<count where result.values[column] != target[column] {
      add(result.values[column] - target[column], column, to: &slopes)
    }
    for _ in 0..<rounds {
      var changed = false
      for column in 0..<count {
        let own = metric[column * count + column]
        guard own > 0 else { continue }
        var change = -slopes[column] / own
        if column < count - 1 {
          let wanted = better(
            than: result.levels[column], by: change / steps[column],
            curvature: own * steps[column] * steps[column], rate)
          guard wanted != result.levels[column] else { continue }
          result.levels[column] = wanted
          change = wanted * steps[column] - result.values[column]
          changed = true
        }
        result.values[column] += change
        add(change, column, to: &slopes)
      }
      guard changed else { return }
    }
  }

  /// The level of the least cost, where `offset` levels further would be the best without a grid.
  private func better(
    than level: Float, by offset: Float, curvature: Float, _ rate: LevelRate?
  ) -> Float {
    let nearest = levels.nearest(level + offset)
    guard let rate else { return nearest }
    func cost(_ other: Float) -> Float {
      let distance = other - level - offset
      return curvature * distance * distance + rate(other)
    }
    var best = (level: level, cost: cost(level))
    for other in [nearest, levels.towardsZero(nearest), levels.nearest(0)] {
      let value = cost(other)
      if value < best.cost { best = (other, value) }
    }
    return best.level
  }

  /// slopes ← slopes + change·M(column, ·)
  private func add(_ change: Float, _ column: Int, to slopes: inout [Float]) {
    let count = count
    unsafe slopes.withUnsafeMutableBufferPointer { slopes in
      unsafe metric.withUnsafeBufferPointer { metric in
        for other in 0..<count {
          unsafe slopes[other] += change * metric[column * count + other]
        }
      }
    }
  }
}
