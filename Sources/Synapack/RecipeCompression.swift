internal import SynapackCompress
internal import SynapackConvert
internal import SynapackSupport

/// What a recipe says of making weights small.
extension Recipe {
  /// Whether the weights are to be made small beyond rounding them to a width that loses nothing.
  public var compresses: Bool {
    weightBits < 8 || meanBits != nil || weightLevels != "uniform" || bitPrice > 0 || removesWeights
  }

  /// Whether channels are to go.
  public var losesChannels: Bool { channelShare > 0 }

  /// Whether anything is trained.
  public var trains: Bool { distilSteps > 0 || distilSourceSteps > 0 }

  /// The share of channels that go.
  var channelShare: Double { prune == "channel" ? sparsity : channelSparsity }

  /// The share of single weights that go.
  var weightShare: Double { prune == "channel" ? 0 : sparsity }

  /// Whether single weights are to be zero.
  var removesWeights: Bool { weightShare > 0 || !["weight", "channel"].contains(prune) }

  /// The integers that a weight may be.
  ///
  /// - Throws: `SYN0701` for a width that powers of two do not have, `SYN0703` for an unknown name.
  func levels() throws(PackError) -> WeightLevels {
    switch weightLevels {
    case "uniform", "axon-table": return .uniform(bits: weightBits)
    case "ternary": return .uniform(most: 1)
    case "binary": return .signs
    case "power-of-two":
      // One bit for the sign; the others count 0 and the exponents.
      try Recipe.check("weight-bits", weightBits, 3...5)
      return .powersOfTwo(exponents: (1 << (weightBits - 1)) - 1)
    default:
      throw Recipe.unknown(
        "weight-levels", weightLevels, "uniform, ternary, binary, power-of-two or axon-table")
    }
  }

  /// The width that holds the levels as integers.
  func storedBits() throws(PackError) -> Int {
    let most = try levels().most
    return Int.bitWidth - most.leadingZeroBitCount + 1
  }

  /// N and M of `--prune N:M`; `nil` where weights go one by one, or by channels.
  ///
  /// - Throws: `SYN0703` for anything else.
  func pattern() throws(PackError) -> PruningPlan? {
    guard !["weight", "channel"].contains(prune) else { return nil }
    let parts = prune.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let kept = parts[0], let size = parts[1], kept > 0, size > kept,
      size <= 256
    else { throw Recipe.unknown("prune", prune, "weight, channel, or N:M such as 2:4") }
    return .groups(kept: kept, size: size)
  }

  /// - Throws: `SYN0701` for a share or price out of range or a method that solves no weights,
  ///   `SYN0703` for an unknown name.
  func checkCompression() throws(PackError) {
    guard ["second-order", "nearest"].contains(solver) else {
      throw Recipe.unknown("solver", solver, "second-order or nearest")
    }
    guard (0..<1).contains(sparsity) else {
      throw PackError(
        .badOption, "a sparsity of \(sparsity)", at: .option("--sparsity"),
        hint: "use the share of weights to remove, from 0 up to but not including 1")
    }
    try checkChannels()
    for (option, price) in [("--spike-price", spikePrice), ("--bit-price", bitPrice)]
    where !(0...1e6).contains(price) {
      throw PackError(
        .badOption, "a price of \(price); 0 to 1000000 can be asked for", at: .option(option),
        hint: "use 0 for none, 1 to 5 for a noticeable saving")
    }
    _ = try levels()
    try checkMean()
    let pattern = try pattern()
    guard pattern == nil || sparsity == 0 else {
      throw PackError(
        .badOption, "\(prune) and a sparsity of \(sparsity) both say how many weights go",
        at: .option("--prune"), hint: "leave one of them out")
    }
    try checkSolves()
    try checkTables()
  }

  private func checkTables() throws(PackError) {
    guard weightLevels == "axon-table" else { return }
    try Recipe.check("weight-bits", weightBits, 2...9)
    let others: [(String, Bool)] = [
      ("--solver", solver != "second-order"), ("--bit-price", bitPrice > 0),
      ("--distil", distilSteps > 0),
    ]
    for (option, isAsked) in others where isAsked {
      throw PackError(
        .badOption, "tables of weights are solved by second order, for their errors alone",
        at: .option(option), hint: "leave it out")
    }
  }

  private func checkMean() throws(PackError) {
    guard let meanBits else { return }
    guard (2...Double(max(2, min(weightBits, 8)))).contains(meanBits), weightBits <= 8 else {
      throw PackError(
        .badOption, "\(meanBits) bits a weight on average, \(weightBits) at most",
        at: .option("--mean-bits"), hint: "use 2 up to --weight-bits, which is 8 at most")
    }
    guard weightLevels == "uniform" else {
      throw PackError(
        .badOption, "\(weightLevels) levels have one width", at: .option("--mean-bits"),
        hint: "use `--weight-levels uniform`")
    }
    guard thresholdScope == "channel" else {
      throw PackError(
        .badOption, "a threshold a layer leaves the widths of its weights no choice",
        at: .option("--mean-bits"), hint: "use `--threshold-scope channel`")
    }
  }

  private func checkChannels() throws(PackError) {
    guard (0..<1).contains(channelSparsity) else {
      throw PackError(
        .badOption, "a share of \(channelSparsity) of the channels",
        at: .option("--channel-sparsity"),
        hint: "use the share of channels to remove, from 0 up to but not including 1")
    }
    guard prune != "channel" || (sparsity > 0) != (channelSparsity > 0) else {
      throw PackError(
        .badOption, "one number must say how many channels go", at: .option("--prune"),
        hint: "use `--prune channel --sparsity 0.5`, or --channel-sparsity alone")
    }
    guard distilSourceSteps == 0 || channelShare > 0 else {
      throw PackError(
        .badOption, "the source network is trained where it loses channels, and it loses none",
        at: .option("--distil-source-steps"), hint: "add --channel-sparsity, or leave it out")
    }
  }

  /// Only a method that solves weights can make them small beyond their width, and only one that
  /// searches neurons can weigh their spikes.
  private func checkSolves() throws(PackError) {
    let fit = BalancingMethods.named(method)?.fit
    guard spikePrice == 0 || fit?.searchesNeurons == true else {
      throw PackError(
        .badOption, "the method \(method) searches no neurons, which this option asks for",
        at: .option("--spike-price"), hint: "use `--method refit`")
    }
    guard thresholdScope == "channel" || weightLevels == "uniform" else {
      throw PackError(
        .badOption, "\(weightLevels) levels leave no scale that lets thresholds be the same",
        at: .option("--threshold-scope"), hint: "use `--weight-levels uniform`")
    }
    guard fit?.refitsWeights != true else { return }
    let asked: [(String, Bool)] = [
      ("--sparsity", weightShare > 0), ("--prune", try pattern() != nil),
      ("--bit-price", bitPrice > 0), ("--mean-bits", meanBits != nil),
      ("--weight-levels", weightLevels != "uniform" && weightLevels != "ternary"),
    ]
    for (option, isAsked) in asked where isAsked {
      throw PackError(
        .badOption, "the method \(method) solves no weights, which this option asks for",
        at: .option(option), hint: "use `--method refit`")
    }
  }
}
