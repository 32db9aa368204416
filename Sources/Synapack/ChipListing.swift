internal import SynapackPlace
internal import SynapackSupport
internal import SynapackTensor

/// A chip's limits with their sources, as lines for people and as JSON.
struct ChipListing {
  let chip: Chip

  init(_ chip: Chip) {
    self.chip = chip
  }

  /// What demands and limits come to for given counts, by the name of the resource or limit.
  struct Amounts {
    var resources: [String: Int] = [:]
    var limits: [String: Int] = [:]
  }

  func amounts(_ text: String) throws(PackError) -> Amounts {
    let counts = try NamedCounts(text)
    var amounts = Amounts()
    for resource in chip.resources {
      amounts.resources[resource.name] = try resource.demand.amount(counts)
    }
    for limit in chip.limits { amounts.limits[limit.name] = try limit.value.amount(counts) }
    return amounts
  }

  // MARK: - Lines

  func lines(_ amounts: Amounts?) -> [String] {
    var lines = ["\(chip.id): \(chip.name)"]
    let access = chip.kind.obstacle.map { "\(chip.kind.rawValue): \($0)" } ?? chip.kind.rawValue
    lines.append("  access: \(access)")
    if !chip.note.isEmpty { lines.append("  \(chip.note)") }
    lines.append(
      "  cores: \(chip.mesh.x) × \(chip.mesh.y), each takes "
        + (chip.takes == .layers ? "one whole layer" : "blocks of layers")
        + source(chip.meshSource, .document))
    if let board = chip.board {
      let step =
        board.crossing.map { "counts \($0) hops more" }
        ?? "takes what nobody published, so that a placement that crosses has no cost"
      let place =
        board.hasSeveral
        ? "on a board of \(board.chips.x) × \(board.chips.y) chips"
        : "several are joined by --chip \(chip.id):ACROSSxDOWN"
      lines.append(
        "    \(place); a step from one to the next \(step)" + source(board.source, .document))
    }
    for kind in chip.kinds where chip.kinds.count > 1 {
      let takes =
        kind.accepts.isEmpty ? "" : " for " + kind.accepts.map(\.rawValue).joined(separator: ", ")
      let has = kind.capacities.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      lines.append(
        "    \(kind.count) of \(kind.name)\(takes)"
          + (has.isEmpty ? "" : ": " + has.joined(separator: ", "))
          + source(kind.source, .document))
    }
    lines.append("resources")
    for resource in chip.resources {
      let amount = amounts.flatMap { $0.resources[resource.name] }.map { " = \($0)" } ?? ""
      lines.append(
        "  \(resource.name) (of a \(resource.scope.rawValue)): \(capacity(resource)); a program "
          + "takes \(resource.demand.text)\(amount)" + source(resource.source, resource.basis))
    }
    if !chip.limits.isEmpty { lines.append("limits") }
    for limit in chip.limits {
      lines.append(
        "  \(limit.name) (of a \(limit.scope.rawValue)): \(allowed(limit))"
          + (amounts.flatMap { $0.limits[limit.name] }.map { "; it is \($0)" } ?? "")
          + source(limit.source, limit.basis))
    }
    lines += capabilities()
    lines += prices()
    return lines
  }

  private func source(_ text: String, _ basis: Chip.Basis) -> String {
    guard !text.isEmpty else { return "" }
    return basis == .document ? "  [\(text)]" : "  [\(basis.rawValue): \(text)]"
  }

  private func capacity(_ resource: Chip.Resource) -> String {
    if let capacity = resource.capacity { return "\(capacity)" }
    let found = chip.kinds.compactMap { kind in
      chip.capacity(of: resource, in: kind).map { "\($0)" }
    }
    return found.isEmpty ? "unpublished" : found.joined(separator: ", ") + " by kind of core"
  }

