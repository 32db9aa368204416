internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Looks for the smallest changes that make a program fit, each held against the chip by the same
/// ``Fitting``.
struct EditSearch {
  let chip: Chip
  var accepted: Set<ErrorCode>
  let facts: [String: Int]
  /// The program as other options would give it, which the other edits start from.
  var base: SpikingProgram
  var options: [String]
  /// What the base has that the program has not, in words.
  var before: [String] = []
  private(set) var edits: [Certificate.Edit] = []
  /// The layers that are changed one at a time: those that miss something, at most this many.
  private static let largestLayerCount = 4

  /// The share of its source's channels that the program has no more.
  private let removed: Double
  /// Asked now and then; where it says true no more changes are tried.
  private let stop: () -> Bool

  /// - Throws: `SYN0501` for a demand that has no value.
  init(
    _ program: SpikingProgram, _ chip: Chip, _ misses: [Certificate.Miss],
    accepted: Set<ErrorCode>, removed: Double = 0, stop: @escaping () -> Bool = { false }
  ) throws(PackError) {
    self.stop = stop
    self.removed = removed
    self.chip = chip
    self.accepted = accepted
    let converted = OptionEdit(
      ProgramEdit.shapeOnly(program), chip,
      weightValues: ProgramFacts(program, chip).weightValues)
    facts = converted.weightValues
    base = converted.program
    options = converted.options
    var remaining = misses
    if !options.isEmpty {
      let fitting = try Fitting(base, chip, weightValues: facts, accepted: accepted)
      add(.options, nil, "convert with \(options.joined(separator: " "))", options, fitting)
      remaining = fitting.misses
      before.append(Certificate.theseOptions)
      guard !remaining.isEmpty else { return }
    }
    try tryUnchecked(&remaining)
    try tryThresholds(&remaining)
    if !remaining.isEmpty {
      try tryMoreChips(remaining)
      try tryUngrouped(&remaining)
      try tryUnpooled(&remaining)
      try tryShallower(&remaining)
    }
    if !remaining.isEmpty, !stop() { try trySmaller(remaining) }
    sort()
  }

  /// Less time, narrower weights, fewer channels, wider strides.
  private mutating func trySmaller(_ remaining: [Certificate.Miss]) throws(PackError) {
    try tryTimesteps()
    guard !stop() else { return }
    let narrow = try tryWidths()
    try tryLayers(remaining)
    guard !stop() else { return }
    try tryThinning(base, .width, "")
    guard !stop() else { return }
    try tryShrinking(base, .width, "", [])
    if let narrow, !edits.contains(where: \.fits), !stop() {
      let program = ProgramEdit.narrowed(base, bits: narrow)
      let also = " and \(narrow) bits a weight"
      try tryThinning(program, .combined, also)
      try tryShrinking(program, .combined, also, OptionEdit.weightBits(narrow))
      if !edits.contains(where: \.fits) { try tryCoarser(program, also, narrow) }
    }
  }

  private mutating func sort() {
    // A stable partition: those that fit come first, each part in the order of the search.
    edits = edits.filter(\.fits) + edits.filter { !$0.fits }
  }

  mutating func add(
    _ kind: Certificate.Edit.Kind, _ layer: String?, _ text: String, _ options: [String],
    _ fitting: Fitting, parts: [String] = []
  ) {
    let fits = fitting.misses.isEmpty
    let also =
      before.isEmpty || kind == .options
      ? "" : ", with " + before.filter { $0 != text }.joined(separator: " and ")
    edits.append(
      Certificate.Edit(
        kind: kind, layer: layer, text: also == ", with " ? text : text + also, parts: parts,
        options: kind == .options ? options : EditSearch.merged(self.options, options),
        optionsSuffice: kind == .options
          || [.chips, .weightBits, .timesteps].contains(kind)
            && before.count == (self.options.isEmpty ? 0 : 1),
        fits: fits,
        cores: fits ? fitting.cores.count : nil, remaining: fitting.misses.first?.text))
  }

  /// Options with later values instead of earlier ones.
  static func merged(_ first: [String], _ second: [String]) -> [String] {
    var merged = first
    for index in stride(from: 0, to: second.count - 1, by: 2) {
      if let place = merged.firstIndex(of: second[index]), place + 1 < merged.count {
        merged[place + 1] = second[index + 1]
      } else {
        merged += second[index...index + 1]
      }
    }
    return merged
  }

  func fitting(_ program: SpikingProgram) throws(PackError) -> Fitting {
    try Fitting(program, chip, weightValues: facts, accepted: accepted)
  }

  /// Fewer channels where they are missed, and no fewer than that.
  private mutating func tryShrinking(
    _ program: SpikingProgram, _ kind: Certificate.Edit.Kind, _ also: String, _ options: [String]
  ) throws(PackError) {
    let first = try fitting(program)
    guard !first.misses.isEmpty else { return }
    let search = self
    var shrinking = Shrinking(program, budget: EditSearch.shrinkingFits, stop: stop) {
      (program) throws(PackError) in try search.fitting(program)
    }
    guard let result = try shrinking.result(first.misses), !result.changes.isEmpty else { return }
    let changes = result.changes.map { "`\($0.layer)` \($0.stays) of \($0.of)" }
    add(
      kind, nil, "fewer channels: \(EditSearch.listed(changes))\(also)", options, result.fitting,
      parts: changes)
  }

  private static let shrinkingFits = 96

