internal import SynapackDense
public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// The calibration inputs that a layer-by-layer fit works on, and what the source network makes of
/// them.
public struct FitSamples: Sendable {
  /// The number of samples used; those beyond it would not fit the budget of memory and time.
  public let count: Int
  /// Values of the input, [count][input].
  let values: [Float]
  /// What is encoded, [count][input]; with recorded events [count][ticks][input].
  let inputs: [Float]
  /// By the name of a site, the values before any rectification, [count][neurons]; the network's
  /// outputs under ``readout``.
  private(set) var references: [String: [Float]]
  /// The shapes of the wires on which sites stand, by name.
  let wires: [String: Shape]

  /// The name under which ``references`` holds the outputs of the network.
  static let readout = ""
  /// Samples run in one unit of work; a constant, so that no result depends on the thread count.
  static let unit = 8
  /// Bytes that references and payloads of the widest layers may take.
  static let memory = 2 << 30
  /// Ticks of all samples together; more would fit no better and take longer.
  static let ticks = 16_384
  /// The fewest samples of a fit, whatever the ticks.
  static let least = 64

  /// Runs the graph, to which every rule has been applied, on as many of the samples as fit.
  ///
  /// - Parameters:
  ///   - samples: [N][input], checked by ``Calibration``.
  ///   - pools: those whose matches are wanted too, which an explanation holds their neurons
  ///     against; a fit leaves these neurons as they are.
  ///   - frames: recorded events, [N][ticks][input], of which `samples` are the means; `nil` where
  ///     the samples themselves are encoded.
  public init(
    _ graph: Graph<Analog>, sites: [NeuronSite], pools: [TournamentSite] = [], samples: [Float],
    frames: [Float]? = nil, timesteps: Int, threads: Int
  ) throws(PackError) {
    let size = max(1, graph.inputs.first.map { graph.shape(of: $0).count } ?? 1)
    var shapes = sites.map { graph.shape(of: $0.wire).count }
    for pool in pools {
      shapes.append(
        graph.shape(of: pool.wire).count + graph.shape(of: pool.output).count * pool.matches)
    }
    let bytes =
      shapes.reduce(0, +) * MemoryLayout<Float>.size
      + (shapes.max() ?? 0) * timesteps * MemoryLayout<Int16>.size * 3
    let affordable = max(FitSamples.unit, FitSamples.memory / max(1, bytes))
    let count = min(
      samples.count / size, affordable, max(FitSamples.least, FitSamples.ticks / timesteps))
    self.count = count
    wires = Dictionary(sites.map { ($0.name, graph.shape(of: $0.wire)) }) { first, _ in first }
    values = Array(samples[..<(count * size)])
    inputs = frames.map { Array($0[..<(count * size * timesteps)]) } ?? values
    references = try FitSamples.references(
      graph, sites, pools, values, size: size, count: count, threads: threads)
    for pool in pools {
      guard let from = graph.shape(of: pool.wire).planes,
        let to = graph.shape(of: pool.output).planes,
        let pooled = references.removeValue(forKey: pool.key)
      else { continue }
      let differences = Tournament.differences(pool.name, pool.window, pooled, from: from, to: to)
      references.merge(differences) { first, _ in first }
    }
  }

  private static func references(
    _ graph: Graph<Analog>, _ sites: [NeuronSite], _ pools: [TournamentSite], _ values: [Float],
    size: Int, count: Int, threads: Int
  ) throws(PackError) -> [String: [Float]] {
    let network = try DenseNetwork(graph)
    var wires = Dictionary(sites.map { ($0.name, $0.wire) }) { first, _ in first }
    for pool in pools { wires[pool.key] = pool.wire }
    if let output = graph.outputs.first { wires[readout] = output }
    let wanted = Set(wires.values)
    let parts = try parallelUnits(count: (count + unit - 1) / unit, threads: threads) {
      (index) throws(PackError) -> [WireID: [Float]] in
      let first = index * unit
      let last = min(first + unit, count)
      return try network.run(
        Array(values[first * size..<last * size]), count: last - first, keeping: wanted)
    }
    return wires.mapValues { wire in parts.flatMap { $0[wire] ?? [] } }
  }

  /// Some places of a plane, evenly spread; they walk with the sample, so that all are seen.
  static func positions(_ kept: Int, of cells: Int, sample: Int) -> [Int] {
    (0..<kept).map { ($0 * cells / kept + sample * 7) % cells }
  }

  /// Forgets what no later layer needs.
  mutating func release(_ name: String) { references[name] = nil }
}
