public import SynapackSupport
public import SynapackTensor

/// One operator of a graph: a closed set, so that the compiler lists what must learn a new one.
///
/// Shapes are those of one sample: the batch is never part of them. Planes are channels first,
/// `[C, H, W]`, `[C, L]` for one dimension.
public enum Op: Sendable, Hashable {
  case activation(Activation)
  case add(Add)
  case averagePool(AveragePool)
  case batchNormalization(BatchNormalization)
  case binary(Binary)
  case channelAffine(ChannelAffine)
  case clip(Clip)
  case concat(Concat)
  case constant(Constant)
  case convolution(Convolution)
  case convolutionTranspose(ConvolutionTranspose)
  case delay(Delay)
  case dequantization(Dequantization)
  case groupNormalization(GroupNormalization)
  case layerNormalization(LayerNormalization)
  case linear(Linear)
  case localResponseNormalization(LocalResponseNormalization)
  case matrixProduct(MatrixProduct)
  case maxPool(MaxPool)
  case neuron(Neuron)
  case pad(Pad)
  case quantization(Quantization)
  case reduce(Reduce)
  case relu(Relu)
  case reshape(Reshape)
  case scale(Scale)
  case select(Select)
  case slice(Slice)
  case softmax(Softmax)
  case spike(Spike)
  case tile(Tile)
  case transpose(Transpose)
  case volumeConvolution(VolumeConvolution)
  case volumePool(VolumePool)
  case `where`(Where)
  case windowSum(WindowSum)

  /// The payload behind the case.
  public var payload: any OpPayload {
    switch self {
    case .activation(let op): op
    case .add(let op): op
    case .averagePool(let op): op
    case .batchNormalization(let op): op
    case .binary(let op): op
    case .channelAffine(let op): op
    case .clip(let op): op
    case .concat(let op): op
    case .constant(let op): op
    case .convolution(let op): op
    case .convolutionTranspose(let op): op
    case .delay(let op): op
    case .dequantization(let op): op
    case .groupNormalization(let op): op
    case .layerNormalization(let op): op
    case .linear(let op): op
    case .localResponseNormalization(let op): op
    case .matrixProduct(let op): op
    case .maxPool(let op): op
    case .neuron(let op): op
    case .pad(let op): op
    case .quantization(let op): op
    case .reduce(let op): op
    case .relu(let op): op
    case .reshape(let op): op
    case .scale(let op): op
    case .select(let op): op
    case .slice(let op): op
    case .softmax(let op): op
    case .spike(let op): op
    case .tile(let op): op
    case .transpose(let op): op
    case .volumeConvolution(let op): op
    case .volumePool(let op): op
    case .where(let op): op
    case .windowSum(let op): op
    }
  }

  /// The name shown to people, e.g. `convolution`.
  public var name: String { type(of: payload).name }
}

/// What each operator states about itself; one file an operator.
public protocol OpPayload: Sendable, Hashable {
  static var name: String { get }

  /// The names of the weights that the operator reads.
  var weightNames: [String] { get }

  /// The shape of the output for one sample.
  ///
  /// - Throws: `SYN0210` where inputs and weights do not fit, `SYN0211` for a missing weight.
  func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape

  /// The operator's equation, computed slowly and in the plainest way, for one sample.
  ///
  /// Only for tests and tiny graphs: SynapackDense computes the same on BLAS.
  func evaluate(_ inputs: [FloatArray], _ weights: WeightStore) throws(PackError) -> FloatArray
}

extension OpPayload {
  public var weightNames: [String] { [] }

  /// The single input of an operator that takes one.
  func single<Value>(_ inputs: [Value]) throws(PackError) -> Value {
    guard inputs.count == 1, let first = inputs.first else {
      throw wrongShape("\(Self.name) takes one input, not \(inputs.count)")
    }
    return first
  }

  /// The channels, height and width of a shape.
  func planes(_ shape: Shape) throws(PackError) -> (channels: Int, height: Int, width: Int) {
    guard let planes = shape.planes else {
      throw wrongShape("\(Self.name) takes [C], [C, L] or [C, H, W], not \(shape)")
    }
    return planes
  }

  func wrongShape(_ message: String) -> PackError {
    PackError(.wrongShape, message, hint: "check this layer in the source model")
  }
}
