internal import SynapackProgram
internal import SynapackSupport

/// The section of neuron parameters under codec 2.
extension ModelledSection {
  static func neurons(of program: SpikingProgram) -> [UInt8]? {
    var encoder = BinaryEncoder()
    var model = ParameterModel()
    var count = 0
    for (index, population) in program.populations.enumerated() {
      for (kind, values) in population.runs {
        var values = values
        count += values.count
        guard count <= BundleLimits.modelledValues else { return nil }
        model.code(&values, kind, population: index, &encoder)
      }
    }
    return count > 0 ? encoder.finish() : nil
  }

  /// The raw section.
  ///
  /// - Parameter count: its bytes.
  /// - Throws: `SYN0607` for a stream that does not fit the manifest.
  static func neurons(
    _ stream: [UInt8], for manifest: Manifest, count: Int
  ) throws(PackError) -> [UInt8] {
    var total: Int? = 0
    for (_, run) in manifest.parameters.flatMap(\.runs) {
      total = run.count < 0 ? nil : total?.adding(run.count)
    }
    try check(total?.times(4), is: count, values: total ?? .max)
    var decoder = BinaryDecoder(stream)
    var model = ParameterModel()
    var section = ByteWriter()
    for (index, runs) in manifest.parameters.enumerated() {
      for (kind, run) in runs.runs {
        var values = [Int32](repeating: 0, count: run.count)
        model.code(&values, kind, population: index, &decoder)
        for value in values { section.put(value) }
      }
    }
    try finish(decoder)
    return section.bytes
  }
}

extension Population {
  /// The values of the section of parameters, in its order.
  fileprivate var runs: [(ParameterModel.Kind, [Int32])] {
    let function = model.compensation?.function
    let runs: [(ParameterModel.Kind, [Int32]?)] = [
      (.thresholds, thresholds.values), (.biases, biases.values), (.initial, initial.values),
      (.table, function?.table), (.gains, function?.normalization?.gains.values),
      (.offsets, function?.normalization?.offsets.values),
    ]
    return runs.compactMap { kind, values in values.map { (kind, $0) } }
  }
}

extension ParameterRuns {
  /// The runs that there are, in the order of the section.
  fileprivate var runs: [(ParameterModel.Kind, ParameterRun)] {
    let runs: [(ParameterModel.Kind, ParameterRun?)] = [
      (.thresholds, thresholds), (.biases, biases), (.initial, initial), (.table, table),
      (.gains, gains), (.offsets, offsets),
    ]
    return runs.compactMap { kind, run in run.map { (kind, $0) } }
  }
}
