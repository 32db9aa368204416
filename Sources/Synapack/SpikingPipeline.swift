internal import SynapackBundle
internal import SynapackConvert
public import SynapackGraph
internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport
internal import SynapackTensor

/// The main job for a network that spikes already: nothing is balanced, its thresholds stand.
extension Pipeline {
  /// Quantizes, places, proves and packs a spiking network.
  ///
  /// The calibration inputs give the range of the input encoding and the spike rates.
  ///
  /// - Throws: `SYN0273` for neurons that no program carries; what the stages throw.
  public func convert(
    _ imported: Graph<Spiking>, calibration samples: Samples, _ report: inout Report
  ) throws(PackError) -> Result {
    let (pipeline, chip) = try forChip(&report)
    return try pipeline.converted(imported, calibration: samples, chip, &report)
  }

  private func converted(
    _ imported: Graph<Spiking>, calibration samples: Samples, _ chip: Chip?,
    _ report: inout Report
  ) throws(PackError) -> Result {
    let options = try recipe.options()
    for node in imported.nodes { try LayerName.check(node.name) }
    let graph = try stage("check", &report) { (_) throws(PackError) in
      try CarriedNetwork(imported).prepared(options)
    }
    let values = try samples.values(0..<samples.count)
    guard !values.isEmpty else {
      throw PackError(
        .emptyCalibration, "there are no calibration inputs", at: .file(samples.name),
        hint: "give a few hundred unlabelled inputs with --calibration")
    }
    samples.noteConstant(values, &report)
    let encoding = try options.input.encoding(
      of: values, bits: options.inputBits, seed: options.seed)
    var lowered = try stage("quantize", &report) { (report) throws(PackError) in
      try ProgramLowering.lower(graph, input: encoding, options: options, &report)
    }
    lowered.program = try readOut(lowered.program, values, options, &report)
    let encoded = encode(values, lowered.program)
    let layers = try stage("attribute", &report) { (_) throws(PackError) in
      try rates(lowered, encoded, options.coding)
    }
    return try finish(
      lowered, layers, encoded: encoded, origin: imported.origin, graph, chip, &report)
  }

  /// The spike rates of the populations; there is no other network to have errors against.
  private func rates(
    _ lowered: LoweredProgram, _ encoded: [[Int32]], _ coding: PayloadCoding
  ) throws(PackError) -> [LayerError] {
    let simulator = try Simulator(lowered.program, coding: coding)
    var events = lowered.layers.map { _ in 0 }
    let samples = encoded.prefix(Pipeline.attributionSamples)
    for sample in samples {
      for (index, sent) in try simulator.run(sample).events.enumerated() { events[index] += sent }
    }
    var layers: [LayerError] = []
    for (index, layer) in lowered.layers.enumerated() where !layer.amplitude.isEmpty {
      let population = lowered.program.populations[index]
      let places = population.shape.count * lowered.program.timesteps * samples.count
      layers.append(
        LayerError(
          name: layer.name,
          threshold: layer.amplitude.reduce(0) { $0 + Double($1) }
            / Double(layer.amplitude.count),
          clipping: nil, quantization: nil, unevenness: nil,
          spikeRate: places > 0 ? Double(events[index]) / Double(places) : 0))
    }
    return layers
  }
}
