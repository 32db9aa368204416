public import SynapackConvert
internal import SynapackDense
public import SynapackSupport

/// Prunes and rounds each block at the least cost that the sums of its inputs allow.
///
/// One solve for everything: the fit has just solved the weights for what the compressed layers
/// before really send; here the cheapest go (``WeightPruning``), the rest is solved again and put on
/// a grid whose unit is chosen by trying (``GridRow``); then the fit searches the neurons behind the
/// integers. The Hessian is that of the payloads averaged over the ticks, whose sums are all that a
/// neuron without leak hears of its past. Blocks too wide to be solved row by row are swept
/// (``ColumnSweep``).
public struct SecondOrderCompression: LayerCompression {
  public var levels: WeightLevels
  /// Levels of populations that have others, by name.
  public var levelsOf: [String: WeightLevels] = [:]
  /// What each population gives.
  public var pruning: PruningPlan
  /// What a stored bit costs; `nil` where only errors count.
  public var price: BitPrice?
  public var threads: Int

  public init(
    levels: WeightLevels, pruning: PruningPlan = .none, price: BitPrice? = nil, threads: Int
  ) {
    self.levels = levels
    self.pruning = pruning
    self.price = price
    self.threads = threads
  }

  /// Uniform levels of a width and a share for each population.
  public init(weightBits: Int, sparsity: [String: Double] = [:], threads: Int) {
    self.init(levels: .uniform(bits: weightBits), pruning: .shares(sparsity), threads: threads)
  }

  public func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let goal = pruning.goal(problem.name)
    let levels = levelsOf[problem.name] ?? levels
    guard !ColumnSweep.isNeeded(problem, pruned: goal) else {
      return try ColumnSweep(levels: levels, goal: goal, threads: threads).compressed(problem)
    }
    let block = try PrunedBlock(problem, goal, threads: threads)
    let grids = block.grids(problem, levels)
    let units = units(block.pruned, problem, levels)
    func round(_ rate: LevelRate?) throws(PackError) -> [GridRow.Result] {
      try parallelUnits(count: units.count, threads: threads) { (row) throws(PackError) in
        try grids[block.kinds[row]].rounded(block.pruned[row], units: units[row], rate: rate)
      }
    }
    var finished = try round(nil)
    if let price {
      let power = zip(block.rows, block.kinds).reduce(0.0) {
        $0 + block.metrics[$1.1].power($1.0)
      }
      finished = try round(
        LevelRate(
          of: finished.flatMap(\.levels), most: levels.most, price: price.perBit(power: power)))
    }
    return CompressedRows(rows: finished.flatMap(\.values), units: finished.map(\.unit))
  }

  /// The units to try for each row.
  private func units(
    _ rows: [(columns: [Int], values: [Float])], _ problem: CompressionProblem,
    _ levels: WeightLevels
  ) -> [[Float]] {
    let largest = rows.map { row in
      zip(row.columns, row.values).reduce(Float(0)) { largest, weight in
        weight.0 < problem.worth.count
          ? max(largest, abs(weight.1) * problem.worth[weight.0]) : largest
      }
    }
    let shared = problem.sharesUnit ? largest.max() : nil
    return largest.enumerated().map { row, own in
      let least = shared == nil ? problem.leastUnit(row) : 0
      let whole = (shared ?? own) / Float(levels.most)
      guard whole > 0 else { return [max(1, least)] }
      guard shared == nil else { return [whole] }
      let units = levels.fractions.map { max(whole * $0, least) }
      return units.enumerated().filter { $0 == 0 || units[$0 - 1] != $1 }.map(\.element)
    }
  }
}
