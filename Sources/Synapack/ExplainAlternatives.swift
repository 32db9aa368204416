internal import SynapackConvert
internal import SynapackProgram
internal import SynapackSupport

extension Job {
  /// Adds what other conversions of the same model reach where this one loses something: with numbers
  /// as wide as by default, and where neither these nor a change of one layer give all of it back with
  /// more ticks, other neurons, a constant current for Poisson spikes, or what was asked for of
  /// balancing and readout as it is by default, and with still wider numbers where the program loses
  /// more than its conversion to wide ones. The best comes first.
  func addAlternatives(
    to drop: inout DropReport, _ recipe: Recipe,
    _ measured: (Recipe) throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) {
    guard !drop.losesNothing else { return }
    defer { drop.alternatives.sort { $0.isBetter(than: $1) } }
    try addWidenings(to: &drop, recipe, measured)
    guard (drop.remedied?.overall).map(drop.isRegained) != true,
      drop.cause?.measured.map(drop.isRegained) != true
    else { return }
    let balanced = drop.stages.first { $0.name == "balanced" }
    let isQuantized = drop.quantized.flatMap { balanced?.isBetter(than: $0) } ?? false
    for (name, other) in (isQuantized ? recipe.wider : []) + recipe.alternatives {
      guard !drop.alternatives.contains(where: { $0.name == name }),
        let reached = try orNone({ () throws(PackError) in try measured(other) })
      else { continue }
      drop.alternatives.append(stage(name, reached))
    }
  }

  /// What was measured, or nothing where there is no such conversion of the model.
  private func orNone(
    _ measure: () throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) -> Evaluation.Spiking? {
    do throws(PackError) {
      return try measure()
    } catch {
      guard [.usage, .badInput].contains(ErrorCatalog.explanation(of: error.code)?.kind) else {
        throw error
      }
      return nil
    }
  }

  private func addWidenings(
    to drop: inout DropReport, _ recipe: Recipe,
    _ measured: (Recipe) throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) {
    var tried: [(widening: Widening, reached: DropReport.Stage)] = []
    var widenings = recipe.widenings
    let all = widenings
    if all.count > 1 {
      widenings.append(
        Widening(cause: "widths", option: all.map(\.option).joined(separator: " ")) { recipe in
          for widening in all { widening.change(&recipe) }
        })
    }
    for widening in widenings {
      // Several together are tried only where none alone gives all of it back.
      guard !tried.contains(where: { drop.isRegained($0.reached) }) || widening.cause != "widths",
        let other = recipe.changed(widening.change),
        let reached = try orNone({ () throws(PackError) in try measured(other) })
      else { continue }
      tried.append((widening, stage(widening.option, reached)))
    }
    drop.alternatives += tried.map(\.reached)
    drop.blame(tried)
  }
}

extension Recipe {
  /// The same conversion before its values become narrow integers, read after its last tick.
  var balanced: Recipe {
    var recipe = self
    (recipe.weightBits, recipe.biasBits, recipe.membraneBits, recipe.inputBits) = (16, 32, 32, 16)
    (recipe.readoutBits, recipe.shortcutBits) = (32, 16)
    (recipe.weightLevels, recipe.meanBits) = ("uniform", nil)
    (recipe.sparsity, recipe.prune) = (0, recipe.prune == "channel" ? recipe.prune : "weight")
    // Gates change no payload, and need widths of their own.
    (recipe.earlyExit, recipe.gated) = (nil, false)
    return recipe
  }

  /// The conversion with numbers wider than by default, for networks that need them.
  var wider: [(name: String, recipe: Recipe)] {
    let (most, widest) = (balanced.weightBits, balanced.biasBits)
    return [
      ("--weight-bits", \Recipe.weightBits, min(most, weightBits + 4)),
      ("--bias-bits", \Recipe.biasBits, min(widest, biasBits + 8)),
    ].compactMap { option, path, bits in
      guard bits > self[keyPath: path] else { return nil }
      return changed { $0[keyPath: path] = bits }.map { ("\(option) \(bits)", $0) }
    }
  }

  /// What could be asked for instead where a conversion is as good as its neurons and ticks allow.
  var alternatives: [(name: String, recipe: Recipe)] {
    var list: [(name: String, recipe: Recipe)] = []
    func add(_ name: String, _ change: (inout Recipe) -> Void) {
      if let other = changed(change) { list.append((name, other)) }
    }
    // Recorded events have the ticks that they have.
    if input != InputKind.events.rawValue {
      add("--timesteps \(2 * timesteps)") { $0.timesteps *= 2 }
    }
    if input == InputKind.poisson.rawValue { add("--input current") { $0.input = "current" } }
    list += restored
    if schedule == "wavefront" || schedule == "tick" {
      add("--schedule staggered:4") { $0.schedule = "staggered:4" }
    }
    if neuron == "if" { add("--neuron multi:4") { $0.neuron = "multi:4" } }
    return list
  }

  /// The conversion with each way of balancing and reading that was asked for as it is by default.
  private var restored: [(name: String, recipe: Recipe)] {
    let usual = Recipe()
    let words: [(String, WritableKeyPath<Recipe, String>)] = [
      ("method", \.method), ("start", \.start), ("threshold-scope", \.thresholdScope),
      ("reset", \.reset),
    ]
    var changes: [(name: String, change: (inout Recipe) -> Void)] = []
    if readoutDelay > 0 { changes.append(("--readout-delay 0", { $0.readoutDelay = 0 })) }
    for (option, path) in words where self[keyPath: path] != usual[keyPath: path] {
      let value = usual[keyPath: path]
      changes.append(("--\(option) \(value)", { $0[keyPath: path] = value }))
    }
    let prices: [(String, WritableKeyPath<Recipe, Double>)] = [
      ("spike-price", \.spikePrice), ("bit-price", \.bitPrice),
    ]
    for (option, path) in prices where self[keyPath: path] > 0 {
      changes.append(("--\(option) 0", { $0[keyPath: path] = 0 }))
    }
    return changes.compactMap { name, change in changed(change).map { (name, $0) } }
  }

  /// The recipe with a change, read after its last tick; `nil` where there is no such conversion.
  func changed(_ change: (inout Recipe) -> Void) -> Recipe? {
    var other = self
    (other.earlyExit, other.gated) = (nil, false)
    change(&other)
    return (try? other.options()) == nil ? nil : other
  }
}
