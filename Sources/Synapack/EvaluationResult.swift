public import SynapackSupport

/// What `evaluate` gives.
public struct EvaluationResult: Sendable {
  public var samples: Int
  public var neuron: String
  public var analog: Evaluation.Analog?
  public var spiking: [Evaluation.Spiking]
  public var footprintBytes: Int?
  public var connectionSparsity: Double?
  /// Why the last row of `spiking` is less accurate than the source network.
  public var drop: DropReport?
  /// Why there is no explanation though it was asked for.
  public var notExplained: PackError?

  /// The document `synapack.evaluate/1`.
  public func json(threads: Int, seconds: Double) -> JSON {
    var members: [String: JSON] = [
      "schema": "synapack.evaluate/1", "samples": .integer(samples),
      "threads": .integer(threads), "seconds": .number(seconds),
      "spiking": .array(spiking.map(row)),
    ]
    if let analog {
      var values: [String: JSON] = ["imagesPerSecond": .number(analog.imagesPerSecond)]
      if let accuracy = analog.accuracy { values["accuracy"] = .number(accuracy) }
      members["ann"] = .object(values)
    }
    if let footprintBytes { members["footprintBytes"] = .integer(footprintBytes) }
    if let drop { members["explanation"] = drop.json }
    if let notExplained {
      members["notExplained"] = [
        "message": .string(notExplained.message), "action": .string(notExplained.hint),
      ]
    }
    if let connectionSparsity { members["connectionSparsity"] = .number(connectionSparsity) }
    return .object(members)
  }

  private func row(_ row: Evaluation.Spiking) -> JSON {
    var members: [String: JSON] = [
      "timesteps": .integer(row.timesteps), "windowTicks": .integer(row.windowTicks),
      "schedule": .string(row.schedule),
      "neuron": .string(neuron), "spikesPerNeuron": .number(row.spikesPerNeuron),
      "payloadPerNeuron": .number(row.payloadPerNeuron),
      "imagesPerSecond": .number(row.imagesPerSecond),
      "synapticOperations": .object([
        "dense": .number(row.denseOperations), "effectiveMACs": .number(row.effectiveMACs),
        "effectiveACs": .number(row.effectiveACs),
      ]),
      "activationSparsity": .number(row.activationSparsity),
      "clippedInputs": .integer(row.clippedInputs), "meanTicks": .number(row.meanTicks),
      "meanLatencyTicks": .number(row.meanLatencyTicks),
      "energy": .array(row.energy.map(\.json)),
    ]
    if let accuracy = row.accuracy { members["accuracy"] = .number(accuracy) }
    if let agreement = row.agreement { members["agreement"] = .number(agreement) }
    members["earlyExit"] = row.exit?.json
    return .object(members)
  }
}
