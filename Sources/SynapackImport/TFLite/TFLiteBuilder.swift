internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The graph that the lowerings of TFLite operators grow.
struct TFLiteBuilder {
  var network: NetworkDraft
  let model: TFLiteModel
  let file: MappedFile
  private(set) var values: [Int: TFLiteValue] = [:]
  private var weightNames = UniqueNames()
  /// Bytes of weights that were turned or copied; one buffer may stand for many tensors.
  private var derivedByteCount = 0
  /// The operators that read each tensor, by number.
  private var readers: [Int32: [Int]] = [:]

  init(_ model: TFLiteModel, _ file: MappedFile, origin: Origin) {
    self.model = model
    self.file = file
    network = NetworkDraft(origin: origin)
    for (index, node) in model.graph.operators.enumerated() {
      for input in node.inputs { readers[input, default: []].append(index) }
    }
  }

  /// The only operator that reads a tensor; `nil` where there are others, or none.
  func reader(of number: Int32) -> TFLiteOperator? {
    guard let readers = readers[number], readers.count == 1,
      !model.graph.outputs.contains(number)
    else { return nil }
    return model.graph.operators[readers[0]]
  }

  // MARK: - Tensors

  func tensor(_ number: Int32) throws(PackError) -> TFLiteTensor {
    guard model.graph.tensors.indices.contains(Int(number)) else {
      throw PackError(
        .malformedGraph, "there is no tensor \(number)", hint: "convert the model again")
    }
    return model.graph.tensors[Int(number)]
  }

  /// The extents of one sample of an activation, the batch left out.
  func extents(_ tensor: TFLiteTensor) throws(PackError) -> [Int] {
    guard (1...5).contains(tensor.shape.count), tensor.shape.dropFirst().allSatisfy({ $0 > 0 })
    else {
      throw PackError(
        .unknownShape, "the shape is \(tensor.shape)", at: .tensor(tensor.name),
        hint: "convert the model with a fixed input size and the batch as its first axis")
    }
    return tensor.shape.dropFirst().map { Int($0) }
  }

  /// The value of an input.
  ///
  /// - Throws: `SYN0209` for a number that no tensor has or that nothing has computed yet.
  mutating func value(_ number: Int32) throws(PackError) -> TFLiteValue {
    if let value = values[Int(number)] { return value }
    let tensor = try tensor(number)
    guard let constant = try constant(tensor) else {
      throw PackError(
        .malformedGraph, "the tensor is read before it is computed", at: .tensor(tensor.name),
        hint: "convert the model again")
    }
    values[Int(number)] = .constant(constant)
    return .constant(constant)
  }

  private func constant(_ tensor: TFLiteTensor) throws(PackError) -> TFLiteConstant? {
    guard model.buffers.indices.contains(Int(tensor.buffer)) else {
      throw PackError(
        .malformedGraph, "there is no buffer \(tensor.buffer)", at: .tensor(tensor.name),
        hint: "convert the model again")
    }
    let range = model.buffers[Int(tensor.buffer)]
    guard !range.isEmpty, !tensor.isVariable else { return nil }
    return try within(.tensor(tensor.name)) { () throws(PackError) in
      guard let type = tfliteElementType(tensor.type) else {
        throw PackError(
          .unsupportedWeightType, "elements of the type number \(tensor.type)",
          hint: "convert the model with float32 or int8 weights")
      }
      let shape = try Shape(tensor.shape.map { Int($0) })
      var data = try Tensor(shape: shape, type: type, file: file, range: range)
      if let quantization = try levels(tensor, type, shape) {
        data = try data.quantized(by: quantization)
      }
      return TFLiteConstant(name: tensor.name, tensor: data)
    }
  }

  /// The scales of a tensor of integers; `nil` for one that is not quantized.
  func levels(
    _ tensor: TFLiteTensor, _ type: ElementType, _ shape: Shape
  ) throws(PackError) -> Tensor.Quantization? {
    guard let stated = tensor.quantization, !type.isFloatingPoint else { return nil }
    var zeroPoints = stated.zeroPoints
    if zeroPoints.isEmpty { zeroPoints = Array(repeating: 0, count: stated.scales.count) }
    let axis = Int(stated.dimension)
    guard stated.scales.allSatisfy({ $0.isFinite && $0 > 0 }),
      zeroPoints.allSatisfy({ abs($0.clamped(to: -1 << 32...1 << 32)) < 1 << 32 }),
      zeroPoints.count == stated.scales.count,
      stated.scales.count == 1
        || (0..<shape.rank).contains(axis) && shape[axis] == stated.scales.count
    else {
      throw PackError(
        .malformedQuantization,
        "\(stated.scales.count) scales and \(zeroPoints.count) zero points along axis \(axis) of "
          + "\(shape) are not positive, in range or as many as its places",
        at: .tensor(tensor.name), hint: "convert the model again")
    }
    return Tensor.Quantization(scales: stated.scales, zeroPoints: zeroPoints, axis: axis)
  }

  mutating func set(_ number: Int32, _ value: TFLiteValue) {
    values[Int(number)] = value
  }

  // MARK: - Weights

