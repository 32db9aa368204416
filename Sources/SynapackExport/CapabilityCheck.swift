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
    // What no option changes is told before anything is converted again.
    try checkStructure(program, target: target)
    try checkSchedule(program, target)
    let input = program.input.encoding.payloads
    guard inputs.contains(input.lowerBound), inputs.contains(input.upperBound) else {
      throw PackError(
        .inputNotCarried,
        "\(target) takes inputs \(text(inputs)), the program sends \(text(input))",
        at: .layer(program.input.name), hint: RefusalAdvice.input(input, self))
    }
    for (index, population) in program.populations.enumerated() {
      try within(.layer(population.name)) { () throws(PackError) in
        try check(population, target, isRead: index == program.readout.population)
        try checkThresholds(program, index, target)
        try checkWeights(program, index, target)
      }
    }
    if !carries(.saturation) { try MembraneReach.requireNoSaturation(program, target: target) }
    guard carries(.exit) || (program.readout.exit == nil && program.readout.discards == 0) else {
      throw PackError(
        .readoutNotCarried, "\(target) carries no early exit and no discarded ticks",
        at: .layer(program.populations[program.readout.population].name),
        hint: program.readout.exit?.measure == .level
          ? "convert again with `--readout count`"
          : "convert again without `--early-exit` and `--readout-delay`")
    }
  }

  /// The part of ``check(_:target:)`` that no option of a conversion changes.
  ///
  /// - Throws: `SYN0741` for operators, `SYN0745` for connections.
  func checkStructure(_ program: SpikingProgram, target: String) throws(PackError) {
    func refused(_ message: String, _ index: Int, hint: String) -> PackError {
      PackError(
        .structureNotCarried, "\(target) has \(message)",
        at: .layer(program.populations[index].name), hint: hint)
    }
    for (index, population) in program.populations.enumerated() {
      if case .compensated = population.model, !carries(.compensation) {
        throw PackError(
          .neuronNotCarried,
          "\(target) carries integrate-and-fire neurons alone, not ones that compute an operator",
          at: .layer(population.name), hint: RefusalAdvice.operators)
      }
      let connections = program.incoming(index)
      guard carries(.shortcuts) || connections.count <= 1 else {
        throw refused(
          "one connection a layer, this one has \(connections.count)", index,
          hint: "export a network without shortcuts")
      }
      guard carries(.relays) || connections.allSatisfy(\.relays.isEmpty) else {
        throw refused(
          "no pooling between layers", index, hint: "replace the pooling by a stride in the model")
      }
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

  private func check(
    _ population: Population, _ target: String, isRead: Bool
  ) throws(PackError) {
    func refused(_ message: String, _ hint: String) -> PackError {
      PackError(.neuronNotCarried, "\(target) carries \(message)", hint: hint)
    }
    switch population.model {
    case .integrator, .compensated: break
    case .integrateAndFire(let behaviour):
      guard resets.contains(behaviour.reset) else {
        throw refused(
          "the reset `\(resets[0].rawValue)`, not `\(behaviour.reset.rawValue)`",
          // Scores that are counted need the remainder, so that layer keeps its reset.
          isRead && resets == [.zero]
            ? "convert again with `--readout membrane`"
            : "convert again with `--reset \(resets[0].rawValue)`")
      }
      guard payloads.contains(behaviour.payloads.lowerBound),
        payloads.contains(behaviour.payloads.upperBound)
      else {
        throw refused(
          "payloads \(text(payloads)), not \(text(behaviour.payloads))",
          "convert again with `--neuron if`")
      }
      guard carries(.leak) || behaviour.leakShift == nil else {
        throw refused("no leak of this kind", "use neurons without a leak in the model")
      }
      guard carries(.memory) || !behaviour.memory else {
        throw refused("no memory of the payloads sent", "convert again with `--neuron if`")
      }
    }
    guard carries(.start) || population.initial.values.allSatisfy({ $0 == 0 }) else {
      throw refused(
        "membranes that start at 0, not at \(population.initial.values.first { $0 != 0 } ?? 0)",
        "convert again with `--start zero`")
    }
    if let bias = population.biases.values.first(where: { !biases.contains($0) }) {
      throw outside(
        target, "a bias of \(bias)", "\(biases.lowerBound)…\(biases.upperBound)",
        hint: RefusalAdvice.biases(in: biases))
    }
  }

  private func checkThresholds(
    _ program: SpikingProgram, _ index: Int, _ target: String
  ) throws(PackError) {
    guard case .integrateAndFire = program.populations[index].model else { return }
    let values = program.populations[index].thresholds.values
    if let threshold = values.first(where: { !thresholds.contains($0) }) {
      throw outside(
        target, "a threshold of \(threshold)", "\(thresholds.lowerBound)…\(thresholds.upperBound)",
        hint: RefusalAdvice.smaller(
          program, index, sum: Int64(values.max() ?? threshold), limit: Int64(thresholds.upperBound)
        ))
    }
    guard thresholdSharing == .perNeuron || values.allSatisfy({ $0 == values[0] }) else {
      throw PackError(
        .valueNotCarried,
        "\(target) has one threshold a layer, the layer has \(Set(values).count) different ones",
        hint: "convert again with `--threshold-scope layer`")
    }
  }

  private func checkWeights(
    _ program: SpikingProgram, _ index: Int, _ target: String
  ) throws(PackError) {
    for connection in program.incoming(index) {
      let values = connection.synapses.weights.values
      if let weight = values.first(where: { !weights.contains(Int($0)) }) {
        throw outside(
          target, "a weight of \(weight)", text(weights),
          hint: RefusalAdvice.weights(program, index, in: weights))
      }
    }
  }

  private func outside(
    _ target: String, _ value: String, _ range: String, hint: String
  ) -> PackError {
    PackError(
      .valueNotCarried, "\(value) does not fit \(target), which takes \(range)", hint: hint)
  }

  private func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound)…\(range.upperBound)"
  }
}
