internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// What an ONNX name stands for while the nodes are lowered.
enum ONNXValue {
  /// An activation. Its wire has the shape of one sample, without the batch.
  case wire(WireID)
  case constant(ONNXConstant)
  /// Integers computed from shapes, with the batch as a symbol.
  case integers(SymbolicIntegers)
  /// A further output, such as the indices of a pooling, that no lowering makes.
  case unavailable
}

/// A tensor of the file, or one computed from it, with the name that messages call it by.
struct ONNXConstant {
  let name: String
  let tensor: Tensor
}

/// How one ONNX operator becomes ours.
struct ONNXLowering: Sendable {
  typealias Body =
    @Sendable (ONNXNodeContext, inout ONNXGraphBuilder) throws(PackError) -> ONNXValue

  let operatorName: String
  /// The versions of the operator set in which the node means what the lowering reads.
  let opsets: ClosedRange<Int>
  /// How many inputs a node may have, those left out in between counted.
  let inputs: InputCounts
  /// The attributes that the lowering reads or that change nothing; any other is refused.
  let attributes: Set<String>
  /// The last opset of attributes that later became inputs or vanished.
  let retired: [String: Int]
  /// Lowers a node with an activation among its inputs; `nil` where none may be.
  let activations: Body?
  /// Computes a node whose inputs are all known; `nil` where that is not supported.
  let constants: Body?

  /// The number of inputs, where it changed with an opset.
  struct InputCounts: Sendable {
    private let counts: ClosedRange<Int>
    private let opset: Int
    private let earlierCounts: ClosedRange<Int>

    init(_ counts: ClosedRange<Int>, since opset: Int = 0, before earlier: ClosedRange<Int> = 0...0)
    {
      self.counts = counts
      self.opset = opset
      earlierCounts = earlier
    }

    func range(_ opset: Int) -> ClosedRange<Int> { opset < self.opset ? earlierCounts : counts }
  }

  init(
    _ operatorName: String, opsets: ClosedRange<Int> = ONNXOpsets.supported, inputs: InputCounts,
    attributes: Set<String> = [], retired: [String: Int] = [:], activations: Body? = nil,
    constants: Body? = nil
  ) {
    self.operatorName = operatorName
    self.opsets = opsets
    self.inputs = inputs
    self.retired = retired
    self.attributes = attributes
    self.activations = activations
    self.constants = constants
  }
}

/// Versions of the standard operator set.
enum ONNXOpsets {
  static let newest = 28
  static let supported = 7...newest
}

/// The lowerings of one file in Ops/; the type is named after the file.
protocol ONNXLoweringFamily: Sendable {
  static var lowerings: [ONNXLowering] { get }
}

/// Every file in Ops/. A test fails for one that is missing here.
let onnxLoweringFamilies: [any ONNXLoweringFamily.Type] = [
  AddLowering.self, ArithmeticLowering.self, AveragePoolLowering.self,
  BatchNormalizationLowering.self, CastLowering.self, ClipLowering.self, ConcatLowering.self,
  ConstantLowering.self, ConvolutionLowering.self, GemmLowering.self, IdentityLowering.self,
  MatMulLowering.self, MaxPoolLowering.self, PadLowering.self, ReluLowering.self,
  ReshapeLowering.self, ShapeLowering.self, SoftmaxLowering.self, TransposeLowering.self,
]

/// The lowering of each supported operator, by its ONNX name.
let onnxLowerings: [String: ONNXLowering] = Dictionary(
  onnxLoweringFamilies.flatMap { $0.lowerings }.map { ($0.operatorName, $0) },
  uniquingKeysWith: { first, _ in first })
