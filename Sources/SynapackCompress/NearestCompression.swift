public import SynapackConvert
public import SynapackSupport

/// Drops the smallest weights and rounds the rest to the nearest level: what compression costs
/// without knowing the inputs. For comparison.
public struct NearestCompression: LayerCompression {
  public var levels: WeightLevels
  /// Levels of populations that have others, by name.
  public var levelsOf: [String: WeightLevels] = [:]
  /// What each population gives.
  public var pruning: PruningPlan

  public init(levels: WeightLevels, pruning: PruningPlan = .none) {
    self.levels = levels
    self.pruning = pruning
  }

  /// Uniform levels of a width and a share for each population.
  public init(weightBits: Int, sparsity: [String: Double] = [:]) {
    self.init(levels: .uniform(bits: weightBits), pruning: .shares(sparsity))
  }

  public func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let levels = levelsOf[problem.name] ?? levels
    let (columns, most) = (problem.columns, Float(levels.most))
    var rows = problem.rows
    let weights = rows.indices.filter { $0 % columns < columns - 1 }
    let gone = removed(rows, weights, columns: columns, pruning.goal(problem.name))
    for index in gone { rows[index] = 0 }
    var units = (0..<problem.outputs).map { row in
      (0..<columns - 1).reduce(Float(0)) {
        max($0, abs(rows[row * columns + $1]) * problem.worth[$1])
      } / most
    }
    units = units.enumerated().map { max($1, problem.leastUnit($0)) }
    if problem.sharesUnit, let largest = units.max() { units = units.map { _ in largest } }
    units = units.map { $0 > 0 ? $0 : 1 }
    let kept = Set(weights).subtracting(gone)
    for index in kept {
      let step = units[index / columns] / problem.worth[index % columns]
      rows[index] = levels.nearest(rows[index] / step) * step
    }
    return CompressedRows(rows: rows, units: units)
  }

  /// The smallest of `weights`, places in the rows, as many as the goal says.
  private func removed(
    _ rows: [Float], _ weights: [Int], columns: Int, _ goal: PruningGoal
  ) -> [Int] {
    func smallest(_ places: [Int], _ count: Int) -> ArraySlice<Int> {
      places.sorted { (abs(rows[$0]), $0) < (abs(rows[$1]), $1) }.prefix(max(0, count))
    }
    switch goal {
    case .share:
      return Array(
        smallest(weights, weights.count - goal.kept(of: weights.count, row: columns - 1)))
    case .groups(let kept, let size):
      let groups = Dictionary(grouping: weights) { index in
        [index / columns, index % columns / size]
      }
      return groups.values.flatMap { smallest($0, $0.count - kept) }
    }
  }
}
