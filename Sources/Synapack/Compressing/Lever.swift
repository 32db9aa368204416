/// Something a search can turn to make a network smaller, step by step.
enum Lever: CaseIterable {
  case weightBits, sparsity, channels, spikePrice, timesteps

  /// What it helps.
  var measures: Set<Budget.Measure> {
    switch self {
    case .weightBits: [.bytes, .cores]
    case .sparsity: [.bytes, .synops, .cores]
    case .channels: [.bytes, .synops, .cores]
    case .spikePrice: [.synops]
    case .timesteps: [.synops, .timesteps]
    }
  }

  private static let widths = [8, 6, 5, 4, 3, 2]
  private static let shares = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95]
  private static let channelShares = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75]
  private static let prices = [0, 0.5, 1, 2, 4, 8, 16]

  /// The recipe one step further; `nil` at the end.
  func next(_ recipe: Recipe) -> Recipe? {
    switch self {
    // Other levels have widths of their own, and a pattern says how many weights go.
    // A mean of widths falls by halves of a bit.
    case .weightBits where recipe.meanBits != nil:
      recipe.meanBits.flatMap { mean in mean > 2 ? set(max(2, mean - 0.5), recipe) : nil }
    case .weightBits where recipe.weightLevels == "uniform":
      Lever.widths.first { $0 < recipe.weightBits }.map { set(Double($0), recipe) }
    case .weightBits: nil
    case .sparsity where recipe.prune != "weight": nil
    case .sparsity: Lever.shares.first { $0 > recipe.sparsity }.map { set($0, recipe) }
    case .channels where recipe.prune == "channel": nil
    case .channels:
      Lever.channelShares.first { $0 > recipe.channelSparsity }.map { set($0, recipe) }
    case .spikePrice: Lever.prices.first { $0 > recipe.spikePrice }.map { set($0, recipe) }
    case .timesteps where recipe.timesteps > 4: set(Double(recipe.timesteps * 3 / 4), recipe)
    case .timesteps: recipe.timesteps > 1 ? set(Double(recipe.timesteps - 1), recipe) : nil
    }
  }

  /// The recipe one step less far on the way from `start`; `nil` where it is there.
  func previous(_ recipe: Recipe, from start: Recipe) -> Recipe? {
    var step = set(value(start), recipe)
    while let next = next(step) {
      if value(next) == value(recipe) { return step }
      step = next
    }
    return nil
  }

  private func value(_ recipe: Recipe) -> Double {
    switch self {
    case .weightBits: recipe.meanBits ?? Double(recipe.weightBits)
    case .sparsity: recipe.sparsity
    case .channels: recipe.channelSparsity
    case .spikePrice: recipe.spikePrice
    case .timesteps: Double(recipe.timesteps)
    }
  }

  private func set(_ value: Double, _ recipe: Recipe) -> Recipe {
    var recipe = recipe
    switch self {
    case .weightBits where recipe.meanBits != nil: recipe.meanBits = value
    case .weightBits: recipe.weightBits = Int(value)
    case .sparsity: recipe.sparsity = value
    case .channels: recipe.channelSparsity = value
    case .spikePrice: recipe.spikePrice = value
    case .timesteps: recipe.timesteps = Int(value)
    }
    return recipe
  }
}
