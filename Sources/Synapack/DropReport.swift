public import SynapackConvert
public import SynapackSupport

/// Where accuracy went: after each stage, in each layer, and what would bring it back.
public struct DropReport: Sendable {
  /// Accuracy and agreement once a stage is done.
  public struct Stage: Sendable {
    /// `folded`, `balanced` or `quantized`.
    public var name: String
    public var accuracy: Double?
    public var agreement: Double?
  }

  public var stages: [Stage]
  public var layers: [LayerExplanation]
  /// The error of each layer before its values became narrow integers, by name.
  public var balancedErrors: [String: Double]
  /// The first layer that hurts.
  public var first: LayerExplanation?
  /// The program with that layer's knob turned.
  public var remedied: Stage?
  /// Other conversions of the same model, each named by its option, tried where no layer stands out.
  public var alternatives: [Stage] = []

  /// The member `explanation` of `synapack.evaluate/1`.
  public var json: JSON {
    var members: [String: JSON] = [
      "stages": .array(stages.map(Self.json)),
      "layers": .array(layers.map(json)),
    ]
    if !alternatives.isEmpty { members["alternatives"] = .array(alternatives.map(Self.json)) }
    if let first {
      var remedy: [String: JSON] = ["layer": .string(first.name)]
      remedy["knob"] = first.knob.map { .string($0.rawValue) }
      if let remedied { remedy["measured"] = Self.json(remedied) }
      members["firstLayer"] = .object(remedy)
    }
    return .object(members)
  }

  private static func json(_ stage: Stage) -> JSON {
    var members: [String: JSON] = ["name": .string(stage.name)]
    if let accuracy = stage.accuracy { members["accuracy"] = .number(accuracy) }
    if let agreement = stage.agreement { members["agreement"] = .number(agreement) }
    return .object(members)
  }

  private func json(_ layer: LayerExplanation) -> JSON {
    var remedies: [String: JSON] = [:]
    for remedy in layer.remedies { remedies[remedy.knob.rawValue] = .number(remedy.error) }
    var members: [String: JSON] = [
      "name": .string(layer.name), "error": .number(layer.error),
      "errorAfter": .object(remedies), "deadChannels": .integer(layer.deadChannels),
      "saturated": .number(layer.saturated),
    ]
    if let error = balancedErrors[layer.name] { members["balancedError"] = .number(error) }
    if let causes = layer.causes {
      members["clippingError"] = .number(causes.clipping)
      members["quantizationError"] = .number(causes.quantization)
      members["unevennessError"] = .number(causes.unevenness)
    }
    return .object(members)
  }
}
