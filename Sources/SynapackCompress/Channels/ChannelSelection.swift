internal import SynapackDense
internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Which channels a network can best do without.
///
///     cost(class) = Σ_readers  cost(B) / energy
///
/// B: the columns that the class has in a layer that reads it, with cost and energy of
/// ``BlockElimination``, so that layers weigh alike whatever the size of their numbers. Of all families
/// the cheapest class goes, its readers answer for it, and the rest of its family is judged again.
/// Channels that never fire, and all but one of equal channels, cost nothing and go first.
struct ChannelSelection: Sendable {
  let graph: Graph<Analog>
  let samples: [Float]
  let threads: Int
  private let network: DenseNetwork
  private let size: Int

  /// The weight of the ridge beside the mean of the diagonal.
  static let ridge: Float = 1e-3
  /// The part of a family that stays whatever the cost: a layer that is too thin starves the rest.
  private static let least = 0.125

  init(_ graph: Graph<Analog>, samples: [Float], threads: Int) throws(PackError) {
    (self.graph, self.samples, self.threads) = (graph, samples, threads)
    network = try DenseNetwork(graph)
    size = max(1, graph.inputs.first.map { graph.shape(of: $0).count } ?? 1)
  }

  /// For each wire the channels that go, `share` of all classes and never all of a family.
  func removed(_ classes: ChannelClasses, share: Double) throws(PackError) -> [Set<Int>] {
    var removed: [Set<Int>] = Array(repeating: [], count: graph.wires.count)
    let wanted = Int((Double(classes.members.count) * share).rounded())
    guard wanted > 0 else { return removed }
    var families: [Family] = []
    for family in classes.families {
      families.append(Family(left: family, readers: try readers(of: family, classes)))
    }
    for _ in 0..<wanted {
      // Of equal costs the first family: nothing depends on an order of evaluation.
      let next = families.indices.filter { families[$0].next != nil }
        .min { families[$0].cost < families[$1].cost }
      guard let next, let place = families[next].remove() else { break }
      for member in classes.members[place] { removed[member.wire].insert(member.channel) }
    }
    return removed
  }

  /// Classes that are alternatives to each other, with the one that is to go next.
  private struct Family {
    private(set) var left: [Int]
    private var readers: [Reader]
    private let least: Int
    private(set) var next: Int?
    private(set) var cost = Double.infinity

    init(left: [Int], readers: [Reader]) {
      (self.left, self.readers) = (left, readers)
      least = max(1, Int((Double(left.count) * ChannelSelection.least).rounded(.up)))
      judge()
    }

    private mutating func judge() {
      (next, cost) = (nil, .infinity)
      guard left.count > least else { return }
      for place in left {
        let own = readers.reduce(0) { $0 + $1.cost(place) }
        if next == nil || own < cost { (next, cost) = (place, own) }
      }
    }

    /// Takes out the next class and returns it.
    mutating func remove() -> Int? {
      guard let place = next else { return nil }
      for index in readers.indices {
        for block in readers[index].blocks[place] ?? [] {
          readers[index].elimination.remove(block)
        }
      }
      left.removeAll { $0 == place }
      judge()
      return place
    }
  }

  /// A layer that reads a family, and the columns of each of its classes there.
  private struct Reader: Sendable {
    var elimination: BlockElimination
    var blocks: [Int: [Range<Int>]]

    func cost(_ place: Int) -> Double {
      let costs = (blocks[place] ?? []).map { elimination.cost(of: $0) }
      return costs.reduce(0, +) / max(elimination.energy, .leastNormalMagnitude)
    }
  }

  private func readers(
    of family: [Int], _ classes: ChannelClasses
  ) throws(PackError) -> [Reader] {
    var readers: [Reader] = []
    for node in graph.nodes {
      guard let problem = LayerProblem(node, in: graph) else { continue }
      var blocks: [Int: [Range<Int>]] = [:]
      for place in family {
        let channels = classes.members[place].filter { $0.wire == node.inputs[0].index }
          .map(\.channel).sorted()
        for channel in channels {
          let first = channel * problem.features.taps
          // Neighbouring places of a flattened channel are one block.
          if let last = blocks[place]?.last, last.upperBound == first {
            blocks[place]?.removeLast()
            blocks[place]?.append(last.lowerBound..<first + problem.features.taps)
          } else {
            blocks[place, default: []].append(first..<first + problem.features.taps)
          }
        }
      }
      guard !blocks.isEmpty, let elimination = try elimination(problem) else { continue }
      readers.append(Reader(elimination: elimination, blocks: blocks))
    }
    return readers
  }

  private func elimination(_ problem: LayerProblem) throws(PackError) -> BlockElimination? {
    let wire = problem.node.inputs[0]
    let outputs = problem.features.outputs * problem.features.positions
    let selection = self
    let equations = try problem.equations(
      count: samples.count / size, threads: threads
    ) { (range) throws(PackError) in
      let values = Array(
        selection.samples[range.lowerBound * selection.size..<range.upperBound * selection.size])
      let kept = try selection.network.run(values, count: range.count, keeping: [wire])
      // The metric alone is of use here.
      let nothing = Array(repeating: Float(0), count: outputs * range.count)
      return (kept[wire] ?? [], nothing)
    }
    return BlockElimination(
      metric: equations.metric(ridge: Self.ridge), weights: try problem.weights(graph),
      outputs: problem.features.outputs)
  }
}
