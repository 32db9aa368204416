internal import SynapackDense
internal import SynapackSupport

/// The fit with compression: what a block's weights become once they are solved.
extension LayerwiseFit {
  /// Puts the solved weights of a block on their grid, where there is a compression.
  func compress(
    _ layer: inout FitLayer, _ block: WeightRefit.Block, _ solution: WeightRefit.Solution
  ) throws(PackError) {
    try compress(&layer, block, solution.equations, ridges: solution.ridges)
  }

  /// The same for weights that nobody could solve.
  func compress(
    _ layer: inout FitLayer, _ block: WeightRefit.Block, _ equations: NormalEquations?,
    ridges: [Float]
  ) throws(PackError) {
    guard let compression else { return }
    let before = layer.rows(block)
    var problem = CompressionProblem(
      name: layer.name, rows: before, outputs: block.outputs.count,
      columns: layer.columns(block), equations: equations, ridges: ridges,
      worth: layer.worth(block), sources: layer.sources(block),
      sharesUnit: layer.site == FitSamples.readout,
      leastUnits: block.outputs.map(layer.leastUnit))
    var after = try compression.compressed(problem)
    // A bias moves with its row. Lowering would widen a unit that the new bias does not fit, and
    // the weights would leave their levels.
    for _ in 0..<3 {
      let needed = problem.leastUnits.indices.map { row in
        1.1 * after.rows[(row + 1) * problem.columns - 1].magnitude / layer.biasLimit
      }
      guard !problem.sharesUnit, zip(needed, after.units).contains(where: { $0 > $1 }) else {
        break
      }
      problem.leastUnits = zip(problem.leastUnits, needed).map { max($0, $1) }
      after = try compression.compressed(problem)
    }
    layer.add(zip(after.rows, before).map { $0 - $1 }, to: block)
    var units = layer.units ?? Array(repeating: 1, count: layer.bias.count)
    for (row, output) in block.outputs.enumerated() { units[output] = after.units[row] }
    layer.units = units
  }
}
