internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Looks for the most channels with which a program fits, layer by layer.
///
/// Channels go where they are missed: of the layers that a neuron hears where its axons or
/// synapses are too many, of the layer itself and those before it where its memory is, of all
/// layers where the cores do not suffice. What was taken is then given back, layer by layer, as
/// far as everything still fits. Layers that grouped convolutions tie together change together.
struct Shrinking {
  private let base: SpikingProgram
  private let fit: (SpikingProgram) throws(PackError) -> Fitting
  /// Layers that change together, ascending; the layer that is read out is in none.
  private let bundles: [[Int]]
  /// For each bundle the share of its channels that stays, in 64ths.
  private var shares: [Int]
  private static let whole = 64
  /// Fits that are tried at most.
  private var budget: Int
  private let stop: () -> Bool

  /// What a search came to.
  struct Result {
    var fitting: Fitting
    /// The layers with fewer channels, with how many stay of how many.
    var changes: [(layer: String, stays: Int, of: Int)]
  }

  /// - Parameters:
  ///   - base: a program without weights.
  ///   - budget: fits that are tried at most.
  ///   - stop: asked before each; where it says true no more are tried.
  ///   - fit: holds a program against the chip.
  init(
    _ base: SpikingProgram, budget: Int, stop: @escaping () -> Bool = { false },
    fit: @escaping (SpikingProgram) throws(PackError) -> Fitting
  ) {
    self.base = base
    self.budget = budget
    self.stop = stop
    self.fit = fit
    bundles = Shrinking.bundles(of: base)
    shares = bundles.map { _ in Shrinking.whole }
  }

  /// The largest program that was found to fit, or the last that did not; `nil` where nothing can
  /// be cut.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  mutating func result(_ misses: [Certificate.Miss]) throws(PackError) -> Result? {
    guard var last = try shrunk(misses) else { return nil }
    if last.misses.isEmpty { try grow(&last) }
    return Result(fitting: last, changes: changes)
  }

  private mutating func shrunk(_ misses: [Certificate.Miss]) throws(PackError) -> Fitting? {
    var misses = misses
    var last: Fitting?
    while !misses.isEmpty, budget > 0, !stop() {
      var changed = false
      for miss in misses where cut(miss) { changed = true }
      guard changed, let program = edited() else { return last }
      budget -= 1
      let fitting = try fit(program)
      last = fitting
      misses = fitting.misses
    }
    return last
  }

  /// Takes channels for one miss; whether any were left to take.
  private mutating func cut(_ miss: Certificate.Miss) -> Bool {
    let excess = Double(miss.capacity ?? 1) / Double(max(1, miss.demand ?? 2))
    let share = min(0.94, max(0.5, excess))
    var changed = false
    for index in bundles.indices where concerns(miss, bundles[index]) {
      let next = next(index, below: Int(Double(shares[index]) * share))
      if next < shares[index] {
        shares[index] = next
        changed = true
      }
    }
    return changed
  }

  /// The largest share at most `share`, below the present one, that changes some layer.
  private func next(_ index: Int, below share: Int) -> Int {
    let now = channels(of: index, share: shares[index])
    var share = min(share, shares[index] - 1)
    while share > 0, channels(of: index, share: share) == now { share -= 1 }
    return share > 0 ? share : shares[index]
  }

  /// Whether fewer channels of some layer in `bundle` help against `miss`.
  private func concerns(_ miss: Certificate.Miss, _ bundle: [Int]) -> Bool {
    let names = miss.hall?.layers ?? [miss.layer].compactMap { $0 }
    guard miss.code != .doesNotFit, !names.isEmpty else { return true }
    return names.contains { name in
      guard let layer = base.populations.firstIndex(where: { $0.name == name }) else {
        return false
      }
      let heard = base.incoming(layer).compactMap { connection -> Int? in
        guard case .population(let source) = connection.source else { return nil }
        return source
      }
      return bundle.contains(layer) || bundle.contains(where: heard.contains)
    }
  }

  /// Gives each bundle back as many channels as still fit.
  private mutating func grow(_ last: inout Fitting) throws(PackError) {
    for index in bundles.indices where shares[index] < Shrinking.whole {
      var (low, high) = (shares[index], Shrinking.whole + 1)
      while high - low > 1, budget > 0, !stop() {
        let middle = low + (high - low) / 2
        shares[index] = middle
        budget -= 1
        guard let program = edited() else { break }
        let fitting = try fit(program)
        if fitting.misses.isEmpty {
          (low, last) = (middle, fitting)
        } else {
          high = middle
        }
      }
      shares[index] = low
    }
  }

  // MARK: - Channels

  /// The channels of a bundle's layers: equal shares of their greatest common divisor, so that
  /// groups stay whole.
  private func channels(of index: Int, share: Int) -> [Int] {
    let all = bundles[index].map { base.populations[$0].shape.planes?.channels ?? 1 }
    let common = all.reduce(0, Shrinking.divisor)
    let parts = max(1, common * share / Shrinking.whole)
    return all.map { $0 / max(1, common) * parts }
  }

  private static func divisor(_ left: Int, _ right: Int) -> Int {
    right == 0 ? left : divisor(right, left % right)
  }

  private func edited() -> SpikingProgram? {
    var channels: [Int: Int] = [:]
    for (index, bundle) in bundles.enumerated() {
      for (layer, count) in zip(bundle, self.channels(of: index, share: shares[index])) {
        channels[layer] = count
      }
    }
    return ProgramEdit.resized(base, channels)
  }

  private var changes: [(layer: String, stays: Int, of: Int)] {
    var changes: [(layer: String, stays: Int, of: Int)] = []
    for (index, bundle) in bundles.enumerated() {
      let before = channels(of: index, share: Shrinking.whole)
      let after = channels(of: index, share: shares[index])
      for (place, layer) in bundle.enumerated() where after[place] < before[place] {
        changes.append((base.populations[layer].name, after[place], before[place]))
      }
    }
    return changes
  }

  /// Layers joined by grouped convolutions, whose channels belong to one another.
  private static func bundles(of program: SpikingProgram) -> [[Int]] {
    var first = Array(program.populations.indices)
    func root(_ layer: Int) -> Int {
      var layer = layer
      while first[layer] != layer { layer = first[layer] }
      return layer
    }
    var isFixed = Set([program.readout.population])
    for connection in program.connections {
      guard case .convolution(_, _, let groups) = connection.synapses, groups > 1 else { continue }
      guard case .population(let source) = connection.source else {
        isFixed.insert(connection.target)
        continue
      }
      let (a, b) = (root(source), root(connection.target))
      first[max(a, b)] = min(a, b)
    }
    var bundles: [Int: [Int]] = [:]
    for layer in program.populations.indices { bundles[root(layer), default: []].append(layer) }
    return bundles.sorted { $0.key < $1.key }.map(\.value).filter { bundle in
      !bundle.contains(where: isFixed.contains)
    }
  }
}