  /// Stores a constant with its axes in another order, under its own name.
  ///
  /// - Parameter shape: what the result is read as; as many elements.
  /// - Throws: `SYN0014` where an element is not finite.
  mutating func weight(
    _ constant: TFLiteConstant, permutation: [Int]? = nil, as shape: Shape? = nil
  ) throws(PackError) -> String {
    var tensor = constant.tensor
    try checkFiniteElements(tensor, constant.name)
    if let permutation, permutation != Array(0..<tensor.shape.rank) {
      try reserve(tensor.byteCount)
      tensor = try tensor.permuted(permutation)
    }
    if let shape { tensor = try tensor.reshaped(shape) }
    let name = weightNames.take(constant.name)
    network.store(tensor, as: name)
    return name
  }

  /// Stores numbers as a weight.
  mutating func weight(_ name: String, _ values: [Float]) throws(PackError) -> String {
    try reserve(values.count * 4)
    let name = weightNames.take(name)
    network.store(try Tensor(shape: Shape([values.count]), floats: values), as: name)
    return name
  }

  /// - Throws: `SYN0203` where copies of weights add up to far more than the file holds.
  mutating func reserve(_ bytes: Int) throws(PackError) {
    derivedByteCount = derivedByteCount.adding(bytes) ?? .max
    guard derivedByteCount <= (file.count.times(16) ?? .max).adding(64 << 20) ?? .max else {
      throw PackError(
        .modelTooLarge, "the weights add up to far more than the file holds",
        hint: "do not trust this file")
    }
  }

  // MARK: - Order of axes

  /// The wire in the file's order of axes.
  mutating func inFileOrder(
    _ value: TFLiteActivation, name: String
  ) throws(PackError) -> WireID {
    guard value.isPlane, !value.extents.dropLast().allSatisfy({ $0 == 1 }), value.extents[2] != 1
    else {
      return try network.reshape(
        value.wire, to: Shape(value.extents), name: name + ".rows")
    }
    return try network.add(
      name + ".rows", .transpose(Transpose(permutation: [1, 2, 0])), [value.wire])
  }

  /// A wire in the file's order of axes as an activation of these extents.
  mutating func fromFileOrder(
    _ wire: WireID, _ extents: [Int], name: String
  ) throws(PackError) -> TFLiteActivation {
    let wireExtents = try Shape(TFLiteActivation.wireExtents(extents))
    guard extents.count == 3, extents[2] != 1, extents[0] * extents[1] != 1 else {
      return TFLiteActivation(
        wire: try network.reshape(wire, to: wireExtents, name: name), extents: extents)
    }
    let rows = try network.reshape(wire, to: Shape(extents), name: name)
    return TFLiteActivation(
      wire: try network.add(
        name + ".planes", .transpose(Transpose(permutation: [2, 0, 1])), [rows]),
      extents: extents)
  }

  // MARK: - Quantized activations

  /// Rounds an activation to the levels of its tensor and back, as the file's integers do.
  mutating func rounded(
    _ value: TFLiteActivation, as tensor: TFLiteTensor
  ) throws(PackError) -> TFLiteActivation {
    guard let type = tfliteElementType(tensor.type), !type.isFloatingPoint else { return value }
    let ranges: [ElementType: ClosedRange<Int>] = [
      .int8: -128...127, .uint8: 0...255, .int16: -32768...32767,
    ]
    guard let range = ranges[type],
      let levels = try levels(tensor, type, Shape(tensor.shape.map { Int(max($0, 1)) })),
      levels.isPerTensor, let scale = levels.scales.first, let zero = levels.zeroPoints.first,
      range.contains(Int(zero))
    else {
      throw PackError(
        .malformedQuantization,
        "an activation of \(type.rawValue) has no single scale and zero point of its type",
        at: .tensor(tensor.name), hint: "convert the model with one scale for each activation")
    }
    let name = tensor.name
    let scaleName = try weight(name + ".scale", [scale])
    let zeroName = try weight(name + ".zero", [Float(zero)])
    let levelled = try network.add(
      name + ".quantized",
      .quantization(
        Quantization(
          scale: scaleName, zeroPoint: zeroName, axis: 0, lower: range.lowerBound,
          upper: range.upperBound)), [value.wire])
    let wire = try network.add(
      name + ".dequantized",
      .dequantization(Dequantization(scale: scaleName, zeroPoint: zeroName, axis: 0)), [levelled])
    return TFLiteActivation(wire: wire, extents: value.extents, blocks: value.blocks)
  }
}

extension Int64 {
  fileprivate func clamped(to range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension Tensor {
  /// The same elements with the axes in another order, as they are stored; a quantization goes
  /// with its axis.
  func permuted(_ permutation: [Int]) throws(PackError) -> Tensor {
    let size = type.byteCount
    let sources = try Transpose(permutation: permutation).sources(input: shape)
    let bytes = withBytes { span in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(span.byteCount)
      for source in sources { span.append(source * size..<(source + 1) * size, to: &bytes) }
      return bytes
    }
    let turned = try Tensor(
      shape: Shape(permutation.map { shape[$0] }), type: type, bytes: bytes)
    guard var quantization else { return turned }
    quantization.axis = permutation.firstIndex(of: quantization.axis) ?? 0
    return try turned.quantized(by: quantization)
  }
}
