public import SynapackGraph
public import SynapackSupport
public import SynapackTensor

/// Builds small analog graphs with random weights of the size that keeps values near one.
public struct GraphBuilder {
  public var draft = GraphDraft(
    origin: Origin(format: "test", digest: nil, producer: "", version: ""))
  public var random: SeededGenerator
  public let input: WireID

  public init(seed: UInt64, input shape: [Int]) throws(PackError) {
    random = SeededGenerator(seed: seed)
    input = draft.addWire("x", try Shape(shape))
    draft.inputs = [input]
  }

  public func shape(_ wire: WireID) -> Shape { draft.wires[wire.index].shape }

  /// The finished graph.
  public func graph(_ outputs: WireID...) throws(PackError) -> Graph<Analog> {
    var draft = draft
    draft.outputs = outputs
    return try Graph(verifying: draft)
  }

  /// Adds a node; without a name it gets its operator's name and a number.
  @discardableResult
  public mutating func add(
    _ op: Op, _ inputs: WireID..., name: String? = nil
  ) throws(PackError) -> WireID {
    try draft.addNode(name ?? "\(op.name)\(draft.nodes.count)", op, inputs)
  }

  /// Stores a tensor of values drawn from `range` and returns its name.
  public mutating func weight(
    _ base: String, _ shape: [Int], _ range: ClosedRange<Float>
  ) throws(PackError) -> String {
    let name = draft.weights.freshName(base)
    let shape = try Shape(shape)
    let values = (0..<shape.count).map { _ in
      range.lowerBound + random.unitFloat() * (range.upperBound - range.lowerBound)
    }
    draft.weights[name] = try Tensor(shape: shape, floats: values)
    return name
  }

  public mutating func convolution(
    _ wire: WireID, _ outputs: Int, _ window: Window, groups: Int = 1, bias: Bool = true,
    name: String? = nil
  ) throws(PackError) -> WireID {
    let channels = shape(wire).planes?.channels ?? 1
    let taps = channels / groups * window.kernel.y * window.kernel.x
    let limit = (3 / Float(taps)).squareRoot()
    let kernel = try weight(
      "w", [outputs, channels / groups, window.kernel.y, window.kernel.x], -limit...limit)
    let offset = bias ? try weight("b", [outputs], -0.1...0.2) : nil
    return try add(
      .convolution(Convolution(weight: kernel, bias: offset, window: window, groups: groups)), wire,
      name: name)
  }

  /// A square kernel with the padding that keeps the extent at stride 1.
  public mutating func convolution(
    _ wire: WireID, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    bias: Bool = true, name: String? = nil
  ) throws(PackError) -> WireID {
    let edge = kernel / 2
    return try convolution(
      wire, outputs,
      Window(
        kernel: Extent(y: kernel, x: kernel), stride: Extent(y: stride, x: stride),
        padding: Edges(top: edge, left: edge, bottom: edge, right: edge)),
      groups: groups, bias: bias, name: name)
  }

  public mutating func linear(
    _ wire: WireID, _ outputs: Int, bias: Bool = true, name: String? = nil
  ) throws(PackError) -> WireID {
    let count = shape(wire).count
    let limit = (3 / Float(count)).squareRoot()
    let matrix = try weight("w", [outputs, count], -limit...limit)
    let offset = bias ? try weight("b", [outputs], -0.1...0.2) : nil
    return try add(.linear(Linear(weight: matrix, bias: offset)), wire, name: name)
  }

  public mutating func normalization(_ wire: WireID) throws(PackError) -> WireID {
    let channels = shape(wire).dimensions.first ?? 1
    let op = BatchNormalization(
      scale: try weight("gamma", [channels], 0.5...1.5),
      shift: try weight("beta", [channels], -0.2...0.2),
      mean: try weight("mu", [channels], -0.2...0.2),
      variance: try weight("sigma", [channels], 0.3...2), epsilon: 1e-5)
    return try add(.batchNormalization(op), wire)
  }

  public mutating func affine(_ wire: WireID) throws(PackError) -> WireID {
    let channels = shape(wire).dimensions.first ?? 1
    let op = ChannelAffine(
      scale: Bool.random(using: &random) ? try weight("a", [channels], 0.5...1.5) : nil,
      shift: Bool.random(using: &random) ? try weight("c", [channels], -0.2...0.2) : nil)
    return try add(.channelAffine(op), wire)
  }

  public mutating func relu(_ wire: WireID, name: String? = nil) throws(PackError) -> WireID {
    try add(.relu(Relu()), wire, name: name)
  }

  public mutating func flatten(_ wire: WireID) throws(PackError) -> WireID {
    try add(.reshape(Reshape(shape: Shape([shape(wire).count]))), wire)
  }

  /// Samples of the input's shape, one after the other, from 0 ..< 1 or −1 ..< 1.
  public mutating func samples(_ count: Int, signed: Bool = false) -> [Float] {
    (0..<count * shape(input).count).map { _ in
      signed ? random.unitFloat() * 2 - 1 : random.unitFloat()
    }
  }

  public mutating func pick<Value>(_ values: Value...) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }
}
