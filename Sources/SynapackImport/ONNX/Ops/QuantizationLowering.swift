internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// QuantizeLinear and DequantizeLinear, opset 10 and newer.
///
///     QuantizeLinear(constant, s, z)   → the integers, of the type that the node states
///     DequantizeLinear(integers, s, z) → a constant that keeps its integers and scales
///     QuantizeLinear(x, s, z)          → quantization
///     DequantizeLinear(x, s, z)        → dequantization
///
/// A weight may therefore stand in the file as integers or as the real numbers they came from.
/// Blocks within an axis and scales for more than one axis are refused.
enum QuantizationLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "QuantizeLinear", opsets: 10...ONNXOpsets.newest, inputs: .init(2...3),
      attributes: ["axis", "block_size", "output_dtype", "precision", "saturate"],
      activations: { (context, builder) throws(PackError) in
        .activation(try quantize(context, &builder))
      }, constants: round),
    ONNXLowering(
      "DequantizeLinear", opsets: 10...ONNXOpsets.newest, inputs: .init(2...3),
      attributes: ["axis", "block_size", "output_dtype"],
      activations: { (context, builder) throws(PackError) in
        .activation(try dequantize(context, &builder))
      }, constants: store),
  ]

  /// The axis of the scales, the scales and the zero points with the type they have.
  private struct Parameters {
    let axis: Int
    let scales: ONNXConstant
    let zeroPoints: ONNXConstant?

    init(_ context: ONNXNodeContext, _ dimensions: [Int]) throws(PackError) {
      scales = try context.constant(1)
      zeroPoints = try context.has(2) ? context.constant(2) : nil
      let count = scales.tensor.shape.count
      guard try context.integer("block_size", default: 0) == 0, scales.tensor.shape.rank <= 1
      else {
        throw context.unsupported(
          "scales of \(scales.tensor.shape) stand for blocks", hint: "quantize by axis")
      }
      axis =
        count == 1 || dimensions.isEmpty
        ? 0 : try context.axis("axis", default: 1, rank: dimensions.count)
      guard count == 1 || dimensions.indices.contains(axis) && dimensions[axis] == count,
        zeroPoints?.tensor.shape.count ?? count == count
      else { throw context.wrongShape("\(count) scales do not fit \(dimensions)") }
      let values = scales.tensor.floats()
      guard values.allSatisfy({ $0 != .infinity }) else {
        throw PackError(
          .notFinite, "a scale is infinite, as where a mask of −∞ was quantized",
          at: .tensor(scales.name),
          hint: "mask with a finite number, or leave the node out of the quantization")
      }
      guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw PackError(
          .notFinite, "a scale is not positive", at: .tensor(scales.name),
          hint: "find where the value comes from; quantize the model again")
      }
    }
  }

  /// A real constant as the integers that a quantizer leaves for DequantizeLinear to read.
  @Sendable private static func round(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let constant = try context.constant(0)
    let shape = constant.tensor.shape
    let parameters = try Parameters(context, shape.dimensions)
    let (type, range) = try levels(parameters, context)
    let scales = parameters.scales.tensor.floats()
    let zeros = try parameters.zeroPoints?.tensor.integers()
    let inner = scales.count == 1 ? max(1, shape.count) : shape.strides[parameters.axis]
    var bytes: [UInt8] = []
    for (index, value) in try builder.floats(constant).enumerated() {
      let place = index / inner % scales.count
      let level = (value / scales[place]).rounded(.toNearestOrEven) + Float(zeros?[place] ?? 0)
      let bounded = min(max(level, Float(range.lowerBound)), Float(range.upperBound))
      // NaN, which is looked for only where weights are read.
      guard let integer = Int(exactly: bounded) else {
        throw PackError(
          .notFinite, "element \(index) of \(shape) is \(value)", at: .tensor(constant.name),
          hint: "find where the value comes from; quantize the model again")
      }
      for byte in 0..<type.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: integer >> (8 * byte)))
      }
    }
    let tensor = try Tensor(shape: shape, type: type, bytes: bytes)
    return .constant(ONNXConstant(name: constant.name, tensor: tensor))
  }

  @Sendable private static func store(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let constant = try context.constant(0)
    let parameters = try Parameters(context, constant.tensor.shape.dimensions)
    guard !constant.tensor.type.isFloatingPoint else {
      throw context.unsupported("real numbers are dequantized", hint: "export the model again")
    }
    let scales = parameters.scales.tensor.floats()
    let zeros =
      try parameters.zeroPoints?.tensor.integers() ?? Array(repeating: 0, count: scales.count)
    let tensor = try constant.tensor.quantized(
      by: Tensor.Quantization(scales: scales, zeroPoints: zeros, axis: parameters.axis))
    return .constant(ONNXConstant(name: constant.name, tensor: tensor))
  }

  private static func quantize(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var input = try context.activation(0, &builder)
    let parameters = try Parameters(context, input.dimensions)
    if parameters.scales.tensor.shape.count > 1 {
      input = try builder.separated(input, from: [parameters.axis], context)
    }
    let range = try levels(parameters, context).range
    let names = try stored(parameters, &builder)
    let op = Quantization(
      scale: names.scale, zeroPoint: names.zeroPoint,
      axis: ONNXGraphBuilder.sampleAxis(parameters.axis, input.batch), lower: range.lowerBound,
      upper: range.upperBound)
    return try builder.add(
      context.name, .quantization(op), [input.wire], as: input.dimensions, input.batch)
  }

  private static func dequantize(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var input = try context.activation(0, &builder)
    let parameters = try Parameters(context, input.dimensions)
    if parameters.scales.tensor.shape.count > 1 {
      input = try builder.separated(input, from: [parameters.axis], context)
    }
    let names = try stored(parameters, &builder)
    let op = Dequantization(
      scale: names.scale, zeroPoint: names.zeroPoint,
      axis: ONNXGraphBuilder.sampleAxis(parameters.axis, input.batch))
    return try builder.add(
      context.name, .dequantization(op), [input.wire], as: input.dimensions, input.batch)
  }

  private static func stored(
    _ parameters: Parameters, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> (scale: String, zeroPoint: String?) {
    let count = parameters.scales.tensor.shape.count
    let scale = try builder.featureWeight(parameters.scales, count)
    guard let zeros = parameters.zeroPoints,
      try zeros.tensor.integers().contains(where: { $0 != 0 })
    else { return (scale, nil) }
    let name = try builder.derivedWeight(zeros, form: "zero points", Shape([count])) {
      (_) throws(PackError) in try zeros.tensor.integers().map { Float($0) }
    }
    return (scale, name)
  }

  /// The type of the zero point, or the stated one, and its integers.
  private static func levels(
    _ parameters: Parameters, _ context: ONNXNodeContext
  ) throws(PackError) -> (type: ElementType, range: ClosedRange<Int>) {
    let code = Int32(clamping: try context.integer("output_dtype", default: 0))
    let stated = code == 0 ? nil : try elementType(code)
    switch parameters.zeroPoints?.tensor.type ?? stated ?? .uint8 {
    case .uint8: return (.uint8, 0...255)
    case .int8: return (.int8, -128...127)
    case .uint16: return (.uint16, 0...65_535)
    case .int16: return (.int16, -32_768...32_767)
    case let type:
      throw context.unsupported("quantizing to \(type.rawValue)", hint: "use int8 or uint8")
    }
  }
}
