internal import CSpikeKernels
internal import SynapackDense
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Fits each population on what the populations before it, already integers, really send.
///
/// Lowering hands over one population after the other. Each is solved, searched and then run on
/// every sample, so that the next one hears exactly what the program will send.
struct LayerwiseFit: Sendable {
  let steps: FitSteps
  let compression: (any LayerCompression)?
  let price: SpikePrice?
  let threads: Int
  let seed: UInt64
  let timesteps: Int
  let start: MembraneStart
  let schedule: Schedule
  private(set) var samples: FitSamples
  var roles = SampleRoles.learning
  /// The encoded inputs, [samples][input]; the mean of the ticks where each has its own.
  let inputs: [Float]
  /// What the input sends where each tick has its own payloads.
  let inputTrains: PayloadTrains?
  private let sites: [String: NeuronSite]
  private(set) var trains: [Int: PayloadTrains] = [:]

  /// Neurons that the search tries, a channel, and the samples they are taken from.
  static let neurons = 4_096
  static let searched = 192

  init(_ request: FitRequest, _ options: ConversionOptions, port: InputPort) {
    steps = request.steps
    compression = request.compression
    price = request.price
    samples = request.samples
    threads = request.threads
    sites = Dictionary(request.sites.map { ($0.name, $0) }) { first, _ in first }
    timesteps = options.timesteps
    start = options.start
    schedule = options.schedule
    seed = options.seed
    let size = port.shape.count
    guard port.encoding.varies else {
      inputs = port.encoding.encode(samples.values, ticks: timesteps).payloads.map(Float.init)
      inputTrains = nil
      return
    }
    let trains = PayloadTrains(
      samples, port.encoding, neurons: size, ticks: timesteps)
    var sums = Array(repeating: Float(0), count: samples.count * size)
    for sample in 0..<samples.count {
      trains.totals(sample: sample, into: &sums, at: sample * size)
    }
    for index in sums.indices { sums[index] /= Float(timesteps) }
    (inputs, inputTrains) = (sums, trains)
  }

  /// What each source sent, the input's under ``LayerCurrents/input``.
  var arrivals: [Int: PayloadTrains] {
    guard let inputTrains else { return trains }
    return trains.merging([LayerCurrents.input: inputTrains]) { _, new in new }
  }

  /// The population `name` as a fit sees it.
  ///
  /// Of a pair that carries both signs, the second neuron is named after the first.
  func layer(_ name: String, _ input: WeightedInput) -> FitLayer {
    let mirrored = name.hasSuffix(".negative") && sites[name] == nil
    let site = mirrored ? String(name.dropLast(".negative".count)) : name
    return FitLayer(
      name: name, site: site, isMirrored: mirrored, shape: input.shape,
      connections: input.connections,
      bias: input.bias)
  }

  /// Payloads of a source averaged over the ticks, [samples][neurons].
  func averages(_ source: Source) -> [Float] {
    guard case .population(let index) = source, let train = trains[index] else { return inputs }
    var sums = Array(repeating: Float(0), count: samples.count * train.neurons)
    for sample in 0..<samples.count {
      train.totals(sample: sample, into: &sums, at: sample * train.neurons)
    }
    let scale = 1 / Float(timesteps)
    for index in sums.indices { sums[index] *= scale }
    return sums
  }

  /// The values that the population is to have before its neurons; `nil` where nobody knows.
  func reference(_ layer: FitLayer) -> [Float]? {
    guard let values = samples.references[layer.site],
      values.count == samples.count * layer.shape.count
    else { return nil }
    return layer.isMirrored ? values.map { -$0 } : values
  }

  mutating func release(populations live: Set<Int>) {
    for index in trains.keys.sorted() where !live.contains(index) { trains[index] = nil }
  }

  mutating func keep(_ train: PayloadTrains, of population: Int) { trains[population] = train }

  /// Forgets the values of a site; those of a pair are needed twice.
  mutating func release(site: String) {
    guard sites[site]?.sign != .signed else { return }
    samples.release(site)
  }

  /// What a neuron of the layer stands for, of a value before it.
  func target(_ layer: FitLayer, ladder: NeuronSearch.Ladder) -> ClosedRange<Float> {
    target(layer, signed: ladder.lower < 0)
  }

  func target(_ layer: FitLayer, signed: Bool) -> ClosedRange<Float> {
    guard let site = sites[layer.site] else { return 0 ... .infinity }
    return site.sign == .signed && signed
      ? -Float.infinity ... .infinity
      : 0...site.ceiling
  }

  /// Whether the sums of the layer's features would take too much memory to solve its weights.
  func isTooWide(_ layer: FitLayer) -> Bool {
    guard steps.refitsWeights else { return false }
    return WeightRefit.blocks(layer.connections, outputs: layer.bias.count)
      .contains { layer.columns($0) > WeightRefit.largest }
  }

