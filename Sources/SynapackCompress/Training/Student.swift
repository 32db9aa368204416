internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A graph whose chosen weights are functions of parameters that training moves.
///
/// The parameters are, tensor by tensor, its values and, where it is quantized, the steps of its
/// rows.
struct Student<P: Phase>: Sendable {
  let graph: Graph<P>
  private let tensors: [Entry]

  private struct Entry: Sendable {
    let tensor: TrainedTensor
    let shape: Shape
    let quantization: FakeQuantization?
    /// The place of its values in the parameters; steps stand behind them.
    let place: Int

    /// The weights that the parameters stand for.
    func values(_ parameters: [[Float]]) -> [Float] {
      let values = parameters[place]
      return quantization?.rounded(values, steps: parameters[place + 1]) ?? values
    }

    func masked(_ values: [Float]) -> [Float] {
      tensor.mask.isEmpty ? values : zip(values, tensor.mask).map { $1 ? $0 : 0 }
    }
  }

  /// - Throws: `SYN0211` for a name that the store does not have, `SYN0210` where a mask, a follower
  ///   or a bit width does not fit.
  init(_ graph: Graph<P>, _ trained: [TrainedTensor]) throws(PackError) {
    self.graph = graph
    var tensors: [Entry] = []
    var place = 0
    for tensor in trained {
      let shape = try graph.weights.tensor(tensor.name).shape
      var followersFit = true
      for follower in tensor.followers {
        let own = try graph.weights.tensor(follower.name).shape
        followersFit = followersFit && own == shape
      }
      guard tensor.mask.isEmpty || tensor.mask.count == shape.count, followersFit,
        tensor.bits.map({ (2...16).contains($0) }) ?? true, shape.count > 0
      else {
        throw PackError(
          .wrongShape, "a mask, follower or bit width does not fit \(shape)",
          at: .tensor(tensor.name), hint: "give one mask value an element and 2 to 16 bits")
      }
      let quantization = tensor.bits.map {
        FakeQuantization(bits: $0, rows: shape.rank > 1 ? shape[0] : 1)
      }
      tensors.append(
        Entry(tensor: tensor, shape: shape, quantization: quantization, place: place))
      place += quantization == nil ? 1 : 2
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
      parameters.append(values)
      if let quantization = entry.quantization {
        parameters.append(quantization.firstSteps(values))
      }
    }
    return parameters
  }

  /// The graph with the weights that the parameters stand for.
  func graph(_ parameters: [[Float]]) throws(PackError) -> Graph<P> {
    var draft = graph.draft
    for entry in tensors {
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
  func gradients(_ parameters: [[Float]], from weights: [String: [Float]]) -> [[Float]] {
    var result: [[Float]] = []
    for entry in tensors {
      var sum =
        weights[entry.tensor.name] ?? Array(repeating: Float(0), count: entry.shape.count)
      for (name, factor) in entry.tensor.followers {
        for (index, value) in (weights[name] ?? []).enumerated() { sum[index] += factor * value }
      }
      sum = entry.masked(sum)
      guard let quantization = entry.quantization else {
        result.append(sum)
        continue
      }
      let (values, steps) = quantization.gradients(
        parameters[entry.place], steps: parameters[entry.place + 1], from: sum)
      result += [values, steps]
    }
    return result
  }

  /// Moves parameters back to where they may be.
  func hold(_ parameters: inout [[Float]]) {
    for entry in tensors {
      if let least = entry.tensor.least {
        parameters[entry.place] = parameters[entry.place].map { max($0, least) }
      }
      if entry.quantization != nil {
        parameters[entry.place + 1] = parameters[entry.place + 1].map {
          max($0, FakeQuantization.leastStep)
        }
      }
    }
  }
}
