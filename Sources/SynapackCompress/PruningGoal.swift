/// Which weights of a population go.
public enum PruningGoal: Sendable, Hashable {
  /// The share that goes, wherever it is cheapest.
  case share(Double)
  /// Of every `size` weights that lie next to each other in a row, [input channel, y, x], at most
  /// `kept` stay: N:M sparsity.
  case groups(kept: Int, size: Int)

  /// How many of `all` weights stay at most, in rows of `row`.
  func kept(of all: Int, row: Int) -> Int {
    switch self {
    case .share(let share): all - Int((Double(all) * share).rounded())
    case .groups(let kept, let size):
      all / max(1, row) * (row / size * kept + min(kept, row % size))
    }
  }
}

/// The goals of all populations.
public enum PruningPlan: Sendable, Hashable {
  case none
  /// The share that each gives, by its name; those without a name here give nothing.
  case shares([String: Double])
  /// The same pattern in every row.
  case groups(kept: Int, size: Int)

  func goal(_ population: String) -> PruningGoal {
    switch self {
    case .none: .share(0)
    case .shares(let shares): .share(shares[population] ?? 0)
    case .groups(let kept, let size): .groups(kept: kept, size: size)
    }
  }
}
