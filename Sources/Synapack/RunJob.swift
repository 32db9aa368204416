internal import SynapackDense
internal import SynapackGraph
internal import SynapackImport
public import SynapackSupport
public import SynapackTensor

/// A conventional network run in float32, so that it can be held against another runtime.
public struct RunRequest: Sendable {
  public var model: String
  /// A data file for each input of the model, by name; an empty name is the only input.
  public var inputs: [(name: String, path: String)]
  /// From the numbers of the file to those of the only input; see ``Preprocess``.
  public var preprocess: String

  public init(model: String, inputs: [(name: String, path: String)], preprocess: String = "") {
    self.model = model
    self.inputs = inputs
    self.preprocess = preprocess
  }
}

extension Job {
  /// Runs a model on given inputs and returns its outputs by name, in the model's order.
  ///
  /// With a batch every array has the samples as its first axis; without one an array is one
  /// sample as a whole. Planes are channels first, in the outputs always and in the inputs unless
  /// the preprocessing says otherwise.
  ///
  /// - Throws: what the import throws; `SYN0701` for an input that the model does not have or that
  ///   is missing, `SYN0012` for data of another shape.
  public func run(
    _ request: RunRequest, _ report: inout Report
  ) throws(PackError) -> [(name: String, tensor: Tensor)] {
    let graph = try ModelImporters.analog(
      path: request.model, options: importOptions, report: &report)
    let paths = try paths(request.inputs, graph)
    guard request.preprocess.isEmpty || graph.inputs.count == 1 else {
      throw PackError(
        .badOption, "the model has \(graph.inputs.count) inputs", at: .option("--preprocess"),
        hint: "give each input as the model takes it")
    }
    var samples: [Tensor] = []
    for (input, path) in zip(graph.inputs, paths) {
      samples.append(
        try array(path, graph.shape(of: input), importOptions, Preprocess(request.preprocess)))
    }
    let hasBatch = importOptions.batch == .leading
    let count = hasBatch ? samples.first?.shape[0] ?? 1 : 1
    guard samples.allSatisfy({ !hasBatch || $0.shape[0] == count }), count > 0 else {
      throw PackError(
        .wrongDataShape, "the inputs hold different numbers of samples",
        hint: "give as many samples to each input")
    }
    let values = try DenseNetwork(graph).run(
      inputs: samples.map { $0.floats() }, count: count, keeping: Set(graph.outputs))
    var outputs: [(name: String, tensor: Tensor)] = []
    for output in graph.outputs {
      let shape = try Shape((hasBatch ? [count] : []) + graph.shape(of: output).dimensions)
      let tensor = try Tensor(shape: shape, floats: values[output] ?? [])
      outputs.append((graph.wires[output.index].name, tensor))
    }
    return outputs
  }

  /// The path of each input, in the graph's order.
  private func paths(
    _ given: [(name: String, path: String)], _ graph: Graph<Analog>
  ) throws(PackError) -> [String] {
    let names = graph.inputs.map { graph.wires[$0.index].name }
    var paths: [String: String] = [:]
    for (name, path) in given {
      let target = name.isEmpty && names.count == 1 ? names[0] : name
      guard names.contains(target), paths.updateValue(path, forKey: target) == nil else {
        throw PackError(
          .badOption, "the model has no further input `\(name)`", at: .option("--input"),
          hint: "its inputs are " + names.joined(separator: ", "))
      }
    }
    var ordered: [String] = []
    for name in names {
      guard let path = paths[name] else {
        throw PackError(
          .badOption, "there is no data for the input `\(name)`", at: .option("--input"),
          hint: "add --input \(name)=FILE.npy")
      }
      ordered.append(path)
    }
    return ordered
  }

  private func array(
    _ path: String, _ shape: Shape, _ options: ImportOptions, _ preprocess: Preprocess
  ) throws(PackError) -> Tensor {
    let tensor = try NumPyData.read(path: path)
    let given = tensor.shape.dimensions
    guard preprocess.text.isEmpty else {
      let one = options.batch == .leading ? [] : [1]
      let samples = try Samples(
        tensor: tensor.reshaped(Shape(one + given)), shape: shape, preprocess: preprocess,
        name: path)
      let count = one.isEmpty ? [samples.count] : []
      return try Tensor(
        shape: Shape(count + shape.dimensions), floats: samples.values(0..<samples.count))
    }
    let sample = options.batch == .leading ? Array(given.dropFirst()) : given
    guard options.batch == .none || !given.isEmpty, sample == shape.dimensions else {
      let batch = options.batch == .leading ? "N samples of " : ""
      throw PackError(
        .wrongDataShape, "the array is \(tensor.shape); \(batch)\(shape) were expected",
        at: .file(path), hint: RunRequest.hint(sample, shape))
    }
    return tensor
  }
}

extension RunRequest {
  /// What to do about a sample of another shape than the model takes.
  fileprivate static func hint(_ sample: [Int], _ shape: Shape) -> String {
    guard let planes = shape.planes, shape.rank == 3 else {
      return "give data of the model's input shape"
    }
    return sample == [planes.height, planes.width, planes.channels]
      ? "the channels stand last: add --preprocess \"layout=nhwc\""
      : "give channels, height and width in this order, or add --preprocess \"layout=nhwc\" for "
        + "[\(planes.height), \(planes.width), \(planes.channels)]"
  }
}
