public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

extension Capability {
  /// Holds a verified program to what the target carries.
  ///
  /// - Throws: `SYN0741` for a neuron, `SYN0742` for the schedule, `SYN0743` for a value, `SYN0744`
  ///   for a membrane that could saturate, `SYN0745` for a connection, `SYN0746` for the input,
  ///   `SYN0747` for the readout.
  public func check(_ program: SpikingProgram, target: String) throws(PackError) {
    try checkSchedule(program, target)
    let input = program.input.encoding.payloads
    guard inputs.contains(input.lowerBound), inputs.contains(input.upperBound) else {
      throw PackError(
        .inputNotCarried,
        "\(target) takes inputs \(text(inputs)), the program sends \(text(input))",
        at: .layer(program.input.name), hint: "convert again with `--input poisson`")
    }
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        try check(population, target)
        try check(program.incoming(index), target)
      }
    }
    if !carries(.saturation) { try MembraneReach.requireNoSaturation(program, target: target) }
    guard carries(.exit) || (program.readout.exit == nil && program.readout.discards == 0) else {
      throw PackError(
        .readoutNotCarried, "\(target) carries no early exit and no discarded ticks",
        at: .layer(program.populations[program.readout.population].name),
        hint: "convert again without `--early-exit` and `--readout-delay`")
    }
  }

  private func checkSchedule(_ program: SpikingProgram, _ target: String) throws(PackError) {
    guard timesteps.contains(program.timesteps) else {
      throw PackError(
        .scheduleNotCarried,
        "\(target) carries \(text(timesteps)) ticks, the program has \(program.timesteps)",
        at: .option("--timesteps"),
        hint: "convert again with `--timesteps \(timesteps.upperBound)`")
    }
    // One layer has nobody to wait for: every schedule is the same.
    guard program.populations.count > 1, !schedules.contains(ScheduleKind(program.schedule)) else {
      return
    }
    let names = schedules.map(\.rawValue).joined(separator: ", ")
    throw PackError(
      .scheduleNotCarried, "\(target) carries the schedules \(names), not \(program.schedule)",
      at: .option("--schedule"),
      hint: "convert again with `--schedule \(schedules.first?.rawValue ?? "wavefront")`")
  }

  private func check(_ population: Population, _ target: String) throws(PackError) {
    func refused(_ message: String, _ hint: String) -> PackError {
      PackError(.neuronNotCarried, "\(target) carries \(message)", hint: hint)
    }
    switch population.model {
    case .integrator: break
    case .compensated:
      guard carries(.compensation) else {
        throw refused(
          "integrate-and-fire neurons alone, not ones that compute an operator",
          "export networks without normalizations, softmax and attention")
      }
    case .integrateAndFire(let behaviour):
      guard resets.contains(behaviour.reset) else {
        throw refused(
          "the reset `\(resets[0].rawValue)`, not `\(behaviour.reset.rawValue)`",
          "convert again with `--reset \(resets[0].rawValue)`")
      }
      guard payloads.contains(behaviour.payloads.lowerBound),
        payloads.contains(behaviour.payloads.upperBound)
      else {
        throw refused(
          "payloads \(text(payloads)), not \(text(behaviour.payloads))",
          "convert again with `--neuron if`")
      }
      guard carries(.leak) || behaviour.leakShift == nil else {
        throw refused("no leak of this kind", "convert again without a leak")
      }
      guard carries(.memory) || !behaviour.memory else {
        throw refused("no memory of the payloads sent", "convert again with `--neuron if`")
      }
      try checkThresholds(population, target)
    }
    guard carries(.start) || population.initial.values.allSatisfy({ $0 == 0 }) else {
      throw refused(
        "membranes that start at 0, not at \(population.initial.values.first { $0 != 0 } ?? 0)",
        "choose a target that carries `start` in `synapack export --list`")
    }
    if let bias = population.biases.values.first(where: { !biases.contains($0) }) {
      throw outside(target, "a bias of \(bias)", "\(biases.lowerBound)…\(biases.upperBound)")
    }
  }

  private func checkThresholds(_ population: Population, _ target: String) throws(PackError) {
    let values = population.thresholds.values
    if let threshold = values.first(where: { !thresholds.contains($0) }) {
      throw outside(
        target, "a threshold of \(threshold)", "\(thresholds.lowerBound)…\(thresholds.upperBound)")
    }
    guard thresholdSharing == .perNeuron || values.allSatisfy({ $0 == values[0] }) else {
      throw PackError(
        .valueNotCarried,
        "\(target) has one threshold a layer, the layer has \(Set(values).count) different ones",
        hint: "convert again with `--threshold-scope layer`")
    }
  }

  private func check(_ connections: [Connection], _ target: String) throws(PackError) {
    guard carries(.shortcuts) || connections.count <= 1 else {
      throw PackError(
        .structureNotCarried,
        "\(target) has one connection a layer, this one has "
          + "\(connections.count)", hint: "export a network without shortcuts")
    }
    for connection in connections {
      guard carries(.relays) || connection.relays.isEmpty else {
        throw PackError(
          .structureNotCarried, "\(target) has no pooling between layers",
          hint: "replace the pooling by a stride in the model")
      }
      let values = connection.synapses.weights.values
      if let weight = values.first(where: { !weights.contains(Int($0)) }) {
        throw outside(target, "a weight of \(weight)", text(weights))
      }
    }
  }

  private func outside(_ target: String, _ value: String, _ range: String) -> PackError {
    PackError(
      .valueNotCarried, "\(value) does not fit \(target), which takes \(range)",
      hint: "convert again with fewer `--weight-bits`, `--bias-bits` or `--membrane-bits`")
  }

  private func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound)…\(range.upperBound)"
  }
}
