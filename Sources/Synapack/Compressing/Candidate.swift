public import SynapackSupport

/// One way to convert a network, and what it measured.
public struct Candidate: Sendable {
  public var recipe: Recipe
  /// Bytes of the bundle.
  public var bytes: Int
  /// Cores of the chip; `nil` without one.
  public var cores: Int?
  /// Effective additions and multiplications an input.
  public var operations: Double
  /// The share of inputs that the source network decides alike.
  public var agreement: Double
  /// The share of inputs whose label it names; `nil` without labels.
  public var accuracy: Double?
  /// Σ ‖scores − source network‖² / Σ ‖source network‖², which tells programs apart that decide
  /// alike.
  public var distance: Double

  public init(
    recipe: Recipe, bytes: Int, cores: Int?, operations: Double, agreement: Double,
    accuracy: Double?, distance: Double
  ) {
    self.recipe = recipe
    self.bytes = bytes
    self.cores = cores
    self.operations = operations
    self.agreement = agreement
    self.accuracy = accuracy
    self.distance = distance
  }

  /// The width of weights, or the mean of several, as people read it.
  public var bits: String {
    recipe.meanBits.map { "~\(SignificantDigits.rounded($0, 3))" } ?? String(recipe.weightBits)
  }

  /// The shares of single weights and of channels that went.
  public var sparsity: Double { recipe.weightShare }
  public var channelSparsity: Double { recipe.channelShare }

  /// What a measure of the budget is here, `base` being the network before compression.
  func value(_ measure: Budget.Measure, base: Candidate) -> Double {
    switch measure {
    case .bytes: return Double(bytes)
    case .cores: return Double(cores ?? 0)
    case .synops: return operations
    case .timesteps: return Double(recipe.timesteps)
    case .accuracyDrop:
      guard let accuracy, let before = base.accuracy else {
        return 100 * (base.agreement - agreement)
      }
      return 100 * (before - accuracy)
    }
  }

  /// The largest ratio of a measure to its limit; at most 1 where the budget is kept.
  func excess(_ budget: Budget, base: Candidate) -> Double {
    budget.limits.reduce(0) { worst, limit in
      let value = max(0, self.value(limit.measure, base: base))
      return max(worst, limit.most > 0 ? value / limit.most : (value > 0 ? .infinity : 0))
    }
  }

  /// Whether another is at least as good in every measure, and better in one.
  func isDominated(by other: Candidate) -> Bool {
    let pairs: [(Double, Double)] = [
      (Double(bytes), Double(other.bytes)), (operations, other.operations),
      (Double(cores ?? 0), Double(other.cores ?? 0)), (distance, other.distance),
    ]
    return pairs.allSatisfy { $0.0 >= $0.1 } && pairs.contains { $0.0 > $0.1 }
  }

  /// One row of `synapack.compress/1`.
  public var json: JSON {
    var members: [String: JSON] = [
      "timesteps": .integer(recipe.timesteps), "weightBits": .integer(recipe.weightBits),
      "distilSteps": .integer(recipe.distilSteps), "sparsity": .number(recipe.weightShare),
      "channelSparsity": .number(recipe.channelShare),
      "spikePrice": .number(recipe.spikePrice),
      "bytes": .integer(bytes), "operations": .number(operations),
      "agreement": .number(agreement), "distance": .number(distance),
    ]
    if let mean = recipe.meanBits { members["meanBits"] = .number(mean) }
    if let cores { members["cores"] = .integer(cores) }
    if let accuracy { members["accuracy"] = .number(accuracy) }
    return .object(members)
  }
}
