internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A graph whose chosen weights are functions of parameters that training moves.
///
///     w = grid(u · p)
///
/// p: a parameter, one list of them a tensor; u: its unit.
struct Student<P: Phase>: Sendable {
  let graph: Graph<P>
  private let tensors: [Entry]

  private struct Entry: Sendable {
    let tensor: TrainedTensor
    let shape: Shape

    /// u
    let units: [Float]

    /// The weights that the parameters stand for.
    func values(_ parameters: [Float]) -> [Float] {
      masked(zip(parameters, units).map { tensor.grid.rounded($0 * $1) })
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
        [1, shape.count].contains(tensor.units.count), tensor.units.allSatisfy(\.isNormal),
        shape.count > 0
      else {
        throw PackError(
          .wrongShape, "a mask, follower or unit does not fit \(shape)",
          at: .tensor(tensor.name), hint: "give one mask value an element and a unit above 0")
      }
      let units =
        tensor.units.count == shape.count
        ? tensor.units : Array(repeating: tensor.units[0], count: shape.count)
      tensors.append(Entry(tensor: tensor, shape: shape, units: units))
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
      parameters.append(zip(values, entry.units).map { $0 / $1 })
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
      return zip(entry.masked(sum), entry.units).map { $0 * $1 }
    }
  }

  /// Moves parameters back to where they may be.
  func hold(_ parameters: inout [[Float]]) {
    for (index, entry) in tensors.enumerated() {
      let (grid, least) = (entry.tensor.grid, entry.tensor.least)
      guard grid != .free || least != nil else { continue }
      parameters[index] = zip(parameters[index], entry.units).map { parameter, unit in
        grid.held(max(parameter * unit, least ?? -.infinity)) / unit
      }
    }
  }
}
