internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Neurons and synapses of a program one by one, as JSON for loaders that build them in the vendor's
/// own classes; written as `network.json`.
///
/// - `populations`: `name`, `neurons`, `thresholds`, `biases`, `starts` (one value a neuron), `reset`,
///   `fires`, `begins`, `opens`, `ends`: the clock with the plan's shift
/// - `connections`: `from` (−1: the input), `to`, `shift` (of the input), `synapses`: source, target and
///   weight, one after another
/// - `axons`: `to`, `weights`: those of the plan, in its order
enum AxonNetwork {
  static func document(_ program: SpikingProgram, _ plan: AxonPlan) -> JSON {
    let clock = Clock(program)
    let populations = program.populations.enumerated().map { index, population -> JSON in
      let times = clock.populations[index]
      let shift = plan.shifts[index]
      var reset = Reset.subtract
      if case .integrateAndFire(let behaviour) = population.model { reset = behaviour.reset }
      return .object([
        "name": .string(population.name), "neurons": .integer(population.shape.count),
        "thresholds": values(population.thresholds, population),
        "biases": values(population.biases, population),
        "starts": values(population.initial, population), "reset": .string(reset.rawValue),
        "fires": .bool(population.payloads != 0...0), "begins": .integer(times.begins + shift),
        "opens": .integer(times.opens + shift), "ends": .integer(times.ends + shift),
      ])
    }
    let axons = plan.axons.map { axon -> JSON in
      let count = program.populations[axon.population].shape.count
      let weights =
        axon.weights.count == 1
        ? Array(repeating: axon.weights[0], count: count) : axon.weights
      return .object([
        "to": .integer(axon.population), "weights": .array(weights.map { .integer(Int($0)) }),
      ])
    }
    return .object([
      "populations": .array(populations),
      "connections": .array(program.connections.map { connection(program, plan, $0) }),
      "axons": .array(axons),
    ])
  }

  private static func connection(
    _ program: SpikingProgram, _ plan: AxonPlan, _ connection: Connection
  ) -> JSON {
    let list = SynapseList(
      connection, from: program.shape(of: connection.source),
      to: program.populations[connection.target].shape)
    let numbers = list.synapses.flatMap { [$0.source, $0.target, $0.weight] }
    let source =
      switch connection.source {
      case .input: -1
      case .population(let index): index
      }
    return .object([
      "from": .integer(source), "to": .integer(connection.target),
      "shift": .integer(plan.shifts[connection.target]),
      "synapses": .array(numbers.map(JSON.integer)),
    ])
  }

  private static func values(_ parameter: Parameter, _ population: Population) -> JSON {
    .array(parameter.expanded(to: population.shape).map { .integer(Int($0)) })
  }
}
