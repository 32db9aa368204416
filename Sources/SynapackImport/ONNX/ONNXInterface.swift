internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The inputs and outputs of a model.
struct ONNXInterface {
  struct Input {
    let name: String
    /// The extents with the batch counted as one, where the model has one.
    let dimensions: [Int]
  }

  let inputs: [Input]
  let batch: ONNXBatch
  let outputNames: [String]

  /// - Throws: `SYN0213` for a model without inputs or outputs, or an input that is no batch of
  ///   real numbers; `SYN0212` where another dimension than the batch is dynamic.
  init(_ graph: ONNXGraph, _ axis: ImportOptions.BatchAxis) throws(PackError) {
    // Before version 4 of the format every weight had to be listed as an input too.
    let weights = Set(graph.initializers.map(\.name))
    var inputs: [Input] = []
    var sizes: Set<Int> = []
    for value in graph.inputs where !weights.contains(value.name) {
      var dimensions = try ONNXInterface.dimensions(value)
      var extents: [Int] = []
      if axis == .leading {
        guard let first = dimensions.popFirst() else {
          throw PackError(
            .unsupportedInterface, "the input `\(value.name)` is a single number",
            hint: "the first dimension of an input counts samples;"
              + " or export a fixed batch and use `--batch none`")
        }
        if case .fixed(let size) = first, let size = Int(exactly: size), size > 0 {
          sizes.insert(size)
        }
        extents = [1]
      }
      extents += try ONNXInterface.extents(value.name, dimensions, axis)
      inputs.append(Input(name: value.name, dimensions: extents))
    }
    guard !inputs.isEmpty || axis == .none else { throw ONNXInterface.missing("input") }
    guard !graph.outputs.isEmpty else { throw ONNXInterface.missing("output") }
    guard sizes.count <= 1 else {
      throw PackError(
        .unsupportedInterface, "the inputs state batches of \(sizes.sorted()) samples",
        hint: "export the model with one batch for all inputs,"
          + " or export a fixed batch and use `--batch none`")
    }
    self.inputs = inputs
    outputNames = graph.outputs.map(\.name)
    // A batch so large that shapes with it would overflow is none.
    guard (sizes.first ?? 1) <= 1 << 20 else { throw ONNXInterface.missing("moderate batch") }
    batch = axis == .none ? .none : sizes.first.map { .fixed($0) } ?? .open
  }

  private static func dimensions(
    _ input: ONNXValueInfo
  ) throws(PackError) -> ArraySlice<ONNXDimension> {
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
    guard dimensions.count <= 8 else {
      throw PackError(
        .unsupportedInterface, "the input `\(input.name)` has \(dimensions.count) dimensions",
        hint: "at most 8 are supported")
    }
    return dimensions[...]
  }

  private static func extents(
    _ name: String, _ dimensions: ArraySlice<ONNXDimension>, _ batch: ImportOptions.BatchAxis
  ) throws(PackError) -> [Int] {
    var extents: [Int] = []
    for (axis, dimension) in zip(batch == .leading ? 1... : 0..., dimensions) {
      guard case .fixed(let extent) = dimension, extent > 0 else {
        throw PackError(
          .unknownShape, "dimension \(axis) of the input `\(name)` is dynamic",
          hint: "export the model with a fixed input size; only the batch may vary")
      }
      extents.append(Int(extent))
    }
    return extents
  }

  private static func missing(_ role: String) -> PackError {
    PackError(
      .unsupportedInterface, "the model has no \(role)",
      hint: "export the model with an input and an output")
  }
}
