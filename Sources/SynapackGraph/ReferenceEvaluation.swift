public import SynapackSupport
public import SynapackTensor

extension Graph {
  /// The outputs for one sample, each operator computed by its own plain equation.
  ///
  /// Slow; the yardstick that the fast execution is held to.
  public func evaluateReference(_ sample: FloatArray) throws(PackError) -> [FloatArray] {
    guard let input = inputs.first, inputs.count == 1, shape(of: input) == sample.shape else {
      throw PackError(
        .wrongDataShape, "the sample is \(sample.shape)",
        hint: "give a sample of the shape of the graph's one input")
    }
    var values = [input: sample]
    for node in nodes {
      let arguments = node.inputs.compactMap { values[$0] }
      values[node.output] = try within(.node(node.name)) { () throws(PackError) in
        try node.op.payload.evaluate(arguments, weights)
      }
    }
    return outputs.compactMap { values[$0] }
  }
}
