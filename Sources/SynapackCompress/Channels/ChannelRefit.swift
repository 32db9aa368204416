internal import SynapackDense
internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Weights of a smaller network that answer for what it lost, layer after layer.
///
///     min over Δ:  Σ_n ‖ z_n − (W + Δ)·f_n ‖² + λ‖Δ‖²
///
/// z: what the layer had as its output in the whole network, of the channels that stay; f: what the
/// smaller network, solved up to this layer, gives it to read, and 1 for the bias; W: the weights and
/// bias that were left. A layer that lost nothing is not changed. Source: He et al., "Channel pruning for
/// accelerating very deep neural networks", ICCV 2017, eq. 3.
struct ChannelRefit: Sendable {
  let whole: Graph<Analog>
  let slice: ChannelSlice
  let samples: [Float]
  let threads: Int

  /// - Parameter sliced: the smaller graph with the weights that it was left with.
  func solved(_ sliced: Graph<Analog>) throws(PackError) -> Graph<Analog> {
    let source = try DenseNetwork(whole)
    var graph = sliced
    for node in sliced.nodes {
      guard let problem = LayerProblem(node, in: graph) else { continue }
      let equations = try equations(of: problem, graph, source)
      guard let change = equations.solution(ridge: ChannelSelection.ridge) else { continue }
      let weights = zip(try problem.weights(graph), change).map { $0 + $1 }
      var draft = graph.draft
      try problem.set(weights, in: &draft)
      graph = try Graph(verifying: draft)
    }
    return graph
  }

  private func equations(
    of problem: LayerProblem, _ graph: Graph<Analog>, _ source: DenseNetwork
  ) throws(PackError) -> NormalEquations {
    let network = try DenseNetwork(graph)
    let (input, output) = (problem.node.inputs[0], problem.node.output)
    let size = max(1, graph.inputs.first.map { graph.shape(of: $0).count } ?? 1)
    let channels = slice.channels(of: output)
    let all = whole.shape(of: output)[0]
    let positions = problem.features.positions
    let samples = samples
    return try problem.equations(count: samples.count / size, threads: threads) {
      (range) throws(PackError) in
      let values = Array(samples[range.lowerBound * size..<range.upperBound * size])
      let own = try network.run(values, count: range.count, keeping: [input, output])
      let (read, given) = (own[input] ?? [], own[output] ?? [])
      let wanted = try source.run(values, count: range.count, keeping: [output])[output] ?? []
      var targets: [Float] = []
      targets.reserveCapacity(range.count * channels.count * positions)
      for sample in 0..<range.count {
        for channel in channels {
          let start = (sample * all + channel) * positions
          let place = targets.count
          targets += zip(wanted[start..<start + positions], given[place..<place + positions])
            .map { $0 - $1 }
        }
      }
      return (read, targets)
    }
  }
}
