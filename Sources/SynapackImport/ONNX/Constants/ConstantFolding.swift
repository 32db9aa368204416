internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Computes a node whose inputs are all constants by lowering it as if they were activations and
/// evaluating the operators that this gives.
enum ConstantFolding {
  /// - Throws: what the lowering throws; `SYN0203` where far more would be computed than the files
  ///   explain.
  static func fold(
    _ context: ONNXNodeContext, _ body: ONNXLowering.Body, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var scratch = builder.scratch()
    let value = try body(context, &scratch)
    builder.account(for: scratch)
    var values: [WireID: FloatArray] = [:]
    for node in scratch.draft.nodes {
      let inputs = node.inputs.compactMap { values[$0] }
      let produced = scratch.shape(node.output).count
      try builder.reserve(elements: produced)
      let read = inputs.map(\.values.count).max() ?? 0
      let steps = node.op.isProduct ? produced.times(read) : produced.adding(read)
      guard builder.spend(steps: steps ?? .max) else {
        throw context.unsupported(
          "\(produced) values would be computed from \(read) at import",
          hint: "fold the constants of the model before export")
      }
      values[node.output] = try node.op.payload.evaluate(inputs, scratch.draft.weights)
    }
    return try constant(value, 0, context, values)
  }

  private static func constant(
    _ value: ONNXValue, _ position: Int, _ context: ONNXNodeContext,
    _ values: [WireID: FloatArray]
  ) throws(PackError) -> ONNXValue {
    switch value {
    case .constant, .integers, .sampleIndices, .unavailable: return value
    case .outputs(let outputs):
      var constants: [ONNXValue] = []
      for (index, output) in outputs.enumerated() {
        constants.append(try constant(output, index, context, values))
      }
      return .outputs(constants)
    case .activation(let activation):
      let array = values[activation.wire]?.values ?? []
      let tensor = try Tensor(shape: Shape(activation.dimensions), floats: array)
      let names = context.node.outputs
      let name = names.indices.contains(position) ? names[position] : context.name
      return .constant(ONNXConstant(name: name, tensor: tensor))
    }
  }
}

extension Op {
  /// Whether each output may read as much as all of an input.
  fileprivate var isProduct: Bool {
    switch self {
    case .linear, .matrixProduct, .convolution, .volumeConvolution, .convolutionTranspose: true
    default: false
    }
  }
}
