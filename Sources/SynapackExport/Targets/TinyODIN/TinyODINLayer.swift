internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One layer on a chip: what each row of the crossbar holds, and how the host compares once a tick.
///
/// A chip compares at each event, so a sum that passes θ on its way would fire. Membranes therefore
/// rest a guard G below, where nothing that one tick brings reaches θ. Then events of +1 lift all of
/// them by G: a neuron fires where it meets θ, and the lifts that are left add up to
///
///     v − s·θ      after s = ⌊v/θ⌋ spikes
///
/// which is subtraction, exact while no tick reaches (hi + 1)·θ. For a reset to zero the host lets the
/// neurons that fired leak to 0, where the chip's leak stops, and payloads above hi count as hi; with
/// hi = 1 the lifts may be of 7. At last events of −7 lower all membranes by G.
struct TinyODINLayer {
  /// Where the payloads of a source arrive: neuron i sends as many events to `rows[i]` as its payload
  /// is large, if it has this sign.
  struct Link: Hashable {
    let source: Source
    let isNegative: Bool
    let rows: [Int?]
  }

  /// A row that is sent several times.
  struct Repeated: Hashable {
    let row: Int
    let times: Int
  }

  /// Weights, a row an axon; the last column is the mark's.
  private(set) var rows: [[Int]] = []
  private(set) var links: [Link] = []
  private(set) var biases: [Repeated] = []
  private(set) var lift: Repeated?
  private(set) var drop: Repeated?
  /// Leaks of 127 that bring a neuron to 0 after it fired; none where spikes subtract.
  private(set) var leaks = 0
  let mark: Int
  let fires: Bool
  /// G.
  let offset: Int
  /// v₀ − G.
  let starts: [Int]
  let thresholds: [Int]

  static let largestRows = 256
  /// The last address is that of all neurons in a leak, and one neuron is the mark.
  static let largestNeurons = 255
  private static let leak = 127
  private static let step = 7

  init(_ program: SpikingProgram, _ index: Int, target: String) throws(PackError) {
    let population = program.populations[index]
    let count = population.shape.count
    let bounds = try TinyODINBounds(program, index, target: target)
    var limit: Int?
    if case .integrateAndFire(let behaviour) = population.model, behaviour.reset == .subtract {
      limit = behaviour.payloads.upperBound
    }
    fires = population.payloads != 0...0
    let height = fires ? bounds.rise : 0
    let lifts = (height + TinyODINLayer.step - 1) / TinyODINLayer.step
    offset = lifts * TinyODINLayer.step
    mark = count
    thresholds = population.thresholds.expanded(to: population.shape).map { Int($0) }
    let offset = offset
    starts = population.initial.expanded(to: population.shape).map { Int($0) - offset }
    try bounds.check(
      program, index, offset: offset, fires: fires, limit: limit, target: target)

    try addLinks(program, index, bounds, target)
    addBiases(population)
    if lifts > 0 {
      drop = Repeated(row: add(everywhere: -TinyODINLayer.step), times: lifts)
      let isCoarse = limit == nil && population.payloads.upperBound == 1
      lift = Repeated(
        row: add(everywhere: isCoarse ? TinyODINLayer.step : 1), times: isCoarse ? lifts : offset)
      let rest = min(offset, (thresholds.max() ?? 1) - 1)
      leaks = limit == nil ? (rest + TinyODINLayer.leak - 1) / TinyODINLayer.leak : 0
    }
    rows.append(Array(repeating: 0, count: count) + [1])
    guard rows.count <= TinyODINLayer.largestRows else {
      throw PackError(
        .structureNotCarried,
        "\(target) has \(TinyODINLayer.largestRows) rows, the layer needs \(rows.count)",
        hint: "export a network of smaller layers, or prune inputs")
    }
  }

  /// The row that tells the mark to spike.
  var markRow: Int { rows.count - 1 }

  private mutating func add(everywhere weight: Int) -> Int {
    rows.append(Array(repeating: weight, count: mark) + [0])
    return rows.count - 1
  }

  private mutating func addLinks(
    _ program: SpikingProgram, _ index: Int, _ bounds: TinyODINBounds, _ target: String
  ) throws(PackError) {
    for (connection, synapses) in zip(program.incoming(index), bounds.synapses) {
      let payloads = program.payloads(of: connection.source)
      for isNegative in [false, true]
      where isNegative ? payloads.lowerBound < 0 : payloads.upperBound > 0 {
        var places = [Int?](
          repeating: nil, count: program.shape(of: connection.source).count)
        for synapse in synapses {
          let weight = isNegative ? -synapse.weight : synapse.weight
          guard -8...7 ~= weight else {
            throw PackError(
              .valueNotCarried, "a weight of \(weight) does not fit \(target), which takes -8…7",
              hint:
                "use a network without pooling or negative inputs, or another target of `synapack "
                + "export --list`")
          }
          if places[synapse.source] == nil {
            places[synapse.source] = rows.count
            rows.append(Array(repeating: 0, count: mark + 1))
          }
          if let row = places[synapse.source] { rows[row][synapse.target] = weight }
        }
        links.append(Link(source: connection.source, isNegative: isNegative, rows: places))
      }
    }
  }

  /// b = Σ dₖ·8ᵏ with digits of the sign of b, so that no part goes beyond it: row k is sent 8ᵏ times.
  private mutating func addBiases(_ population: Population) {
    var rest = population.biases.expanded(to: population.shape).map { Int($0) }
    var times = 1
    while rest.contains(where: { $0 != 0 }) {
      let digits = rest.map { $0 % 8 }
      if digits.contains(where: { $0 != 0 }) {
        biases.append(Repeated(row: rows.count, times: times))
        rows.append(digits + [0])
      }
      rest = rest.map { $0 / 8 }
      times *= 8
    }
  }
}
