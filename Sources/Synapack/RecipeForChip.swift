internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport

/// Defaults that are those of the chip.
extension Recipe {
  /// Replaces every value that was not given and that the chip does not carry by the one of the
  /// chip that is nearest; what was given stays, and placing refuses it where it must.
  func following(_ chip: Chip, _ report: inout Report) -> Recipe {
    var recipe = self
    var changes: [String] = []
    func follow(_ key: String, _ value: String) { changes.append("--\(key) \(value)") }
    let able = chip.neurons
    if !given.contains("schedule"), let first = able.schedules.first,
      !able.schedules.contains(String(schedule.prefix { $0 != ":" }))
    {
      recipe.schedule = first == "staggered" ? "staggered:1" : first
      follow("schedule", recipe.schedule)
    }
    if !given.contains("input"), let first = able.inputs.first, !able.inputs.contains(input) {
      recipe.input = first
      follow("input", first)
    }
    if !given.contains("reset"), let first = able.resets.first, !able.resets.contains(reset) {
      recipe.reset = first
      follow("reset", first)
    }
    if !given.contains("threshold-scope"), able.thresholdScope == .layer,
      thresholdScope != "layer"
    {
      recipe.thresholdScope = "layer"
      follow("threshold-scope", "layer")
    }
    let widths: [(String, WritableKeyPath<Recipe, Int>, ClosedRange<Int>?, Int)] = [
      ("weight-bits", \.weightBits, able.weightBits, 2),
      ("shortcut-bits", \.shortcutBits, able.weightBits, 2),
      ("bias-bits", \.biasBits, able.biasBits, 4),
      ("membrane-bits", \.membraneBits, able.membraneBits, 8),
      ("readout-bits", \.readoutBits, able.membraneBits, 8),
    ]
    for (key, path, range, least) in widths where !given.contains(key) {
      guard let most = range?.upperBound, self[keyPath: path] > most, most >= least else {
        continue
      }
      recipe[keyPath: path] = most
      follow(key, "\(most)")
    }
    if !changes.isEmpty {
      report.add(
        Finding(
          .chipDefaults, .note,
          "\(chip.id) decides: \(changes.joined(separator: " "))"))
    }
    return recipe
  }
}
