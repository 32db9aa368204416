internal import SynapackDense
internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Which channels a network can best do without.
///
///     cost(class) = Σ_readers  cost(B) / energy
///
/// B: the columns that the class has in a layer that reads it, with cost and energy of
/// ``BlockElimination``, so that layers weigh alike whatever the size of their numbers. In each family
/// the cheapest class goes, the readers answer for it, and the rest is judged again. Channels that
/// never fire, and all but one of equal channels, cost nothing and go first.
struct ChannelSelection: Sendable {
  let graph: Graph<Analog>
  let samples: [Float]
  let threads: Int
  private let network: DenseNetwork
  private let size: Int

  /// The weight of the ridge beside the mean of the diagonal.
  static let ridge: Float = 1e-3
  /// A family is judged again after this share of what remains has gone.
  private static let stride = 32

  init(_ graph: Graph<Analog>, samples: [Float], threads: Int) throws(PackError) {
    (self.graph, self.samples, self.threads) = (graph, samples, threads)
    network = try DenseNetwork(graph)
    size = max(1, graph.inputs.first.map { graph.shape(of: $0).count } ?? 1)
  }

  /// For each wire the channels that go, `share` of each family and never all of it.
  func removed(_ classes: ChannelClasses, share: Double) throws(PackError) -> [Set<Int>] {
    var removed: [Set<Int>] = Array(repeating: [], count: graph.wires.count)
    for family in classes.families {
      let count = min(family.count - 1, Int((Double(family.count) * share).rounded()))
      guard count > 0 else { continue }
      for place in try cheapest(count, of: family, classes) {
        for member in classes.members[place] { removed[member.wire].insert(member.channel) }
      }
    }
    return removed
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

  private func cheapest(
    _ count: Int, of family: [Int], _ classes: ChannelClasses
  ) throws(PackError) -> [Int] {
    var readers = try readers(of: family, classes)
    var left = family
    var chosen: [Int] = []
    while chosen.count < count {
      let costs = left.map { place in (place, readers.reduce(0) { $0 + $1.cost(place) }) }
      // Equal costs go by place, so that nothing depends on the order of a sort.
      let ranked = costs.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      let going = ranked.prefix(min(count - chosen.count, max(1, left.count / Self.stride)))
        .map(\.0)
      for place in going {
        for index in readers.indices {
          for block in readers[index].blocks[place] ?? [] {
            readers[index].elimination.remove(block)
          }
        }
      }
      chosen += going
      left.removeAll { going.contains($0) }
    }
    return chosen
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
