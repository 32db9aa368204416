internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// One operator as its lowering sees it.
struct TFLiteContext {
  let node: TFLiteOperator
  /// What the node is called: its first output.
  let name: String
  let operatorName: String
  let buffer: FlatBuffer
  /// The output's tensor in the file.
  let output: TFLiteTensor
  let outputNumber: Int32

  /// The value of a required input.
  func value(_ index: Int, _ builder: inout TFLiteBuilder) throws(PackError) -> TFLiteValue {
    guard index < node.inputs.count, node.inputs[index] >= 0 else {
      throw malformed("input \(index) is left out")
    }
    return try builder.value(node.inputs[index])
  }

  /// An input that depends on the sample, whole.
  func activation(
    _ index: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let value = try blockedActivation(index, &builder)
    guard value.blocks == nil else {
      throw unsupported(
        "it stands between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND",
        hint: "only a convolution may; convert the model with a fixed batch")
    }
    return value
  }

  /// An input that depends on the sample and may be cut into blocks.
  func blockedActivation(
    _ index: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    switch try value(index, &builder) {
    case .activation(let value): return value
    case .constant:
      throw unsupported("input \(index) is a constant", hint: "fold the constants of the model")
    case .integers:
      throw unsupported(
        "input \(index) is computed from shapes", hint: "convert the model with a fixed batch")
    }
  }

  func constant(
    _ index: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteConstant {
    guard case .constant(let value) = try value(index, &builder) else {
      throw unsupported(
        "input \(index) is computed, a constant is expected", hint: "use constant weights")
    }
    return value
  }

  func has(_ index: Int) -> Bool { index < node.inputs.count && node.inputs[index] >= 0 }

  /// Integers that stand in the file or are computed from shapes.
  func symbolic(
    _ index: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    switch try value(index, &builder) {
    case .integers(let integers): return integers
    case .constant(let constant):
      guard constant.tensor.shape.count <= 64 else { throw malformed("a list is too long") }
      if let integers = try SymbolicIntegers(constant.tensor) { return integers }
    case .activation: break
    }
    throw unsupported(
      "input \(index) is no list of integers", hint: "the operator is read only of shapes")
  }

  func integers(_ index: Int, _ builder: inout TFLiteBuilder) throws(PackError) -> [Int] {
    let constant = try constant(index, &builder)
    guard constant.tensor.shape.count <= 64 else { throw malformed("a list is too long") }
    return try constant.tensor.integers().map { Int(clamping: $0) }
  }

  // MARK: - Options

  func option(_ id: Int, default fallback: Int32 = 0) throws(PackError) -> Int {
    guard let table = node.options else { return Int(fallback) }
    return Int(try buffer.scalar(table, id, default: fallback))
  }

  func byteOption(_ id: Int, default fallback: Int8 = 0) throws(PackError) -> Int {
    guard let table = node.options else { return Int(fallback) }
    return Int(try buffer.scalar(table, id, default: fallback))
  }

  func floatOption(_ id: Int, default fallback: Float) throws(PackError) -> Float {
    guard let table = node.options else { return fallback }
    let value = try buffer.float(table, id, default: fallback)
    guard value.isFinite else { throw malformed("option \(id) is \(value)") }
    return value
  }

  // MARK: - Results

  /// Adds the fused activation of option `id` behind a wire.
  func activated(
    _ wire: WireID, option id: Int, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> WireID {
    let op: Op
    switch try byteOption(id) {
    case 0: return wire
    case 1: op = .relu(Relu())
    case 2: op = .clip(Clip(lower: -1, upper: 1))
    case 3: op = .clip(Clip(lower: 0, upper: 6))
    case 4: op = .activation(Activation(.hyperbolicTangent))
    case let code:
      throw unsupported("the fused activation has the number \(code)", hint: "use relu or relu6")
    }
    return try builder.network.add(name + ".activation", op, [wire])
  }

  /// The output as an activation, whose extents must be those that the file states.
  func result(
    _ wire: WireID, _ builder: TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let extents = try builder.extents(output)
    let expected = TFLiteActivation.wireExtents(extents)
    let shape = builder.network.shape(wire)
    guard shape.dimensions == expected else {
      throw PackError(
        .wrongShape, "\(operatorName) gives \(shape), the file states \(expected)",
        hint: "convert the model again")
    }
    return TFLiteActivation(wire: wire, extents: extents)
  }

  func malformed(_ message: String) -> PackError {
    PackError(
      .malformedGraph, "\(operatorName): \(message)", hint: "convert the model again")
  }

  func unsupported(_ message: String, hint: String) -> PackError {
    PackError(.unsupportedAttribute, "\(operatorName): \(message)", hint: hint)
  }
}

/// How one TFLite operator becomes ours.
struct TFLiteLowering: Sendable {
  typealias Body =
    @Sendable (TFLiteContext, inout TFLiteBuilder) throws(PackError) -> TFLiteActivation
  typealias Integers =
    @Sendable (TFLiteContext, inout TFLiteBuilder) throws(PackError) -> SymbolicIntegers

  /// The number and name of the operator in the schema.
  let code: Int32
  let name: String
  /// The number of its options in the schema's union; `nil` where they are not read.
  let options: UInt8?
  /// How many inputs the operator takes, those left out counted.
  let inputs: ClosedRange<Int>
  /// Whether the output may have levels of its own, so that it is rounded to them.
  let rounds: Bool
  /// Computes a node that reads only integers, as the shapes of a model without a fixed batch.
  let integers: Integers?
  let body: Body

  init(
    _ code: Int32, _ name: String, inputs: ClosedRange<Int>, options: UInt8? = nil,
    rounds: Bool = true, integers: Integers? = nil, _ body: @escaping Body
  ) {
    self.code = code
    self.name = name
    self.inputs = inputs
    self.options = options
    self.rounds = rounds
    self.integers = integers
    self.body = body
  }
}

/// The lowerings of one file in Ops/; the type is named after the file.
protocol TFLiteLoweringFamily: Sendable {
  static var lowerings: [TFLiteLowering] { get }
}

/// Every file in Ops/.
let tfliteLoweringFamilies: [any TFLiteLoweringFamily.Type] = [
  TFLiteBlockLayers.self, TFLiteConvolutions.self, TFLiteElementwise.self, TFLiteJoins.self,
  TFLiteLists.self, TFLitePools.self, TFLiteShapes.self, TFLiteTransposedConvolutions.self,
]

/// The lowering of each supported operator, by its number.
let tfliteLowerings: [Int32: TFLiteLowering] = Dictionary(
  tfliteLoweringFamilies.flatMap { $0.lowerings }.map { ($0.code, $0) },
  uniquingKeysWith: { first, _ in first })
