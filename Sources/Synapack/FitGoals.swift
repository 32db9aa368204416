internal import SynapackCompress
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What a fit is to reach beside small errors.
struct FitGoals {
  var compression: (any LayerCompression)?
  var price: SpikePrice?
}

extension Pipeline {
  /// The goals that the recipe asks for.
  func fitGoals(
    _ spiking: Graph<Spiking>, _ encoding: InputEncoding, _ options: ConversionOptions,
    _ values: [Float]
  ) throws(PackError) -> FitGoals {
    var goals = FitGoals()
    var pruning = try recipe.pattern() ?? .none
    var price: BitPrice?
    if recipe.weightShare > 0 || recipe.spikePrice > 0 || recipe.bitPrice > 0 {
      let outline = try outline(spiking, encoding, options)
      if recipe.weightShare > 0 {
        pruning = .shares(LayerBudgets.adaptive(outline, sparsity: recipe.weightShare))
      }
      if recipe.spikePrice > 0 {
        goals.price = SpikePrice(weight: recipe.spikePrice, of: outline.program)
      }
      if recipe.bitPrice > 0 {
        price = BitPrice(weight: recipe.bitPrice, weights: outline.program.weightCounts.all)
      }
    }
    guard recipe.compresses else { return goals }
    goals.compression = try compression(
      pruning, price, widths: widths(spiking, options, values))
    return goals
  }

  private func compression(
    _ pruning: PruningPlan, _ price: BitPrice?, widths: [String: Int]
  ) throws(PackError) -> any LayerCompression {
    if recipe.weightLevels == "axon-table" {
      return AxonTableCompression(
        weightBits: recipe.weightBits, pruning: pruning, threads: threads)
    }
    let levels = try recipe.levels()
    let levelsOf = widths.mapValues { WeightLevels.uniform(bits: $0) }
    guard recipe.solver == "second-order" else {
      var nearest = NearestCompression(levels: levels, pruning: pruning)
      nearest.levelsOf = levelsOf
      return nearest
    }
    var solve = SecondOrderCompression(
      levels: levels, pruning: pruning, price: price, threads: threads)
    solve.levelsOf = levelsOf
    return solve
  }

  /// The widths of layers that have their own.
  private func widths(
    _ spiking: Graph<Spiking>, _ options: ConversionOptions, _ values: [Float]
  ) throws(PackError) -> [String: Int] {
    guard let mean = recipe.meanBits else { return [:] }
    var options = options
    // So many ticks that the rates of neurons that nobody has fitted yet are nearly real numbers.
    (options.timesteps, options.schedule, options.narrowsWeights) = (255, .accumulate, false)
    options.input = .current
    let encoding = try options.input.encoding(
      of: values, bits: options.inputBits, seed: options.seed)
    let outline = try outline(spiking, encoding, options)
    let inputs = encode(values, outline.program, limit: LayerWidths.samples).map {
      $0.map(Float.init)
    }
    let widths = max(2, Int(mean))...max(2, Int(mean), recipe.weightBits)
    return try LayerWidths(mean: mean, range: widths, threads: threads)
      .allocated(outline, inputs: inputs)
  }

  /// The network before anything is made smaller, from which budgets and prices follow.
  private func outline(
    _ spiking: Graph<Spiking>, _ encoding: InputEncoding, _ options: ConversionOptions
  ) throws(PackError) -> LoweredProgram {
    var unused = Report()
    var whole = options
    whole.weightBits = 16
    return try ProgramLowering.lower(spiking, input: encoding, options: whole, &unused)
  }

  /// What a fit needs, where the method is one.
  func fit(
    _ graph: Graph<Analog>, _ plan: SpikingPlan, _ values: [Float], _ frames: [Float]?,
    _ options: ConversionOptions, _ goals: FitGoals, _ report: inout Report
  ) throws(PackError) -> FitRequest? {
    guard let steps = BalancingMethods.named(options.method)?.fit else { return nil }
    let samples = try stage("reference", &report) { (_) throws(PackError) in
      try FitSamples(
        graph, sites: plan.sites, samples: values, frames: frames, timesteps: options.timesteps,
        threads: threads)
    }
    let given = values.count / max(1, graph.inputs.first.map { graph.shape(of: $0).count } ?? 1)
    if samples.count < given {
      report.add(
        Finding(
          .fitLimited, .note, "the fit uses \(samples.count) of \(given) calibration inputs"))
    }
    return FitRequest(
      steps, samples, sites: plan.sites, threads: threads, compression: goals.compression,
      price: goals.price)
  }
}
