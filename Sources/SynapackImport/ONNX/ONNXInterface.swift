internal import SynapackSupport
internal import SynapackTensor

/// The one input and the one output of a model.
struct ONNXInterface {
  let inputName: String
  /// The shape of one sample.
  let sample: Shape
  /// The batch, where the file fixes it.
  let fixedBatch: Int64?
  let outputName: String

  /// - Throws: `SYN0213` for more or fewer inputs and outputs, or an input that is no batch of
  ///   real numbers; `SYN0212` where another dimension than the batch is dynamic.
  init(_ graph: ONNXGraph) throws(PackError) {
    // Before version 4 of the format every weight had to be listed as an input too.
    let weights = Set(graph.initializers.map(\.name))
    let inputs = graph.inputs.filter { !weights.contains($0.name) }
    guard let input = inputs.first, inputs.count == 1 else {
      throw ONNXInterface.refusal("inputs", inputs.map(\.name))
    }
    guard let output = graph.outputs.first, graph.outputs.count == 1 else {
      throw ONNXInterface.refusal("outputs", graph.outputs.map(\.name))
    }
    inputName = input.name
    outputName = output.name
    guard let code = input.elementType, let type = try? elementType(code), type.isFloatingPoint
    else {
      throw PackError(
        .unsupportedInterface, "the input `\(input.name)` is no tensor of floating-point numbers",
        hint: "export the model with a float32 input; integers are converted by `--preprocess`")
    }
    guard let dimensions = input.dimensions else {
      throw PackError(
        .unknownShape, "the input `\(input.name)` states no shape",
        hint: "export the model with a fixed input size; only the batch may vary")
    }
    guard (2...8).contains(dimensions.count), let batch = dimensions.first else {
      throw PackError(
        .unsupportedInterface, "the input `\(input.name)` has \(dimensions.count) dimensions",
        hint: "the batch and at least one more dimension are needed")
    }
    sample = try ONNXInterface.sample(input.name, dimensions.dropFirst())
    if case .fixed(let size) = batch, size > 0 { fixedBatch = size } else { fixedBatch = nil }
  }

  private static func sample(
    _ name: String, _ dimensions: ArraySlice<ONNXDimension>
  ) throws(PackError) -> Shape {
    var extents: [Int] = []
    for (axis, dimension) in zip(1..., dimensions) {
      guard case .fixed(let extent) = dimension, extent > 0 else {
        throw PackError(
          .unknownShape, "dimension \(axis) of the input `\(name)` is dynamic",
          hint: "export the model with a fixed input size; only the batch may vary")
      }
      extents.append(Int(extent))
    }
    return try Shape(extents)
  }

  private static func refusal(_ role: String, _ names: [String]) -> PackError {
    let shown = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return PackError(
      .unsupportedInterface, "the model has \(names.count) \(role): \(shown)",
      hint: "cut the model to one input and one output before export")
  }
}
