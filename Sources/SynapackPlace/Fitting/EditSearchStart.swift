internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Edits of the whole program, which the other edits then start from.
extension EditSearch {
  /// Without the checks whose numbers nobody published, which no other change can help; the other
  /// edits then start from there.
  mutating func tryUnchecked(_ remaining: inout [Certificate.Miss]) throws(PackError) {
    guard remaining.contains(where: { $0.code == .missingNumber }) else { return }
    accepted.insert(.missingNumber)
    let fitting = try fitting(base)
    let option = ["--allow", ErrorCode.missingNumber.rawValue]
    let conversion =
      options.isEmpty ? "" : "convert with \(options.joined(separator: " ")), and go "
    let text =
      "\(conversion)without the check of what nobody published (\(option.joined(separator: " ")))"
    add(.options, nil, text, EditSearch.merged(options, option), fitting)
    options = EditSearch.merged(options, option)
    before = [Certificate.theseOptions]
    remaining = fitting.misses
  }

  /// One threshold a layer where cores have room for few different ones; the other edits then start
  /// from there if that leaves less to miss.
  mutating func tryThresholds(_ remaining: inout [Certificate.Miss]) throws(PackError) {
    guard !remaining.isEmpty, chip.mentions(DemandSet.thresholds.rawValue),
      let program = ProgramEdit.oneThresholdEach(base)
    else { return }
    let fitting = try fitting(program)
    guard fitting.misses.count < remaining.count || fitting.misses.isEmpty else { return }
    let all = EditSearch.merged(options, OptionEdit.oneThresholdEach)
    add(.options, nil, "convert with \(all.joined(separator: " "))", all, fitting)
    (base, options, before, remaining) = (program, all, [Certificate.theseOptions], fitting.misses)
  }

  /// Grouped convolutions written out in full, which the other edits then start from.
  mutating func tryUngrouped(_ remaining: inout [Certificate.Miss]) throws(PackError) {
    guard chip.mentions(DemandVariable.groups.rawValue),
      remaining.contains(where: { $0.resource == DemandVariable.groups.rawValue }),
      let program = ProgramEdit.ungrouped(base)
    else { return }
    let fitting = try fitting(program)
    let text = "grouped convolutions written out in full"
    add(.ungrouped, nil, text, [], fitting)
    before.append(text)
    base = program
    remaining = fitting.misses
  }

  /// Poolings that the chip has not, written out as weights.
  mutating func tryUnpooled(_ remaining: inout [Certificate.Miss]) throws(PackError) {
    let names = chip.limits.filter { limit in
      limit.value.mentions(DemandVariable.poolX.rawValue)
        || limit.value.mentions(DemandVariable.poolY.rawValue)
    }.map(\.name)
    guard remaining.contains(where: { names.contains($0.resource) }),
      let program = ProgramEdit.unpooled(base)
    else { return }
    let fitting = try fitting(program)
    // Kernels grow with the poolings: only worth it where fewer things are missing then.
    guard fitting.misses.count < remaining.count else { return }
    let text = "poolings written out as weights"
    add(.unpooled, nil, text, [], fitting)
    before.append(text)
    base = program
    remaining = fitting.misses
  }

  /// No more layers than a chip of whole layers has cores, which the other edits then start from.
  mutating func tryShallower(_ remaining: inout [Certificate.Miss]) throws(PackError) {
    guard chip.takes == .layers, base.populations.count > chip.cores,
      let (program, removed) = ProgramEdit.shallower(base, layers: chip.cores)
    else { return }
    let fitting = try fitting(program)
    let text =
      "without \(removed.count) of \(base.populations.count) layers "
      + "(\(EditSearch.listed(removed.map { "`\($0)`" })))"
    add(.depth, nil, text, [], fitting, parts: removed)
    before.append("\(removed.count) layers fewer")
    base = program
    remaining = fitting.misses
  }

  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? shown + " and \(names.count - 4) more" : shown
  }
}
