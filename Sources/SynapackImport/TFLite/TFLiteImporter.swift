public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Reads TFLite models of float32 and of quantized int8 and uint8, with one input and one output.
///
/// Planes become channels first. Quantized weights keep their integers and scales; quantized
/// activations are rounded to their levels where the file rounds them, and inputs and outputs are
/// the real numbers that the levels stand for.
public enum TFLiteImporter: Importer {
  public static let format = ModelFormat(
    id: "tflite", name: "TFLite", extensions: [".tflite"],
    summary: "one graph with one input and one output, float32 or quantized to int8 or uint8")

  public static func recognises(_ file: MappedFile) -> Bool {
    file.prefix(8).suffix(4).elementsEqual("TFL3".utf8)
  }

  /// - Throws: `SYN0260` and `SYN0203` for the file's structure, `SYN0204` for all operators that
  ///   are not supported, `SYN0205` to `SYN0213`, `SYN0261` for scales, `SYN0014`.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    try within(.file(file.path)) { () throws(PackError) in
      guard recognises(file) else {
        throw PackError(
          .malformedFlatBuffer, "the file does not begin as TFLite does",
          at: .bytes(0..<min(8, file.count)), hint: "fetch or convert the model again")
      }
      var buffer = FlatBuffer(file)
      let model = try TFLiteModel(&buffer)
      return .analog(try TFLiteReader(model, buffer).graph())
    }
  }
}

/// From a verified file to a graph: checks first, then the operators one by one.
struct TFLiteReader {
  private let model: TFLiteModel
  private let buffer: FlatBuffer

  init(_ model: TFLiteModel, _ buffer: FlatBuffer) {
    self.model = model
    self.buffer = buffer
  }

  func graph() throws(PackError) -> Graph<Analog> {
    try checkOperators()
    guard model.graph.inputs.count == 1, model.graph.outputs.count == 1 else {
      throw PackError(
        .unsupportedInterface,
        "the model has \(model.graph.inputs.count) inputs and \(model.graph.outputs.count) outputs",
        hint: "cut the model to one input and one output")
    }
    let origin = Origin(
      format: TFLiteImporter.format.id, digest: Digest(of: buffer.file),
      producer: model.description, version: String(model.version))
    var builder = TFLiteBuilder(model, buffer.file, origin: origin)
    try addInput(model.graph.inputs[0], &builder)
    for (index, node) in model.graph.operators.enumerated() {
      try lower(node, index, &builder)
    }
    guard case .activation(let output)? = builder.values[Int(model.graph.outputs[0])] else {
      throw PackError(
        .unsupportedInterface, "the output does not depend on the input",
        hint: "cut the model to one input and one output")
    }
    guard output.blocks == nil else {
      throw PackError(
        .unsupportedInterface, "the output's planes are cut into blocks",
        hint: "cut the model behind the operator that puts them together")
    }
    return try builder.network.graph(outputs: [output.wire])
  }

  /// All operators that are missing, before anything else is done.
  private func checkOperators() throws(PackError) {
    var missing: [String: Int] = [:]
    for node in model.graph.operators {
      guard model.operatorCodes.indices.contains(Int(node.code)) else {
        throw PackError(
          .malformedGraph, "there is no operator code \(node.code)",
          hint: "convert the model again")
      }
      let code = model.operatorCodes[Int(node.code)]
      guard tfliteLowerings[code.code] == nil else { continue }
      let name = TFLiteOperatorNames.name(code.code)
      missing[code.code == 32 ? "CUSTOM \(code.custom)" : name, default: 0] += 1
    }
    guard !missing.isEmpty else { return }
    let list = missing.sorted { $0.key < $1.key }.prefix(32).map { "\($0.key) (\($0.value))" }
    throw PackError(
      .unsupportedOperators, "not supported: " + list.joined(separator: ", "),
      hint: "replace these operators in the source model and convert it again")
  }

