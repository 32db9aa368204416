public import SynapackSupport

/// Looks for the network that keeps a budget and stays closest to its source.
///
///     while some limit is exceeded:  turn the lever with the largest
///         Σ_m (m before − m after) / m before  /  (distance after − distance before)
///
/// m: the measures that exceed their limits; distance: ``Candidate/distance``.
/// Every lever that helps an exceeded measure is turned by one step and measured, and the best is
/// kept: a greedy walk down the convex hull of cost and distance, as bit allocation does it
/// (Shoham and Gersho, IEEE TASSP 1988). Once the budget is kept, each lever is turned back a step
/// where the budget allows it. Nothing is estimated: each candidate is converted and run.
public struct BudgetSearch: Sendable {
  public let budget: Budget

  public init(_ budget: Budget) { self.budget = budget }

  /// Converts and measures a recipe.
  public typealias Measure = (Recipe) throws(PackError) -> Candidate

  /// What a search found.
  public struct Outcome: Sendable {
    /// All that was measured, the network before compression first.
    public var candidates: [Candidate]
    /// The index of the best one that keeps the budget, or of the closest to keeping it.
    public var winner: Int
    public var keepsBudget: Bool

    /// The indices of those that no other is better than in every measure.
    public var pareto: [Int] {
      candidates.indices.filter { index in
        !candidates.contains { candidates[index].isDominated(by: $0) }
      }
    }
  }

  /// Searches from a recipe; `base` is the one without compression, whose accuracy may drop.
  public func run(
    from recipe: Recipe, base: Recipe, measure: Measure
  ) throws(PackError) -> Outcome {
    var walk = Walk(tried: [base: 0], candidates: [try measure(base)])
    var current = try index(recipe, &walk, measure)
    while excess(current, walk) > 1 {
      guard let next = try step(from: current, &walk, measure) else { break }
      current = next
    }
    if excess(current, walk) <= 1 { try relax(current, from: recipe, &walk, measure) }
    // The base is there to compare with, unless the search starts from it.
    let found = walk.candidates.indices.filter { $0 > 0 || recipe == base }
    let keeping = found.filter { excess($0, walk) <= 1 }
    let winner =
      keeping.min { (walk.candidates[$0].distance, $0) < (walk.candidates[$1].distance, $1) }
      ?? found.min { (excess($0, walk), $0) < (excess($1, walk), $1) } ?? 0
    return Outcome(
      candidates: walk.candidates, winner: winner, keepsBudget: !keeping.isEmpty)
  }

  private struct Walk {
    var tried: [Recipe: Int]
    var candidates: [Candidate]
  }

  private func excess(_ index: Int, _ walk: Walk) -> Double {
    walk.candidates[index].excess(budget, base: walk.candidates[0])
  }

  private func index(
    _ recipe: Recipe, _ walk: inout Walk, _ measure: Measure
  ) throws(PackError) -> Int {
    if let known = walk.tried[recipe] { return known }
    walk.candidates.append(try measure(recipe))
    walk.tried[recipe] = walk.candidates.count - 1
    return walk.candidates.count - 1
  }

  /// The measures that a candidate has too much of; turning a lever cannot win accuracy back.
  private func exceeded(_ index: Int, _ walk: Walk) -> Set<Budget.Measure> {
    let candidate = walk.candidates[index]
    return Set(
      budget.limits.filter {
        $0.measure != .accuracyDrop
          && candidate.value($0.measure, base: walk.candidates[0]) > $0.most
      }.map(\.measure))
  }

  /// The best of one step of each lever that helps; `nil` where none does.
  private func step(
    from current: Int, _ walk: inout Walk, _ measure: Measure
  ) throws(PackError) -> Int? {
    let wanted = exceeded(current, walk)
    let before = walk.candidates[current]
    var best: (index: Int, gain: Double)?
    for lever in Lever.allCases where !lever.measures.isDisjoint(with: wanted) {
      guard let recipe = lever.next(before.recipe) else { continue }
      let index = try index(recipe, &walk, measure)
      let after = walk.candidates[index]
      let saved = wanted.reduce(0.0) { sum, measure in
        let (old, new) = (
          before.value(measure, base: walk.candidates[0]),
          after.value(measure, base: walk.candidates[0])
        )
        return sum + (old - new) / max(old, 1e-12)
      }
      guard saved > 0 else { continue }
      // A step that costs nothing, or less than chance moves it, is as good as one that costs little.
      let gain = saved / max(after.distance - before.distance, before.distance * 0.02, 1e-9)
      if gain > best?.gain ?? 0 { best = (index, gain) }
    }
    return best?.index
  }

  /// Measures the walk's end with levers turned back a step, one after the other, each kept back
  /// where the budget allows it and the distance falls.
  private func relax(
    _ end: Int, from start: Recipe, _ walk: inout Walk, _ measure: Measure
  ) throws(PackError) {
    var current = end
    for lever in Lever.allCases {
      guard let recipe = lever.previous(walk.candidates[current].recipe, from: start) else {
        continue
      }
      let index = try index(recipe, &walk, measure)
      if excess(index, walk) <= 1,
        walk.candidates[index].distance < walk.candidates[current].distance
      {
        current = index
      }
    }
  }
}
