internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// What an ONNX name stands for while the nodes are lowered.
indirect enum ONNXValue {
  case activation(ONNXActivation)
  case constant(ONNXConstant)
  /// Integers or truth values computed from shapes, with the batch as a symbol.
  case integers(SymbolicIntegers)
  /// Indices that differ from sample to sample, of a batch whose size is left open.
  case sampleIndices(SampleIndices)
  /// All outputs of a node that has several, in order.
  case outputs([ONNXValue])
  /// A further output, such as the indices of a pooling, that no lowering makes.
  case unavailable

  var isActivation: Bool {
    if case .activation = self { true } else { false }
  }

  var isSampleIndices: Bool {
    if case .sampleIndices = self { true } else { false }
  }
}

/// A tensor of the file, or one computed from it, with the name that messages call it by.
struct ONNXConstant {
  let name: String
  let tensor: Tensor

  /// What the elements may be, by what is done with them.
  enum Values {
    /// Those of a weight: a layer multiplies with them, so an infinite one spoils every result.
    case finite
    /// Those of a value that the graph only carries: masks hide a score behind −∞.
    case numbers
  }
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
  ///
  /// Where all inputs are known and nothing below applies, the same is done on constants and the
  /// result computed at once.
  let activations: Body?
  /// Computes a node whose inputs are all integers or truth values, as in shape computations.
  let integers: Body?
  /// Computes a node whose inputs are all known, without decoding what may stay in its file.
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
    integers: Body? = nil, constants: Body? = nil
  ) {
    self.operatorName = operatorName
    self.opsets = opsets
    self.inputs = inputs
    self.retired = retired
    self.attributes = attributes
    self.activations = activations
    self.integers = integers
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
  ActivationLowering.self, AddLowering.self, ArithmeticLowering.self, AveragePoolLowering.self,
  BatchNormalizationLowering.self, BranchLowering.self, CastLowering.self, ClipLowering.self,
  ComparisonLowering.self, ConcatLowering.self, ConstantLowering.self, ConvolutionLowering.self,
  ConvolutionTransposeLowering.self, EinsumLowering.self, ExpandLowering.self,
  GatherLowering.self, GemmLowering.self, IdentityLowering.self, MatMulLowering.self,
  MaxPoolLowering.self, NormalizationLowering.self, PadLowering.self, QuantizationLowering.self,
  ReduceLowering.self, ReluLowering.self, ReshapeLowering.self, ResizeLowering.self,
  ScatterLowering.self, ShapeLowering.self, SliceLowering.self, SoftmaxLowering.self,
  SpaceLowering.self, TransposeLowering.self, TriluLowering.self, WhereLowering.self,
]

/// The lowering of each supported operator, by its ONNX name.
let onnxLowerings: [String: ONNXLowering] = Dictionary(
  onnxLoweringFamilies.flatMap { $0.lowerings }.map { ($0.operatorName, $0) },
  uniquingKeysWith: { first, _ in first })
