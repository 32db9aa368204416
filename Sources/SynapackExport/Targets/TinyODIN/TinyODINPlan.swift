internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What the host sends in which tick, written as `run.json`: for each layer its clock and the rows of
/// its sources, of the bias, of lift and drop, and of the mark.
enum TinyODINPlan {
  static func document(_ program: SpikingProgram, _ layers: [TinyODINLayer]) -> JSON {
    let clock = Clock(program)
    let members = zip(program.populations, layers).enumerated().map { index, pair -> JSON in
      let (population, layer) = pair
      let times = clock.populations[index]
      return .object([
        "name": .string(population.name), "neurons": .integer(population.shape.count),
        "fires": .bool(layer.fires), "begins": .integer(times.begins),
        "opens": .integer(times.opens), "ends": .integer(times.ends),
        "biasFrom": .integer(times.biasFrom),
        "biasTo": .integer(times.biasFrom + program.timesteps),
        "largestPayload": .integer(population.payloads.upperBound),
        "links": .array(layer.links.map { link($0, program) }),
        "bias": .array(layer.biases.map(repeated)),
        "lift": .array([layer.lift].compactMap { $0 }.map(repeated)),
        "drop": .array([layer.drop].compactMap { $0 }.map(repeated)),
        "leaks": .integer(layer.leaks), "mark": .integer(layer.mark),
        "markRow": .integer(layer.markRow),
      ])
    }
    return .object([
      "inputNeurons": .integer(program.input.shape.count),
      "inputPayloads": program.input.encoding.payloadsJSON,
      "inputTicks": .integer(program.inputTicks), "layers": .array(members),
      "readout": .integer(program.readout.population),
      "steps": .integer(clock.populations.map(\.ends).max() ?? 0),
    ])
  }

  /// Rows of neurons that nobody hears are −1; the input is −1 and at once there.
  private static func link(_ link: TinyODINLayer.Link, _ program: SpikingProgram) -> JSON {
    let (source, delay) =
      switch link.source {
      case .input: (-1, 0)
      case .population(let index): (index, program.schedule.travel)
      }
    return .object([
      "from": .integer(source), "delay": .integer(delay),
      "sign": .integer(link.isNegative ? -1 : 1),
      "rows": .array(link.rows.map { .integer($0 ?? -1) }),
    ])
  }

  private static func repeated(_ one: TinyODINLayer.Repeated) -> JSON {
    .object(["row": .integer(one.row), "times": .integer(one.times)])
  }
}
