internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A graph whose chosen weights are functions of parameters that training moves.
///
///     w = grid(unit · p)
///
/// p: a parameter, one list of them a tensor.
struct Student<P: Phase>: Sendable {
  let graph: Graph<P>
  private let tensors: [Entry]

  private struct Entry: Sendable {
    let tensor: TrainedTensor
    let shape: Shape

    /// The weights that the parameters stand for.
    func values(_ parameters: [Float]) -> [Float] {
      masked(parameters.map { tensor.grid.rounded($0 * tensor.unit) })
    }

    func masked(_ values: [Float]) -> [Float] {
      tensor.mask.isEmpty ? values : zip(values, tensor.mask).map { $1 ? $0 : 0 }
    }
  }

  /// - Throws: `SYN0211` for a name that the store does not have, `SYN0210` where a mask, a follower
  ///   or a unit does not fit.
  init(_ graph: Graph<P>, _ trained: [TrainedTensor]) throws(PackError) {
    self.graph = graph
    var tensors: [Entry] = []
    for tensor in trained {
      let shape = try graph.weights.tensor(tensor.name).shape
      var followersFit = true
      for follower in tensor.followers {
        let own = try graph.weights.tensor(follower.name).shape
        followersFit = followersFit && own == shape
      }
      guard tensor.mask.isEmpty || tensor.mask.count == shape.count, followersFit,
        tensor.unit.isNormal, shape.count > 0
      else {
        throw PackError(
          .wrongShape, "a mask, follower or unit does not fit \(shape)",
          at: .tensor(tensor.name), hint: "give one mask value an element and a unit above 0")
      }
      tensors.append(Entry(tensor: tensor, shape: shape))
    }
    self.tensors = tensors
  }

  /// The weights whose gradients the parameters need.
  var names: Set<String> {
    Set(tensors.flatMap { [$0.tensor.name] + $0.tensor.followers.map(\.name) })
  }

  /// The parameters that the graph starts from.
  func parameters() throws(PackError) -> [[Float]] {
    var parameters: [[Float]] = []
    for entry in tensors {
      let values = entry.masked(try graph.weights.floats(entry.tensor.name))
      parameters.append(values.map { $0 / entry.tensor.unit })
    }
    return parameters
  }

  /// The graph with the weights that the parameters stand for.
  func graph(_ parameters: [[Float]]) throws(PackError) -> Graph<P> {
    var draft = graph.draft
    for (entry, parameters) in zip(tensors, parameters) {
      let values = entry.values(parameters)
      draft.weights[entry.tensor.name] = try Tensor(shape: entry.shape, floats: values)
      for (name, factor) in entry.tensor.followers {
        draft.weights[name] = try Tensor(
          shape: entry.shape, floats: values.map { $0 * factor })
      }
    }
    return try Graph(verifying: draft)
  }

  /// The gradients of the parameters from those of the weights.
  func gradients(from weights: [String: [Float]]) -> [[Float]] {
    tensors.map { entry in
      var sum =
        weights[entry.tensor.name] ?? Array(repeating: Float(0), count: entry.shape.count)
      for (name, factor) in entry.tensor.followers {
        for (index, value) in (weights[name] ?? []).enumerated() { sum[index] += factor * value }
      }
      return entry.masked(sum).map { $0 * entry.tensor.unit }
    }
  }

  /// Moves parameters back to where they may be.
  func hold(_ parameters: inout [[Float]]) {
    for (index, entry) in tensors.enumerated() {
      let (grid, unit, least) = (entry.tensor.grid, entry.tensor.unit, entry.tensor.least)
      guard grid != .free || least != nil else { continue }
      parameters[index] = parameters[index].map {
        grid.held(max($0 * unit, least ?? -.infinity)) / unit
      }
    }
  }
}