  /// The weights and biases solved for what the sources send.
  func refitted(_ layer: FitLayer, sources: (Source) -> Shape) throws(PackError) -> FitLayer {
    guard steps.refitsWeights else { return layer }
    var layer = layer
    let blocks = WeightRefit.blocks(layer.connections, outputs: layer.bias.count)
    guard let reference = reference(layer), !blocks.isEmpty, !isTooWide(layer) else {
      for block in blocks {
        try compress(
          &layer, block, nil, ridges: Array(repeating: 0, count: block.outputs.count))
      }
      return layer
    }
    let averages = layer.connections.map { self.averages($0.source) }
    var windows: [Int: FeatureWindows] = [:]
    for index in blocks.flatMap(\.connections).map(\.index) where windows[index] == nil {
      windows[index] = try FeatureWindows(
        layer.connections[index], source: sources(layer.connections[index].source),
        averages: averages[index], count: samples.count)
    }
    var missing = try missing(layer, averages, reference, sources)
    var passed = try passed(layer, averages, sources)
    rescale(&layer, &passed, &missing)
    for block in blocks {
      let solution = try solve(block, layer, windows, missing)
      layer.add(solution.changes, to: block)
      try compress(&layer, block, solution)
    }
    guard !passed.isEmpty else { return layer }
    missing = try self.missing(layer, averages, reference, sources)
    rescale(&layer, &passed, &missing)
    return layer
  }

  /// z − X f of every neuron and sample; `nil` where nobody knows z.
  func missing(_ layer: FitLayer, sources: (Source) -> Shape) throws(PackError) -> [Float]? {
    guard let reference = reference(layer) else { return nil }
    return try missing(
      layer, layer.connections.map { averages($0.source) }, reference, sources)
  }

  /// z − X f of every neuron and sample, [samples][neurons].
  func missing(
    _ layer: FitLayer, _ averages: [[Float]], _ reference: [Float],
    _ sources: (Source) -> Shape
  ) throws(PackError) -> [Float] {
    let network = try ConnectionNetwork(
      layer.connections, outputs: layer.shape.count, shape: sources)
    let ordered = network.sources.map { source in
      layer.connections.firstIndex { $0.source == source }.map { averages[$0] } ?? []
    }
    let unit = FitSamples.unit
    let cells = layer.shape.count / max(1, layer.bias.count)
    let parts = try parallelUnits(count: (samples.count + unit - 1) / unit, threads: threads) {
      (index) throws(PackError) -> [Float] in
      let range = index * unit..<min((index + 1) * unit, samples.count)
      let parts = ordered.map { values in
        let size = values.count / samples.count
        return Array(values[range.lowerBound * size..<range.upperBound * size])
      }
      var sums = try network.run(parts, count: range.count)
      let start = range.lowerBound * layer.shape.count
      for place in sums.indices {
        let bias = layer.bias[place / cells % layer.bias.count]
        sums[place] = reference[start + place] - sums[place] - bias
      }
      return sums
    }
    return parts.flatMap { $0 }
  }

  /// Whether weights are held back by what they make of a payload, and not of a value of the source
  /// network. That measured better from three ticks on (VGG at T = 4: 85.1 and 83.9 %; ResNet-20 at
  /// T = 16: 87.5 and 87.2 %), and worse with fewer (65.7 and 64.9 % at T = 2) and behind a grid (79.5
  /// and 76.3 % with ternary weights at T = 16).
  private var holdsPayloads: Bool { compression == nil && timesteps > 2 }

  /// What of the best gain on held-out samples is enough for a stronger ridge. Where every layer hears
  /// all ticks before it fires, and many of them, what a layer hears is nearly right, and fits of it are
  /// fits of noise: ResNet-20 under `accumulate` at T = 15 reaches 87.8 % with 0.9 and 87.2 % with 1.
  /// It is worse with fewer ticks (T = 8: 86.1 and 86.8 %) and wave by wave (T = 16: 87.0 and 87.5 %).
  private var margin: Double {
    schedule == .accumulate && timesteps > 8 && compression == nil ? 0.9 : 1
  }

  private func solve(
    _ block: WeightRefit.Block, _ layer: FitLayer, _ windows: [Int: FeatureWindows],
    _ missing: [Float]
  ) throws(PackError) -> WeightRefit.Solution {
    let rows = block.connections.map { $0.channels.count * layer.taps($0.index) }
    let columns = layer.columns(block)
    let planes = layer.shape.planes ?? (1, 1, 1)
    let cells = planes.height * planes.width
    let learners = max(1, roles.learners(samples.count).count)
    let kept = max(1, min(cells, WeightRefit.observations / learners))
    let neurons = layer.shape.count
    let refit = WeightRefit(
      samples: samples.count, roles: roles, threads: threads, margin: margin)
    let units = layer.worth(block).map { holdsPayloads ? $0 : 1 }
    return try refit.solve(columns: columns, outputs: block.outputs.count, units: units) {
      (sample, equations) throws(PackError) in
      let positions = FitSamples.positions(kept, of: cells, sample: sample)
      var features = Array(repeating: Float(0), count: columns * kept)
      var row = 0
      for (connection, count) in zip(block.connections, rows) {
        windows[connection.index]?.gather(
          sample: sample, channels: connection.channels, positions: positions,
          width: planes.width, into: &features, firstRow: row)
        row += count
      }
      for column in 0..<kept { features[row * kept + column] = 1 }
      var targets: [Float] = []
      targets.reserveCapacity(block.outputs.count * kept)
      for output in block.outputs {
        for position in positions {
          targets.append(missing[sample * neurons + output * cells + position])
        }
      }
      equations.add(features: features, targets: targets, observations: kept)
    }
  }
}
