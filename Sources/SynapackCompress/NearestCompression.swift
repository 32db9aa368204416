public import SynapackConvert
public import SynapackSupport

/// Drops the smallest weights and rounds the rest to the nearest level: what compression costs
/// without knowing the inputs. For comparison.
public struct NearestCompression: LayerCompression {
  public var weightBits: Int
  /// The share of weights that go, by the population.
  public var sparsity: [String: Double]

  public init(weightBits: Int, sparsity: [String: Double] = [:]) {
    self.weightBits = weightBits
    self.sparsity = sparsity
  }

  public func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let (columns, most) = (problem.columns, Float((1 << (weightBits - 1)) - 1))
    var rows = problem.rows
    let weights = rows.indices.filter { $0 % columns < columns - 1 }
    let gone = Int((Double(weights.count) * (sparsity[problem.name] ?? 0)).rounded())
    for index in weights.sorted(by: { (abs(rows[$0]), $0) < (abs(rows[$1]), $1) }).prefix(gone) {
      rows[index] = 0
    }
    var units = (0..<problem.outputs).map { row in
      (0..<columns - 1).reduce(Float(0)) {
        max($0, abs(rows[row * columns + $1]) * problem.worth[$1])
      } / most
    }
    if problem.sharesUnit, let largest = units.max() { units = units.map { _ in largest } }
    units = units.map { $0 > 0 ? $0 : 1 }
    for index in weights {
      let step = units[index / columns] / problem.worth[index % columns]
      rows[index] = (rows[index] / step).rounded(.toNearestOrEven) * step
    }
    return CompressedRows(rows: rows, units: units)
  }
}