  private func allowed(_ limit: Chip.Limit) -> String {
    switch limit.allowed {
    case .range(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .values(let values): values.map(String.init).joined(separator: ", ")
    }
  }

  private func capabilities() -> [String] {
    let neurons = chip.neurons
    func range(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
    let entries: [(String, String?)] = [
      ("payloads", list(neurons.payloads.map(range))),
      ("payloads of the input", list(neurons.inputPayloads.map(range))),
      ("inputs", list(neurons.inputs)), ("resets", list(neurons.resets)),
      ("schedules", list(neurons.schedules)), ("weight bits", neurons.weightBits.map(range)),
      ("membrane bits", neurons.membraneBits.map(range)),
      ("bias bits", neurons.biasBits.map(range)), ("delays", neurons.delays.map(range)),
      ("leak", neurons.hasLeak.map { $0 ? "yes" : "no" }),
      ("one threshold for each", neurons.thresholdScope?.rawValue),
    ]
    let known = entries.compactMap { name, value in value.map { "  \(name): \($0)" } }
    guard !known.isEmpty else { return [] }
    var lines = ["neurons" + source(neurons.source, .document)] + known
    if let weights = chip.weights {
      let bits = weights.bits.isEmpty ? "" : " of \(list(weights.bits.map(String.init)) ?? "") bits"
      let exponents = weights.exponents.map { ", exponents \(range($0))" } ?? ""
      lines.append(
        "weights: \(weights.encoding.rawValue)\(bits)\(exponents)"
          + source(weights.source, .document))
    }
    return lines
  }

  private func list(_ words: [String]) -> String? {
    words.isEmpty ? nil : words.joined(separator: ", ")
  }

  private func prices() -> [String] {
    var lines: [String] = []
    if let routing = chip.routing {
      let multicast = routing.multicast.isEmpty ? "" : ", multicast: \(routing.multicast)"
      lines.append(
        "routing: \(routing.topology.rawValue)\(multicast)" + source(routing.source, .document))
    }
    for (name, figure) in costs {
      lines.append("  \(name): \(figure.value)" + source(figure.source, .document))
    }
    for entry in chip.energy {
      lines.append(
        "  \(entry.name): \(entry.value) \(entry.unit)" + source(entry.source, .document))
    }
    if !chip.unpublished.isEmpty { lines.append("not published") }
    for entry in chip.unpublished {
      lines.append("  \(entry.number); without it goes unchecked: \(entry.check)")
    }
    return lines
  }

  private var costs: [(String, Chip.Figure)] {
    [
      ("energy in a router", chip.costs.energyRoute), ("energy on a wire", chip.costs.energyWire),
      ("latency in a router", chip.costs.latencyRoute),
      ("latency on a wire", chip.costs.latencyWire),
    ].compactMap { name, figure in figure.map { (name, $0) } }
  }

  // MARK: - JSON

  func json(_ amounts: Amounts?) -> JSON {
    let neurons = chip.neurons
    func range(_ range: ClosedRange<Int>) -> JSON {
      .array([.integer(range.lowerBound), .integer(range.upperBound)])
    }
    return [
      "schema": "synapack.chip/1", "id": .string(chip.id), "name": .string(chip.name),
      "access": .string(chip.kind.rawValue),
      "obtainable": .bool(chip.kind.obstacle == nil), "note": .string(chip.note),
      "takes": .string(chip.takes.rawValue),
      "mesh": mesh,
      "cores": .array(chip.kinds.map(json)),
      "resources": .array(chip.resources.map { json($0, amounts?.resources[$0.name]) }),
      "limits": .array(chip.limits.map { json($0, amounts?.limits[$0.name]) }),
      "neurons": [
        "payloads": .array(neurons.payloads.map(range)),
        "resets": .array(neurons.resets.map(JSON.string)),
        "schedules": .array(neurons.schedules.map(JSON.string)),
        "weightBits": neurons.weightBits.map(range) ?? .null,
        "membraneBits": neurons.membraneBits.map(range) ?? .null,
        "biasBits": neurons.biasBits.map(range) ?? .null,
        "source": .string(neurons.source),
      ],
      "unpublished": .array(
        chip.unpublished.map { ["number": .string($0.number), "check": .string($0.check)] }),
    ]
  }

  private var mesh: JSON {
    var members: [String: JSON] = [
      "width": .integer(chip.mesh.x), "height": .integer(chip.mesh.y),
      "source": .string(chip.meshSource),
    ]
    if let board = chip.board {
      members["board"] = [
        "across": .integer(board.chips.x), "down": .integer(board.chips.y),
        "crossing": board.crossing.map(JSON.integer) ?? .null, "source": .string(board.source),
      ]
    }
    return .object(members)
  }

  private func json(_ kind: Chip.CoreKind) -> JSON {
    [
      "name": .string(kind.name), "count": .integer(kind.count),
      "capacities": .object(kind.capacities.mapValues(JSON.integer)),
      "accepts": .array(kind.accepts.map { .string($0.rawValue) }),
      "source": .string(kind.source),
    ]
  }

  private func json(_ resource: Chip.Resource, _ amount: Int?) -> JSON {
    var members: [String: JSON] = [
      "name": .string(resource.name), "scope": .string(resource.scope.rawValue),
      "capacity": resource.capacity.map(JSON.integer) ?? .null,
      "demand": .string(resource.demand.text), "basis": .string(resource.basis.rawValue),
      "source": .string(resource.source),
    ]
    if let amount { members["amount"] = .integer(amount) }
    return .object(members)
  }

  private func json(_ limit: Chip.Limit, _ amount: Int?) -> JSON {
    let allowed: (String, JSON) =
      switch limit.allowed {
      case .range(let range):
        ("range", .array([.integer(range.lowerBound), .integer(range.upperBound)]))
      case .values(let values): ("values", .array(values.map(JSON.integer)))
      }
    var members: [String: JSON] = [
      "name": .string(limit.name), "scope": .string(limit.scope.rawValue),
      "value": .string(limit.value.text), allowed.0: allowed.1,
      "basis": .string(limit.basis.rawValue), "source": .string(limit.source),
    ]
    if let amount {
      members["amount"] = .integer(amount)
      members["allowed"] = .bool(limit.allowed.contains(amount))
    }
    return .object(members)
  }
}
