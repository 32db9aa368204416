internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What a loader needs beside the network: which group of host axons fires when, and in which steps
/// the layers' windows lie. Written as `run.json`.
///
/// A payload beyond 1 enters by its binary digits: an input has one axon a digit, whose weights are
/// multiplied by 2ᵏ, and further ones for negative payloads.
struct AxonRun {
  /// One copy of the input, its spikes later by `shift` steps.
  struct InputGroup: Hashable {
    let shift: Int
    let group: Int
  }

  /// 2ᵏ for the digits of positive payloads, −2ᵏ for those of negative ones.
  let digits: [Int]
  /// Groups are numbered: inputs first, then the axons of the plan, then the populations.
  let inputs: [InputGroup]
  let document: JSON
  private let firstPopulation: Int
  private let firstAxon: Int

  init(_ program: SpikingProgram, _ plan: AxonPlan) {
    let payloads = program.input.encoding.payloads
    digits =
      AxonRun.digits(payloads.upperBound) + AxonRun.digits(-payloads.lowerBound).map { -$0 }
    let shifts = Set(
      program.connections.compactMap { $0.source == .input ? plan.shifts[$0.target] : nil })
    inputs = shifts.sorted().enumerated().map { InputGroup(shift: $1, group: $0) }
    firstAxon = inputs.count
    firstPopulation = firstAxon + plan.axons.count
    document = AxonRun.document(program, plan, digits, inputs)
  }

  /// The group of an axon of the plan.
  func group(axon: Int) -> Int { firstAxon + axon }
  func group(population: Int) -> Int { firstPopulation + population }

  /// The group and first neuron of a digit of the input, for a population of that shift.
  func group(inputShift shift: Int) -> Int { inputs.first { $0.shift == shift }?.group ?? 0 }

  private static func digits(_ largest: Int) -> [Int] {
    (0..<max(0, Int.bitWidth - largest.leadingZeroBitCount)).map { 1 << $0 }
  }

  private static func document(
    _ program: SpikingProgram, _ plan: AxonPlan, _ digits: [Int], _ inputs: [InputGroup]
  ) -> JSON {
    let clock = Clock(program)
    let layers = program.populations.enumerated().map { index, population -> JSON in
      .object([
        "name": .string(population.name), "neurons": .integer(population.shape.count),
        "group": .integer(inputs.count + plan.axons.count + index),
        "opens": .integer(clock.populations[index].opens + plan.shifts[index]),
        "ends": .integer(clock.populations[index].ends + plan.shifts[index]),
        "fires": .bool(population.payloads != 0...0),
      ])
    }
    return .object([
      "timesteps": .integer(program.timesteps), "inputTicks": .integer(program.inputTicks),
      "inputNeurons": .integer(program.input.shape.count), "steps": .integer(plan.steps),
      "inputPayloads": program.input.encoding.payloadsJSON,
      "digits": .array(digits.map(JSON.integer)),
      "inputs": .array(
        inputs.map { .object(["group": .integer($0.group), "shift": .integer($0.shift)]) }),
      "axons": .array(
        plan.axons.enumerated().map { index, axon in
          .object([
            "group": .integer(inputs.count + index), "from": .integer(axon.steps.lowerBound),
            "to": .integer(axon.steps.upperBound),
          ])
        }),
      "layers": .array(layers), "readout": .integer(program.readout.population),
    ])
  }
}

/// The readouts that simulators of spikes have: an integrator's membrane, or a count of spikes.
enum AxonReadout {
  static func check(_ program: SpikingProgram, target: String) throws(PackError) {
    let population = program.populations[program.readout.population]
    guard (population.payloads != 0...0) == (program.readout.decoding == .count) else {
      throw PackError(
        .readoutNotCarried,
        "\(target) carries scores of integrators or counts of spikes, not membranes of neurons "
          + "that fire", at: .layer(population.name),
        hint: "convert again with `--readout membrane` or `--readout count`")
    }
  }
}
