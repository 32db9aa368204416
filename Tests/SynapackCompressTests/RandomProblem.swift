import SynapackConvert
import SynapackDense
import SynapackSupport

/// Draws blocks of weights with inputs that are correlated, as those of real layers are.
struct RandomProblem {
  let problem: CompressionProblem
  /// H of the drawn inputs, whole, in double precision.
  let gram: [Double]

  init(seed: Int, outputs: Int, weights: Int, ridge: Float = 0.01, sharesUnit: Bool = false) {
    var random = SeededGenerator(seed: UInt64(seed))
    func draw() -> Float { random.unitFloat() * 2 - 1 }
    let (columns, observations) = (weights + 1, 6 * weights)
    let mixing = (0..<weights * weights).map { _ in draw() }
    var features = Array(repeating: Float(0), count: columns * observations)
    for observation in 0..<observations {
      let causes = (0..<weights).map { _ in max(0, draw()) }
      for row in 0..<weights {
        var value: Float = 0.3 * causes[row]
        for cause in 0..<weights { value += 0.5 * mixing[row * weights + cause] * causes[cause] }
        features[row * observations + observation] = max(0, value)
      }
      features[weights * observations + observation] = 1
    }
    var equations = NormalEquations(columns: columns, outputs: outputs)
    equations.add(
      features: features, targets: Array(repeating: 0, count: outputs * observations),
      observations: observations)
    var gram = Array(repeating: 0.0, count: columns * columns)
    for row in 0..<columns {
      for column in 0..<columns {
        for observation in 0..<observations {
          gram[row * columns + column] +=
            Double(features[row * observations + observation])
            * Double(features[column * observations + observation])
        }
      }
    }
    let mean = (0..<weights).reduce(0) { $0 + gram[$1 * columns + $1] } / Double(weights)
    for index in 0..<weights { gram[index * columns + index] += Double(ridge) * mean }
    self.gram = gram
    problem = CompressionProblem(
      name: "layer", rows: (0..<outputs * columns).map { _ in draw() }, outputs: outputs,
      columns: columns, equations: equations,
      ridges: Array(repeating: ridge, count: outputs),
      worth: (0..<weights).map { _ in 0.5 + random.unitFloat() }, sharesUnit: sharesUnit)
  }

  /// (x̂ − x) M (x̂ − x)ᵀ of one row.
  func cost(_ row: Int, _ values: ArraySlice<Float>) -> Double {
    let columns = problem.columns
    let change = zip(values, problem.rows[row * columns..<(row + 1) * columns])
      .map { Double($0) - Double($1) }
    var cost = 0.0
    for left in 0..<columns {
      for right in 0..<columns {
        cost += change[left] * gram[left * columns + right] * change[right]
      }
    }
    return cost
  }

  func cost(_ rows: [Float]) -> Double {
    (0..<problem.outputs).reduce(0) {
      $0 + cost($1, rows[$1 * problem.columns..<($1 + 1) * problem.columns])
    }
  }
}
