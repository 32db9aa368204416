internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How one Keras layer becomes operators of ours.
struct KerasLowering: Sendable {
  typealias Body =
    @Sendable (KerasLayerContext, inout KerasGraphBuilder) throws(PackError) -> KerasTensor

  let className: String
  /// The keys of the configuration that the lowering reads.
  let keys: Set<String>
  /// Further keys that change nothing at inference; any other is refused.
  let harmless: Set<String>
  /// How many values the layer takes.
  let inputs: ClosedRange<Int>
  /// Whether the layer acts in training alone and is left out.
  let isTrainingOnly: Bool
  let body: Body

  init(
    _ className: String, keys: Set<String> = [], harmless: Set<String> = [],
    inputs: ClosedRange<Int> = 1...1, isTrainingOnly: Bool = false, body: @escaping Body
  ) {
    self.className = className
    self.keys = keys
    self.harmless = harmless
    self.inputs = inputs
    self.isTrainingOnly = isTrainingOnly
    self.body = body
  }

  /// Keys that every layer has and that change nothing: the precision is reported by itself.
  static let common: Set<String> = [
    "name", "trainable", "dtype", "batch_input_shape", "batch_shape", "activity_regularizer",
  ]

  /// How a variable of that name is initialised, held and regularised, which is training's part.
  static func training(of variables: String...) -> Set<String> {
    var keys: Set<String> = []
    for variable in variables {
      for part in ["initializer", "regularizer", "constraint"] {
        keys.insert(variable + "_" + part)
      }
    }
    return keys
  }
}

/// The lowerings of one file in Layers/; the type is named after the file.
protocol KerasLayerFamily: Sendable {
  static var lowerings: [KerasLowering] { get }
}

/// Every file in Layers/. A test fails for one that is missing here.
let kerasLayerFamilies: [any KerasLayerFamily.Type] = [
  ActivationLayers.self, BatchNormalizationLayer.self, ConcatenateLayer.self,
  ConvolutionLayers.self, CroppingLayers.self, DenseLayer.self, DepthwiseLayers.self,
  FlattenLayer.self, GlobalPoolingLayers.self, LayerNormalizationLayer.self, MergeLayers.self,
  NormalizationLayer.self, ParametricReLULayer.self, PermuteLayer.self, PoolingLayers.self,
  ReLULayer.self, RescalingLayer.self, ReshapeLayer.self, SeparableLayers.self,
  SoftmaxLayer.self, TrainingLayers.self, UpSamplingLayers.self, ZeroPaddingLayers.self,
]

/// The lowerings by class.
let kerasLowerings: [String: KerasLowering] = {
  var table: [String: KerasLowering] = [:]
  for family in kerasLayerFamilies {
    for lowering in family.lowerings { table[lowering.className] = lowering }
  }
  return table
}()
