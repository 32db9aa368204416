internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The graph that the layers of a description grow, and the tensors that they take.
struct ArchitectureBuilder {
  var network: NetworkDraft
  let tensors: NamedTensors
  private(set) var used: Set<String> = []
  /// Every beginning of a tensor's name that ends before a dot, so that a repetition can tell in
  /// constant time whether a member exists.
  private let groups: Set<String>
  /// The layers of weights without a bias, and the kinds of those that have one.
  private(set) var biasless: [(name: String, kind: String)] = []
  private(set) var biasedKinds: Set<String> = []

  init(_ tensors: NamedTensors, origin: Origin) {
    network = NetworkDraft(origin: origin)
    self.tensors = tensors
    var groups: Set<String> = []
    for name in tensors.names {
      // Names of real tensors have few parts; more would make this quadratic in a hostile one.
      let dots = name.utf8.indices.lazy.filter { name.utf8[$0] == UInt8(ascii: ".") }.prefix(16)
      for dot in dots { groups.insert(String(name[..<dot])) }
    }
    self.groups = groups
  }

  func shape(_ wire: WireID) -> Shape { network.shape(wire) }

  func has(_ tensor: String) -> Bool { tensors[tensor] != nil }

  /// Whether there are tensors beneath a name.
  func hasGroup(_ name: String) -> Bool { groups.contains(name) }

  /// The tensor of that name, which counts as taken.
  ///
  /// - Throws: `SYN0252` where there is none, `SYN0241` where it holds no floating-point numbers.
  mutating func take(_ name: String) throws(PackError) -> Tensor {
    guard let tensor = tensors[name] else {
      let near = nearestName(to: name, among: Array(tensors.names.prefix(1024)))
      throw PackError(
        .missingTensor, "the file holds no such tensor", at: .tensor(name),
        hint: near.map { "the nearest name is `\($0)`; check the architecture" }
          ?? "check the architecture")
    }
    guard tensor.type.isFloatingPoint else {
      throw PackError(
        .unsupportedWeightType, "weights are floating-point numbers, not \(tensor.type.rawValue)",
        at: .tensor(name), hint: "store the tensor as F32, F16 or BF16")
    }
    used.insert(name)
    return tensor
  }

  /// Stores a tensor of the file as a weight, under its own name.
  mutating func weight(_ name: String, as shape: Shape? = nil) throws(PackError) -> String {
    let tensor = try take(name)
    network.store(
      try shape.map { (shape) throws(PackError) in try tensor.reshaped(shape) } ?? tensor, as: name)
    return name
  }

  /// Stores a vector of `count` numbers as a weight.
  ///
  /// - Throws: `SYN0254` for another shape.
  mutating func vector(_ name: String, count: Int) throws(PackError) -> String {
    let shape = try take(name).shape
    guard shape.dimensions == [count] else {
      throw misshapen(name, "it is \(shape), [\(count)] was expected")
    }
    return try weight(name)
  }

  /// Notes whether a layer of weights has a bias.
  mutating func note(bias: String?, of context: LayerContext) {
    if bias == nil {
      biasless.append((context.name, context.kind))
    } else {
      biasedKinds.insert(context.kind)
    }
  }

  func misshapen(_ name: String, _ message: String) -> PackError {
    PackError(
      .misshapenTensor, message, at: .tensor(name),
      hint: "check the architecture and its parameters, such as the input size")
  }
}
