public import SynapackConvert
internal import SynapackDense
internal import SynapackGraph
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// How many bits the weights of each layer get, so that all together keep a mean.
///
///     min Σ_l D_l(b_l)   with   Σ_l b_l·n_l ≤ mean·Σ_l n_l
///     D_l(b) = Σ ‖y_l,b − y‖² / Σ ‖y‖²
///
/// n_l: the weights of layer l; b_l: their bits, sign included; y: the scores of the network; y_l,b:
/// those with the weights of layer l alone rounded to b bits, each row by the unit that suits it
/// best. D is measured by running the network, not modelled. Errors of layers are taken to add up,
/// and bits are taken from where a bit costs least for as long as there are too many: the walk along
/// the convex hull of bit allocation (Shoham and Gersho, IEEE TASSP 1988).
///
/// No layer gets less than the whole bits of the mean. Errors do not really add up: each layer is
/// solved for what those before it send, so the errors of early layers are partly made good, and
/// the late ones, which have most weights, would be made too narrow for them. ResNet-20 at T=16
/// keeps 85.0 % with a mean of 3 from 2 bits up, and 86.05 % with 3 bits everywhere.
public struct LayerWidths: Sendable {
  /// Bits of a weight on average over all layers.
  public var mean: Double
  /// The narrowest and widest a layer may be.
  public var range: ClosedRange<Int>
  public var threads: Int

  public init(mean: Double, range: ClosedRange<Int>, threads: Int) {
    self.mean = mean
    self.range = range
    self.threads = threads
  }

  /// Inputs that the network runs on.
  public static let samples = 64
  private static let unit = 8

  /// The bits of each population's weights by its name, as a fit knows it.
  ///
  /// - Parameters:
  ///   - outline: the network before any compression, of so many ticks that a rate is nearly a real
  ///     number.
  ///   - inputs: encoded inputs, the mean payload a tick of each.
  /// - Throws: `SYN0805` for populations whose rates have no formula.
  public func allocated(
    _ outline: LoweredProgram, inputs: [[Float]]
  ) throws(PackError) -> [String: Int] {
    let layers = LayerWidths.layers(outline.program)
    let trials = layers.flatMap { layer in
      range.dropLast().map { (layer: layer, bits: $0) }
    }
    let samples = Array(inputs.prefix(LayerWidths.samples))
    let graph = try ProgramGraph(outline.program).graph
    let whole = try LayerWidths.scores(DenseNetwork(graph), samples)
    let power = whole.reduce(0.0) { $0 + Double($1) * Double($1) }
    let errors = try parallelUnits(count: trials.count, threads: threads) {
      (index) throws(PackError) -> Double in
      let network = try LayerWidths.rounded(graph, trials[index].layer, bits: trials[index].bits)
      let scores = try LayerWidths.scores(network, samples)
      let missed = zip(scores, whole).reduce(0.0) { sum, pair in
        sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
      }
      return power > 0 ? missed / power : 0
    }
    let perLayer = max(1, range.count - 1)
    let costs = layers.indices.map { layer in
      Array(errors[layer * perLayer..<(layer + 1) * perLayer]) + [0]
    }
    let widths = allocated(costs: costs, counts: layers.map(\.count))
    return Dictionary(zip(layers.map(\.name), widths)) { first, _ in first }
  }

  /// Bits of each layer.
  ///
  /// - Parameters:
  ///   - costs: D of each layer for each width of the range, [layers][widths].
  ///   - counts: n of each layer.
  func allocated(costs: [[Double]], counts: [Int]) -> [Int] {
    var places = counts.map { _ in range.count - 1 }
    let limit = mean * Double(counts.reduce(0, +))
    func bits() -> Double {
      zip(places, counts).reduce(0) { $0 + Double((range.lowerBound + $1.0) * $1.1) }
    }
    while bits() > limit {
      var best: (layer: Int, place: Int, price: Double)?
      for layer in places.indices where counts[layer] > 0 {
        // Any narrower width: one that costs hardly more than the next may follow one that costs much.
        for place in 0..<places[layer] {
          let saved = Double((places[layer] - place) * counts[layer])
          let price = max(0, costs[layer][place] - costs[layer][places[layer]]) / saved
          if price < best?.price ?? .infinity { best = (layer, place, price) }
        }
      }
      guard let best else { break }
      places[best.layer] = best.place
    }
    return places.map { range.lowerBound + $0 }
  }

  /// A population whose weights are rounded together.
  private struct Layer: Sendable {
    var name: String
    /// Connections, by their place in the program.
    var connections: [Int]
    var count: Int
  }

  private static func layers(_ program: SpikingProgram) -> [Layer] {
    program.populations.indices.compactMap { index in
      let own = program.connections.indices.filter {
        program.connections[$0].target == index && !program.connections[$0].passesOn
      }
      let count = own.reduce(0) { $0 + program.connections[$1].synapses.weights.values.count }
      guard count > 0 else { return nil }
      // The fit knows the readout under the name of no layer.
      let isReadout = index == program.readout.population
      return Layer(
        name: isReadout ? "" : program.populations[index].name, connections: own, count: count)
    }
  }

  private static func scores(
    _ network: DenseNetwork, _ samples: [[Float]]
  ) throws(PackError) -> [Float] {
    var scores: [Float] = []
    for start in stride(from: 0, to: samples.count, by: unit) {
      let part = samples[start..<min(start + unit, samples.count)]
      scores += try network.output(part.flatMap { $0 }, count: part.count)
    }
    return scores
  }

  /// The network with the weights of one layer rounded.
  private static func rounded(
    _ graph: Graph<StudentPhase>, _ layer: Layer, bits: Int
  ) throws(PackError) -> DenseNetwork {
    var draft = graph.draft
    let levels = WeightLevels.uniform(bits: bits)
    for connection in layer.connections {
      let name = ProgramNodes.Name.weights(connection)
      let tensor = try graph.weights.tensor(name)
      var values = try graph.weights.floats(name)
      let row = max(1, values.count / max(1, tensor.shape[0]))
      for start in stride(from: 0, to: values.count, by: row) {
        let range = start..<start + row
        values.replaceSubrange(range, with: levels.nearest(values[range]))
      }
      draft.weights[name] = try Tensor(shape: tensor.shape, floats: values)
    }
    return try DenseNetwork(Graph<StudentPhase>(verifying: draft))
  }
}

extension WeightLevels {
  /// A row on the levels times the unit that lies nearest to it, of those that are tried.
  fileprivate func nearest(_ row: ArraySlice<Float>) -> [Float] {
    let largest = row.reduce(Float(0)) { max($0, $1.magnitude) }
    guard largest > 0 else { return Array(row) }
    var best: (values: [Float], error: Float) = ([], .infinity)
    for fraction in fractions {
      let unit = largest * fraction / Float(most)
      let values = row.map { nearest($0 / unit) * unit }
      let error = zip(values, row).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if error < best.error { best = (values, error) }
    }
    return best.values
  }
}
