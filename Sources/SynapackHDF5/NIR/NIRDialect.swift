internal import SynapackSupport

/// How the parts of a NIR file are to be read that NIR leaves open.
///
/// NIR defines neurons in continuous time, sets the membrane to `v_reset` after a spike, and has no
/// field for a time step, a unit of time or the program that wrote the file. Exporters differ in
/// all of them.
struct NIRDialect: Sendable, Hashable {
  enum Reset: String, Sendable, CaseIterable {
    /// v ← v − θ
    case subtract
    /// v ← 0
    case zero
    /// v ← v_reset
    case value
  }

  enum Unit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
  }

  enum Integration: String, Sendable, CaseIterable {
    /// v ← v + dt · dv/dt
    case euler
    /// The exact solution for an input that is constant during a tick.
    case exponential
  }

  /// What an exporter of that name is known to mean.
  struct Producer: Sendable {
    let name: String
    let dialect: NIRDialect
  }

  var reset: Reset?
  /// The length of a tick in seconds.
  var step: Double?
  var unit: Unit?
  var integration: Integration?
  /// The most spikes that an integrate-and-fire neuron sends in one tick.
  var payload: Int?
  var producer: String?

  /// The exporters whose conventions are known.
  static let producers: [Producer] = [
    Producer(
      name: "norse",
      dialect: NIRDialect(reset: .value, step: 1e-3, unit: .seconds, integration: .euler)),
    Producer(
      name: "rockpool",
      dialect: NIRDialect(
        reset: .subtract, step: 1e-3, unit: .seconds, integration: .exponential)),
    Producer(name: "sinabs", dialect: NIRDialect(reset: .subtract, integration: .exponential)),
    Producer(
      name: "snntorch",
      dialect: NIRDialect(reset: .subtract, step: 1e-4, unit: .seconds, integration: .euler)),
    Producer(
      name: "spikingjelly",
      dialect: NIRDialect(reset: .value, step: 1e-4, unit: .seconds, integration: .euler)),
    // The reset stands with the network or with each node.
    Producer(name: "synapack", dialect: NIRDialect(payload: 1)),
  ]

  /// Fills in what is not stated yet.
  func completed(by other: NIRDialect) -> NIRDialect {
    NIRDialect(
      reset: reset ?? other.reset, step: step ?? other.step, unit: unit ?? other.unit,
      integration: integration ?? other.integration, payload: payload ?? other.payload,
      producer: producer ?? other.producer)
  }
}

extension NIRDialect {
  /// Reads `key=value,…`.
  ///
  /// - Throws: `SYN0271` for an unknown key, a key that stands twice, or a value out of range.
  init(_ text: String) throws(PackError) {
    self.init()
    var seen: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: true) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { throw NIRDialect.bad("`\(part)` has no value") }
      let (key, value) = (String(pair[0]), String(pair[1]))
      guard seen.insert(key).inserted else { throw NIRDialect.bad("`\(key)` stands twice") }
      try set(key, value)
    }
  }

  /// Sets one key from its text.
  mutating func set(_ key: String, _ value: String) throws(PackError) {
    switch key {
    case "reset": reset = try NIRDialect.choice(key, value)
    case "tau": unit = try NIRDialect.choice(key, value)
    case "integration": integration = try NIRDialect.choice(key, value)
    case "dt":
      guard let number = Double(value), number.isNormal, number > 0, number < 1e9 else {
        throw NIRDialect.bad("dt is `\(value)`, a number of seconds over 0 was expected")
      }
      step = number
    case "payload":
      guard let number = Int(value), (1...(1 << 15)).contains(number) else {
        throw NIRDialect.bad("payload is `\(value)`, a number from 1 to 32768 was expected")
      }
      payload = number
    case "producer":
      let name = value.lowercased()
      guard NIRDialect.producers.contains(where: { $0.name == name }) else {
        throw NIRDialect.bad(
          "the conventions of the producer `\(value)` are not known; known are "
            + NIRDialect.producers.map(\.name).joined(separator: ", "))
      }
      producer = name
    default: throw NIRDialect.bad("there is no key `\(key)`")
    }
  }

  private static func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String, _ value: String
  ) throws(PackError) -> Value where Value.RawValue == String {
    guard let choice = Value(rawValue: value) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw bad("\(key) is `\(value)`, one of \(known) was expected")
    }
    return choice
  }

  static func bad(_ message: String) -> PackError {
    PackError(
      .badDialect, message, at: .option("--dialect"),
      hint: "for example --dialect reset=subtract,dt=1e-4,tau=s,producer=snntorch")
  }
}