  /// Wider strides of the layers that hear the input, where channels alone do not help.
  private mutating func tryCoarser(
    _ program: SpikingProgram, _ also: String, _ bits: Int
  ) throws(PackError) {
    for factor in [2, 4, 8] where !stop() {
      var coarse: SpikingProgram? = program
      for layer in program.populations.indices
      where program.incoming(layer).contains(where: { $0.source == .input }) {
        coarse = coarse.flatMap { ProgramEdit.stride($0, layer, factor: factor) }
      }
      guard let coarse else { return }
      let text = " with \(factor) times the first stride\(also)"
      let options = OptionEdit.weightBits(bits)
      let fitting = try fitting(coarse)
      guard !fitting.misses.isEmpty else {
        return add(.combined, nil, String(text.dropFirst()), options, fitting)
      }
      try tryShrinking(coarse, .combined, text, options)
      if edits.contains(where: \.fits) { return }
    }
  }

  /// Half of T, again and again, where a chip cares.
  private mutating func tryTimesteps() throws(PackError) {
    guard chip.mentions(DemandVariable.timesteps.rawValue) else { return }
    var program = base
    var last: Fitting?
    while program.timesteps > 1, last?.misses.isEmpty != true {
      program.timesteps /= 2
      last = try fitting(program)
    }
    guard let last else { return }
    let ticks = program.timesteps
    add(
      .timesteps, nil, "\(ticks) ticks (--timesteps \(ticks))", ["--timesteps", "\(ticks)"], last)
  }

  /// The widest weights that would do, or the narrowest; `nil` where none are narrower.
  private mutating func tryWidths() throws(PackError) -> Int? {
    let widest = base.connections.map(\.weightBits).max() ?? 2
    let least = max(2, chip.neurons.weightBits?.lowerBound ?? 2)
    var last: (bits: Int, fitting: Fitting)?
    for bits in stride(from: widest - 1, through: least, by: -1) where !stop() {
      let fitting = try fitting(ProgramEdit.narrowed(base, bits: bits))
      last = (bits, fitting)
      if fitting.misses.isEmpty { break }
    }
    guard let (bits, fitting) = last else { return nil }
    let option = OptionEdit.weightBits(bits)
    add(
      .weightBits, nil, "\(bits) bits a weight (\(option.joined(separator: " ")))", option, fitting)
    return bits
  }

  private mutating func tryLayers(_ misses: [Certificate.Miss]) throws(PackError) {
    var names: [String] = []
    for miss in misses {
      for name in miss.hall?.layers ?? [miss.layer].compactMap({ $0 }) where !names.contains(name) {
        names.append(name)
      }
    }
    for name in names.prefix(EditSearch.largestLayerCount) where !stop() {
      guard let layer = base.populations.firstIndex(where: { $0.name == name }) else { continue }
      try tryChannels(layer, name)
      try tryStride(layer, name)
      if chip.takes == .layers { try trySplit(layer, name) }
    }
  }

  /// The most channels with which everything fits: a bisection, as demands grow with channels.
  private mutating func tryChannels(_ layer: Int, _ name: String) throws(PackError) {
    let channels = base.populations[layer].shape.planes?.channels ?? 0
    guard layer != base.readout.population, channels > 1 else { return }
    guard let one = ProgramEdit.cut(base, layer, channels: 1) else { return }
    let least = try fitting(one)
    guard least.misses.isEmpty else {
      return add(.channels, name, "layer `\(name)` with 1 of its \(channels) channels", [], least)
    }
    var (low, high) = (1, channels)
    var best = least
    while high - low > 1 {
      let middle = low + (high - low) / 2
      guard let program = ProgramEdit.cut(base, layer, channels: middle) else { return }
      let fitting = try fitting(program)
      if fitting.misses.isEmpty {
        (low, best) = (middle, fitting)
      } else {
        high = middle
      }
    }
    add(.channels, name, "layer `\(name)` with \(low) of its \(channels) channels", [], best)
  }

  private mutating func tryStride(_ layer: Int, _ name: String) throws(PackError) {
    guard let program = ProgramEdit.stride(base, layer, factor: 2) else { return }
    add(
      .stride, name, "layer `\(name)` with twice its stride", [], try fitting(program))
  }

  private mutating func trySplit(_ layer: Int, _ name: String) throws(PackError) {
    var last: (parts: Int, fitting: Fitting)?
    for parts in [2, 3, 4, 8] {
      guard let program = ProgramEdit.split(base, layer, parts: parts) else { continue }
      let fitting = try fitting(program)
      last = (parts, fitting)
      if fitting.misses.isEmpty { break }
    }
    guard let (parts, fitting) = last else { return }
    add(.split, name, "layer `\(name)` split by channels over \(parts) cores", [], fitting)
  }

  /// The largest share of all channels that would do, or the smallest.
  private mutating func tryThinning(
    _ program: SpikingProgram, _ kind: Certificate.Edit.Kind, _ also: String
  ) throws(PackError) {
    var last: (eighths: Int, fitting: Fitting)?
    for eighths in stride(from: 7, through: 1, by: -1) where !stop() {
      guard let program = ProgramEdit.thinned(program, eighths: eighths) else { return }
      let fitting = try fitting(program)
      last = (eighths, fitting)
      if fitting.misses.isEmpty { break }
    }
    guard let (eighths, fitting) = last else { return }
    // The option counts from the source network, takes as many in all, and from each layer as many as
    // it can spare.
    let share = 1 - (1 - removed) * Double(eighths) / 8
    let value = (share * 1e4).rounded() / 1e4
    add(
      kind, nil,
      "\(eighths)/8 of the channels of every layer (near --channel-sparsity \(value), which takes "
        + "them where they matter least, so place again behind it)\(also)", [], fitting)
  }
}
