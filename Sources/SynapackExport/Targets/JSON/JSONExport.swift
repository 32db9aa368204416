public import SynapackPlace
public import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The whole program as JSON that people and small scripts read; schema `synapack.program/1`.
///
/// Nothing is lost: every integer of the program is there, weights row-major as in memory. Beside
/// what the program says stands what follows from it: the clock of every population. Keys:
///
/// - `schema`, `timesteps`, `schedule` (`kind`, `delay`, `travel`, `lag`, `latency`)
/// - `input`: `name`, `shape`, `encoding` (`kind`, `bits`, `signed`, `scale`, `payloads`,
///   `rule` in words)
/// - `populations`, each with `name`, `shape`, `model` (`integrateAndFire`, `integrator` or
///   `compensated`, then with `function` and, where one drives it, `product`),
///   `payloads`, `memory`, `reset`, `leakShift` (null for none), `thresholds`, `biases`,
///   `initialMembranes` (1, channels or neurons values), `biasBits`, `membrane`, `clock`
///   (`begins`, `opens`, `ends`, `biasFrom`, in ticks)
/// - `connections`, each with `source` (null for the input, else an index), `target`, `relays`,
///   `kind` (`dense` or `convolution`), `window`, `groups`, `weightBits`, `shape`, `weights`
/// - `readout`: `population`, `decoding`, `unit`, `discards`, and `exit`: null, or `measure` and one
///   of `limits` a tick, null where none is reached
/// - `placement`: null, or `chip`, `mesh`, `slices`, `routes`, `usage`, `rates`, `cost`
public enum JSONExport {
  public static let schema = "synapack.program/1"

  /// Canonical JSON, one value a line, with a line break at its end.
  public static func text(_ program: SpikingProgram, _ placement: Placement? = nil) -> String {
    value(program, placement).text(indent: true) + "\n"
  }

  static func value(_ program: SpikingProgram, _ placement: Placement?) -> JSON {
    let clock = Clock(program)
    return [
      "schema": .string(schema),
      "timesteps": .integer(program.timesteps),
      "schedule": schedule(program, clock),
      "input": input(program.input),
      "populations": .array(
        zip(program.populations, clock.populations).map { population($0, $1) }),
      "connections": .array(program.connections.map(connection)),
      "readout": [
        "population": .integer(program.readout.population),
        "decoding": .string(program.readout.decoding.rawValue),
        "unit": .number(Double(program.readout.unit)),
        "discards": .integer(program.readout.discards),
        "exit": program.readout.exit.map(exitRule) ?? .null,
      ],
      "placement": placement.map(PlacementJSON.value) ?? .null,
    ]
  }

  private static func exitRule(_ rule: ExitRule) -> JSON {
    [
      "measure": .string(rule.measure.rawValue),
      "limits": .array(
        rule.limits.map { $0 == ExitRule.never ? .null : .integer(Int($0)) }),
    ]
  }

  private static func schedule(_ program: SpikingProgram, _ clock: Clock) -> JSON {
    let kind: String
    var delay = JSON.null
    switch program.schedule {
    case .wavefront: kind = "wavefront"
    case .tick: kind = "tick"
    case .accumulate: kind = "accumulate"
    case .staggered(let ticks):
      kind = "staggered"
      delay = .integer(ticks)
    }
    return [
      "kind": .string(kind), "delay": delay, "travel": .integer(program.schedule.travel),
      "lag": .integer(program.schedule.lag(timesteps: program.timesteps)),
      "latency": .integer(clock.latency),
    ]
  }

  private static func input(_ port: InputPort) -> JSON {
    var encoding: [String: JSON] = [
      "scale": .number(Double(port.encoding.scale)), "payloads": range(port.encoding.payloads),
      "rule": .string(InputWords.rule(port.encoding)),
    ]
    switch port.encoding {
    case .constantCurrent(let bits, let isSigned, _):
      encoding["kind"] = "constantCurrent"
      (encoding["bits"], encoding["signed"]) = (.integer(bits), .bool(isSigned))
    case .poisson(let isSigned, _, let seed):
      encoding["kind"] = "poisson"
      // A number of JSON cannot hold 64 bits.
      (encoding["seed"], encoding["signed"]) = (.string(String(seed)), .bool(isSigned))
    case .events(let bits, let isSigned, _):
      encoding["kind"] = "events"
      (encoding["bits"], encoding["signed"]) = (.integer(bits), .bool(isSigned))
    }
    return [
      "name": .string(port.name), "shape": shape(port.shape), "encoding": .object(encoding),
    ]
  }

  private static func population(_ population: Population, _ times: Clock.Times) -> JSON {
    var members: [String: JSON] = [
      "name": .string(population.name),
      "shape": shape(population.shape),
      "thresholds": numbers(population.thresholds.values),
      "biases": numbers(population.biases.values),
      "initialMembranes": numbers(population.initial.values),
      "biasBits": .integer(population.biasBits),
      "membrane": .array([
        .integer(Int(population.membrane.lowerBound)),
        .integer(Int(population.membrane.upperBound)),
      ]),
      "clock": [
        "begins": .integer(times.begins), "opens": .integer(times.opens),
        "ends": .integer(times.ends), "biasFrom": .integer(times.biasFrom),
      ],
    ]
    switch population.model {
    case .integrator: members["model"] = "integrator"
    case .integrateAndFire(let behaviour):
      members["model"] = "integrateAndFire"
      members["payloads"] = range(behaviour.payloads)
      members["memory"] = .bool(behaviour.memory)
      members["reset"] = .string(behaviour.reset.rawValue)
      members["leakShift"] = behaviour.leakShift.map(JSON.integer) ?? .null
    case .compensated(let compensation):
      members["model"] = "compensated"
      members["payloads"] = range(compensation.payloads)
      members["function"] = CompensationJSON.function(compensation.function)
      if case .product(let product) = compensation.drive {
        members["product"] = CompensationJSON.product(product)
      }
    }
    return .object(members)
  }

  private static func connection(_ connection: Connection) -> JSON {
    var members: [String: JSON] = [
      "target": .integer(connection.target),
      "relays": .array(connection.relays.map(window)),
      "weightBits": .integer(connection.weightBits),
      "shape": shape(connection.synapses.weights.shape),
      "weights": numbers(connection.synapses.weights.values),
    ]
    switch connection.source {
    case .input: members["source"] = .null
    case .population(let index): members["source"] = .integer(index)
    }
    switch connection.synapses {
    case .dense: members["kind"] = "dense"
    case .convolution(_, let kernel, let groups):
      members["kind"] = "convolution"
      members["window"] = window(kernel)
      members["groups"] = .integer(groups)
    }
    return .object(members)
  }

  private static func window(_ window: Window) -> JSON {
    func extent(_ extent: Extent) -> JSON { .array([.integer(extent.y), .integer(extent.x)]) }
    return [
      "kernel": extent(window.kernel), "stride": extent(window.stride),
      "dilation": extent(window.dilation), "overhang": extent(window.overhang),
      "padding": [
        "top": .integer(window.padding.top), "left": .integer(window.padding.left),
        "bottom": .integer(window.padding.bottom), "right": .integer(window.padding.right),
      ],
    ]
  }

  static func shape(_ shape: Shape) -> JSON { .array(shape.dimensions.map(JSON.integer)) }

  static func range(_ range: ClosedRange<Int>) -> JSON {
    .array([.integer(range.lowerBound), .integer(range.upperBound)])
  }

  private static func numbers(_ values: [some FixedWidthInteger]) -> JSON {
    .array(values.map { .integer(Int($0)) })
  }
}
