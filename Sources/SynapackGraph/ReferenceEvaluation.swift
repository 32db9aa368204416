public import SynapackSupport
public import SynapackTensor

extension Graph {
  /// The outputs for one sample of a graph of one input.
  public func evaluateReference(_ sample: FloatArray) throws(PackError) -> [FloatArray] {
    try evaluateReference([sample])
  }

  /// The outputs for one sample of each input, each operator computed by its own plain equation.
  ///
  /// Slow; the yardstick that the fast execution is held to.
  ///
  /// - Throws: `SYN0012` where the samples are not those of the inputs.
  public func evaluateReference(_ samples: [FloatArray]) throws(PackError) -> [FloatArray] {
    let expected = inputs.map { shape(of: $0) }
    guard samples.map(\.shape) == expected else {
      throw PackError(
        .wrongDataShape, "the samples are \(samples.map(\.shape)), the inputs \(expected)",
        hint: "give a sample for each input, of its shape")
    }
    var values: [WireID: FloatArray] = [:]
    for (input, sample) in zip(inputs, samples) { values[input] = sample }
    for node in nodes {
      let arguments = node.inputs.compactMap { values[$0] }
      values[node.output] = try within(.node(node.name)) { () throws(PackError) in
        try node.op.payload.evaluate(arguments, weights)
      }
    }
    return outputs.compactMap { values[$0] }
  }
}
