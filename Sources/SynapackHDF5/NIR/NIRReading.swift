internal import SynapackSupport

/// The dialect in which one file is read, and what had to be assumed for it.
///
/// What the user states comes first, then the file's own metadata (`dt`, `tau_unit`, `reset_mode`,
/// `producer`, and in files of ours each node's `reset` and `starts`), then what the producer is known
/// to mean. The rest follows these rules:
///
/// - `reset=value`: the membrane goes to `v_reset`, as NIR defines it.
/// - `dt=1e-4`, `tau=s`, `integration=euler`: what most exporters of leaky neurons mean.
/// - `payload=1`: a neuron sends at most one spike a tick.
/// - Integrators without leak add r·dt a tick where dt is stated; else r is taken against the
///   common resistance of the file, so that equal resistances mean a gain of 1.
struct NIRReading: Sendable {
  let reset: NIRDialect.Reset
  /// The reset that the user states, whatever nodes say.
  let givenReset: NIRDialect.Reset?
  /// The length of a tick in seconds.
  let step: Double
  /// The length of a tick in the unit of the file's time constants.
  let stepInFile: Double
  let integration: NIRDialect.Integration
  let payload: Int
  /// What a resistance of 1 adds to the membrane of an integrator without leak, a tick.
  let gain: Double
  let producer: String

  init(_ network: NIRNetwork, option: String, _ report: inout Report) throws(PackError) {
    let given = try NIRDialect(option)
    let stated = given.completed(by: network.metadata)
    let known = NIRDialect.producers.first { $0.name == stated.producer }?.dialect
    let dialect = known.map { stated.completed(by: $0) } ?? stated
    reset = dialect.reset ?? .value
    givenReset = given.reset
    step = dialect.step ?? 1e-4
    stepInFile = (dialect.unit ?? .seconds) == .seconds ? step : step * 1e3
    integration = dialect.integration ?? .euler
    payload = dialect.payload ?? 1
    producer = stated.producer ?? ""
    // A step that only the producer's habit gives says nothing of its resistances.
    gain = stated.step ?? NIRReading.gain(network)
    note(network, stated, dialect, &report)
  }

  /// One over the resistance that all integrators share; 1 where they differ.
  private static func gain(_ network: NIRNetwork) -> Double {
    var common: Float?
    for node in network.nodes where ["I", "IF"].contains(node.type) {
      guard let resistance = node.resistance, resistance != 0,
        resistance == common ?? resistance
      else { return 1 }
      common = resistance
    }
    return common.map { 1 / Double($0) } ?? 1
  }

  private func note(
    _ network: NIRNetwork, _ stated: NIRDialect, _ dialect: NIRDialect, _ report: inout Report
  ) {
    let types = Set(network.nodes.map(\.type))
    let fires = network.nodes.contains {
      ["IF", "LIF", "CubaLIF"].contains($0.type) && $0.notes.reset == nil
    }
    let hasTime = !types.isDisjoint(with: ["LI", "LIF", "CubaLI", "CubaLIF", "Delay"])
    let integrates = !types.isDisjoint(with: ["I", "IF"])
    func add(_ key: String, _ value: String, _ reason: String, isImplied: Bool) {
      let source = isImplied ? "implied by the producer \(producer)" : "assumed"
      report.add(
        Finding(
          .assumedDialect, isImplied ? .note : .warning,
          "`\(key)=\(value)` is \(source): \(reason)", at: .option("--dialect")))
    }
    if fires, stated.reset == nil {
      add(
        "reset", reset.rawValue,
        "the file does not say what a spike does to the membrane; converted networks subtract",
        isImplied: dialect.reset != nil)
    }
    if hasTime, stated.step == nil {
      add(
        "dt", "\(step)", "the file states no length of a tick", isImplied: dialect.step != nil)
    }
    if hasTime, stated.unit == nil {
      let unit = dialect.unit ?? .seconds
      add(
        "tau", unit.rawValue, "the file states no unit of time", isImplied: dialect.unit != nil)
    }
    if hasTime, stated.integration == nil {
      add(
        "integration", integration.rawValue, "NIR defines neurons in continuous time",
        isImplied: dialect.integration != nil)
    }
    if integrates, stated.step == nil {
      add(
        "dt", "\(gain)", "a resistance of 1 adds that to the membrane of an integrator a tick",
        isImplied: false)
    }
    let subtracts = network.nodes.contains { $0.type == "IF" && reset(of: $0) == .subtract }
    if subtracts, stated.payload == nil {
      add(
        "payload", "\(payload)",
        "a neuron sends at most one spike a tick, when v ≥ θ; NIR has v > θ",
        isImplied: dialect.payload != nil)
    }
    noteStarts(network, &report)
  }

  /// What a spike does to the membrane of a node.
  func reset(of node: NIRNode) -> NIRDialect.Reset { givenReset ?? node.notes.reset ?? reset }

  /// Membranes start elsewhere than at 0 where they subtract alone.
  private func noteStarts(_ network: NIRNetwork, _ report: inout Report) {
    func add(_ message: String, at place: Place?) {
      report.add(Finding(.assumedDialect, .warning, message, at: place))
    }
    for node in network.nodes
    where node.notes.startsElsewhere && !(node.type == "IF" && reset(of: node) == .subtract) {
      add(
        "membranes start at 0: of neurons that do not subtract, the `starts` of the metadata are left out",
        at: .node(node.name))
    }
    if network.readoutStartsElsewhere {
      add("scores start at 0: the `readout_starts` of the metadata are left out", at: nil)
    }
  }
}