  private func addInput(_ number: Int32, _ builder: inout TFLiteBuilder) throws(PackError) {
    let tensor = try builder.tensor(number)
    if let axis = tensor.signature.dropFirst().firstIndex(where: { $0 < 0 }) {
      throw PackError(
        .unknownShape, "dimension \(axis) is dynamic; only the batch may vary",
        at: .tensor(tensor.name), hint: "convert the model with a fixed input size")
    }
    let extents = try builder.extents(tensor)
    guard let type = tfliteElementType(tensor.type),
      type.isFloatingPoint || tensor.quantization != nil
    else {
      throw PackError(
        .unsupportedInterface, "the input `\(tensor.name)` holds no real or quantized numbers",
        hint: "convert the model with a float32 or quantized input")
    }
    let wire = try builder.network.addInput(
      tensor.name, Shape(TFLiteActivation.wireExtents(extents)))
    let input = try builder.rounded(
      TFLiteActivation(wire: wire, extents: extents), as: tensor)
    builder.set(number, .activation(input))
  }

  private func lower(
    _ node: TFLiteOperator, _ index: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) {
    let code = model.operatorCodes[Int(node.code)].code
    guard let lowering = tfliteLowerings[code], let number = node.outputs.first,
      node.outputs.count == 1
    else {
      throw PackError(
        .malformedGraph, "operator \(index) has \(node.outputs.count) outputs",
        hint: "convert the model again")
    }
    let output = try builder.tensor(number)
    guard builder.values[Int(number)] == nil else {
      throw PackError(
        .malformedGraph, "the tensor is computed twice", at: .tensor(output.name),
        hint: "convert the model again")
    }
    let name = output.name.isEmpty ? "\(lowering.name)_\(index)" : output.name
    let value = try within(.node(name)) { () throws(PackError) -> TFLiteValue in
      if let options = lowering.options, node.options != nil, node.optionsType != options {
        throw PackError(
          .malformedGraph, "\(lowering.name) has options of the kind \(node.optionsType)",
          hint: "convert the model again")
      }
      guard lowering.inputs.contains(node.inputs.count) else {
        throw PackError(
          .malformedGraph, "\(lowering.name) has \(node.inputs.count) inputs",
          hint: "convert the model again")
      }
      if let wrong = node.inputs.first(where: { $0 < -1 }) {
        throw PackError(
          .malformedGraph, "\(lowering.name) reads the tensor \(wrong)",
          hint: "convert the model again")
      }
      // Weights that are stored narrower and widened before use.
      if code == 6 || code == 114, let first = node.inputs.first, first >= 0,
        case .constant(let constant) = try builder.value(first)
      {
        return .constant(constant)
      }
      let context = TFLiteContext(
        node: node, name: name, operatorName: lowering.name, buffer: buffer, output: output,
        outputNumber: number)
      if let integers = lowering.integers, try readsShapes(node, &builder) {
        return .integers(try integers(context, &builder))
      }
      let result = try lowering.body(context, &builder)
      let same = !lowering.rounds && hasLevels(of: node.inputs.first, output, builder)
      return .activation(same ? result : try builder.rounded(result, as: output))
    }
    builder.set(number, value)
  }

  /// Whether a node computes with shapes: it takes one, or only integers.
  private func readsShapes(
    _ node: TFLiteOperator, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> Bool {
    if model.operatorCodes[Int(node.code)].code == TFLiteLists.shapeCode { return true }
    for input in node.inputs where input >= 0 {
      if case .activation = try builder.value(input) { return false }
    }
    return true
  }

  /// Whether an output has the levels of the first input, so that moving values rounds nothing.
  private func hasLevels(
    of input: Int32?, _ output: TFLiteTensor, _ builder: TFLiteBuilder
  ) -> Bool {
    guard let input, let tensor = try? builder.tensor(input) else { return false }
    return tensor.type == output.type
      && tensor.quantization?.scales == output.quantization?.scales
      && tensor.quantization?.zeroPoints == output.quantization?.zeroPoints
  }
}
