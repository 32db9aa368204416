internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How one word of the descriptions becomes nodes.
struct ArchitectureLayer: Sendable {
  typealias Body =
    @Sendable (LayerContext, inout ArchitectureBuilder) throws(PackError) -> WireID

  let kind: String
  /// The keys that it takes beside those that all layers take.
  let keys: [String]
  let build: Body

  init(_ kind: String, keys: [String] = [], _ build: @escaping Body) {
    self.kind = kind
    self.keys = keys
    self.build = build
  }

  /// The keys of every layer.
  static let commonKeys = ["name", "from", "when", "unless"]
}

/// The layers of one file; the type is named after the file.
protocol ArchitectureLayerFamily: Sendable {
  static var layers: [ArchitectureLayer] { get }
}

/// Every file of layers.
let architectureLayerFamilies: [any ArchitectureLayerFamily.Type] = [
  ActivationLayers.self, JoinLayers.self, LinearLayers.self, NormalizationLayers.self,
  PoolingLayers.self, ShapeLayers.self,
]

/// Every layer by its word in the descriptions.
let architectureLayers: [String: ArchitectureLayer] = Dictionary(
  architectureLayerFamilies.flatMap { $0.layers }.map { ($0.kind, $0) },
  uniquingKeysWith: { first, _ in first })

/// One layer of a description with its placeholders filled in, and the wires that it reads.
struct LayerContext {
  let kind: String
  /// What stands behind the word.
  let value: ArchitectureNode
  let options: [String: ArchitectureNode]
  let line: Int
  /// What the node is called.
  let name: String
  let inputs: [WireID]

  /// The single wire of a layer that takes one.
  func input() throws(PackError) -> WireID {
    guard let first = inputs.first, inputs.count == 1 else {
      throw refusal("`\(kind)` takes one input, not \(inputs.count)")
    }
    return first
  }

  /// The name of a tensor: that of `key`, or the layer's prefix and `suffix`.
  func tensorName(_ key: String, _ suffix: String) throws(PackError) -> String {
    if let stated = options[key] {
      guard let text = stated.text else { throw refusal("`\(key)` is no name") }
      return text
    }
    return try ownTensorName(suffix)
  }

  /// The name of a tensor of the layer's prefix.
  func ownTensorName(_ suffix: String) throws(PackError) -> String {
    guard let prefix = value.text else {
      throw refusal("`\(kind)` names no tensors; write `\(kind): prefix`")
    }
    return prefix + "." + suffix
  }

  /// A whole number of `key`, or of the layer's own value where `key` is `nil`.
  func integer(_ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>)
    throws(PackError) -> Int
  {
    guard let node = options[key] else {
      guard let fallback else { throw refusal("`\(kind)` lacks `\(key)`") }
      return fallback
    }
    return try integer(node, key, in: range)
  }

  func integer(
    _ node: ArchitectureNode, _ key: String, in range: ClosedRange<Int>
  ) throws(PackError) -> Int {
    guard let text = node.text, let number = Int(text), range.contains(number) else {
      throw refusal("`\(key)` is `\(node.text ?? "?")`; a whole number in \(range) is expected")
    }
    return number
  }

  /// One number for y and x, or a list of both.
  func extent(
    _ node: ArchitectureNode?, _ key: String, default fallback: Extent, in range: ClosedRange<Int>
  ) throws(PackError) -> Extent {
    guard let node else { return fallback }
    let items = node.items()
    guard let first = items.first, let last = items.last, items.count <= 2 else {
      throw refusal("`\(key)` is no number and no pair of y and x")
    }
    return Extent(y: try integer(first, key, in: range), x: try integer(last, key, in: range))
  }

  func number(_ node: ArchitectureNode?, _ key: String, default fallback: Float?)
    throws(PackError) -> Float
  {
    if let fallback, node == nil { return fallback }
    guard let text = node?.text, let number = Float(text), number.isFinite else {
      throw refusal("`\(key)` is `\(node?.text ?? "?")`; a number is expected")
    }
    return number
  }

  func flag(_ key: String, default fallback: Bool) throws(PackError) -> Bool {
    guard let node = options[key] else { return fallback }
    switch node.text {
    case "true": return true
    case "false": return false
    default: throw refusal("`\(key)` is `\(node.text ?? "?")`; true or false is expected")
    }
  }

  /// The layer's own value; `nil` where there is none.
  var ownValue: ArchitectureNode? {
    if case .nothing = value.content { nil } else { value }
  }

  func refusal(_ message: String) -> PackError {
    architectureRefusal(message, line: line)
  }
}
