internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Populations and connections side by side, matched by name.
struct LayerComparison {
  /// The weights of one connection that both programs have.
  struct Weights {
    var name: String
    var count: Int
    /// Entries that differ.
    var changed: Int
    /// √(Σ (new − old)² / Σ old²), in the integers' own units; `nil` where all old ones are zero.
    var distance: Double?
    var zerosBefore: Int
    var zerosAfter: Int
  }

  /// The parameters of one population that both programs have.
  struct Neurons {
    var name: String
    /// Neurons whose parameter differs.
    var thresholds: Int
    var biases: Int
    var initial: Int
  }

  private(set) var changes: [Change] = []
  private(set) var weights: [Weights] = []
  private(set) var neurons: [Neurons] = []

  init(_ old: SpikingProgram, _ new: SpikingProgram) {
    populations(old, new)
    connections(old, new)
    readout(old.readout, new.readout)
  }

  // MARK: - Populations

  private mutating func populations(_ old: SpikingProgram, _ new: SpikingProgram) {
    var known: [String: Population] = [:]
    for population in old.populations { known[population.name] = population }
    for population in new.populations {
      guard let before = known.removeValue(forKey: population.name) else {
        changes.append(Change(.behaviour, population.name, "none", words(population)))
        continue
      }
      compare(before, population)
    }
    for name in known.keys.sorted() {
      guard let gone = known[name] else { continue }
      changes.append(Change(.behaviour, name, words(gone), "none"))
    }
    let order = (old.populations.map(\.name), new.populations.map(\.name))
    if order.0 != order.1, order.0.sorted() == order.1.sorted() {
      changes.append(Change(.behaviour, "order of layers", "\(order.0)", "\(order.1)"))
    }
  }

  private func words(_ population: Population) -> String {
    let payloads = population.payloads
    return "\(population.shape), payloads \(payloads.lowerBound)...\(payloads.upperBound)"
  }

  private mutating func compare(_ before: Population, _ after: Population) {
    let (first, second) = (words(before), words(after))
    if first != second {
      changes.append(Change(.behaviour, after.name, first, second))
    } else if before.model != after.model || before.membrane != after.membrane {
      changes.append(
        Change(.behaviour, after.name, "its neurons", "another kind or width of neurons"))
    }
    guard before.shape == after.shape else { return }
    func differing(_ path: KeyPath<Population, Parameter>) -> Int {
      zip(
        before[keyPath: path].expanded(to: before.shape),
        after[keyPath: path].expanded(to: after.shape)
      ).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }
    let result = Neurons(
      name: after.name, thresholds: differing(\.thresholds), biases: differing(\.biases),
      initial: differing(\.initial))
    neurons.append(result)
    let numbers = [
      ("thresholds", result.thresholds), ("biases", result.biases), ("initial", result.initial),
    ]
    for (name, count) in numbers where count > 0 {
      changes.append(
        Change(
          .behaviour, "\(name) of \(after.name)", "", "\(count) of \(after.shape.count) changed"))
    }
  }

  // MARK: - Connections

  private mutating func connections(_ old: SpikingProgram, _ new: SpikingProgram) {
    var known: [String: [Connection]] = [:]
    for connection in old.connections {
      known[name(connection, old), default: []].append(connection)
    }
    for connection in new.connections {
      let name = name(connection, new)
      guard let before = known[name]?.first else {
        changes.append(Change(.behaviour, name, "none", words(connection)))
        continue
      }
      known[name]?.removeFirst()
      compare(before, connection, name)
    }
    for name in known.keys.sorted() {
      for gone in known[name] ?? [] {
        changes.append(Change(.behaviour, name, words(gone), "none"))
      }
    }
  }

  private func name(_ connection: Connection, _ program: SpikingProgram) -> String {
    let source =
      switch connection.source {
      case .input: program.input.name
      case .population(let index): program.populations[index].name
      }
    return "\(source) → \(program.populations[connection.target].name)"
  }

  private func words(_ connection: Connection) -> String {
    "weights \(connection.synapses.weights.shape)"
  }

  private mutating func compare(_ before: Connection, _ after: Connection, _ name: String) {
    let (first, second) = (before.synapses.weights, after.synapses.weights)
    guard first.shape == second.shape else {
      changes.append(Change(.behaviour, name, words(before), words(after)))
      return
    }
    if !hasSameForm(before, after) {
      changes.append(Change(.behaviour, name, "its windows or relays", "other ones"))
    }
    var (changed, missed, power) = (0, 0.0, 0.0)
    for (old, new) in zip(first.values, second.values) {
      if old != new { changed += 1 }
      let error = Double(new) - Double(old)
      missed += error * error
      power += Double(old) * Double(old)
    }
    let result = Weights(
      name: name, count: first.values.count, changed: changed,
      distance: power > 0 ? (missed / power).squareRoot() : nil,
      zerosBefore: first.values.count - first.nonzeroCount,
      zerosAfter: second.values.count - second.nonzeroCount)
    weights.append(result)
    guard changed > 0 else { return }
    changes.append(
      Change(.behaviour, "weights of \(name)", "", "\(changed) of \(result.count) changed"))
  }

  private func hasSameForm(_ before: Connection, _ after: Connection) -> Bool {
    guard before.relays == after.relays else { return false }
    switch (before.synapses, after.synapses) {
    case (.dense, .dense): return true
    case (.convolution(_, let first, let groups), .convolution(_, let second, let others)):
      return first == second && groups == others
    case (.dense, .convolution), (.convolution, .dense): return false
    }
  }

  private mutating func readout(_ before: Readout, _ after: Readout) {
    if before.discards != after.discards {
      changes.append(
        Change(.behaviour, "ticks left out", "\(before.discards)", "\(after.discards)"))
    }
    if before.exit?.limits != after.exit?.limits {
      changes.append(Change(.behaviour, "limits of the early exit", "", "changed"))
    }
  }
}
