internal import SynapackSupport
internal import SynapackTensor

/// What of an operator counts in the digest of a graph: everything but names.
enum CanonicalFields {
  private enum Field {
    case integers([Int])
    case numbers([Float])
    case text(String)
    case weight(String?)
    /// A weight that is added: all zeros are the same as none.
    case bias(String?)
  }

  static func digest(
    _ node: CanonicalNode, _ wires: [WireID: Digest], _ weights: WeightDigests
  ) -> Digest {
    var builder = DigestBuilder()
    builder.add(node.op.name)
    for field in fields(node) { add(field, &builder, weights) }
    builder.add(node.shape)
    builder.add(node.inputs.count)
    let sources = node.inputs.map { wires[$0]?.bytes ?? [] }
    let ordered =
      isCommutative(node) ? sources.sorted { $0.lexicographicallyPrecedes($1) } : sources
    for source in ordered { builder.add(source) }
    return builder.digest()
  }

  /// Whether the order of two inputs changes no bit of the result.
  private static func isCommutative(_ node: CanonicalNode) -> Bool {
    switch node.op {
    case .add: node.inputs.count == 2
    case .binary(let op): op.function == .add || op.function == .multiply
    default: false
    }
  }

  private static func add(
    _ field: Field, _ builder: inout DigestBuilder, _ weights: WeightDigests
  ) {
    switch field {
    case .integers(let values):
      builder.add(values.count)
      for value in values { builder.add(value) }
    case .numbers(let values):
      for value in values { builder.add(Int(value.bitPattern)) }
    case .text(let text): builder.add(text)
    case .weight(let name):
      builder.add(name == nil ? 0 : 1)
      if let name { builder.add(weights[name]) }
    case .bias(let name):
      add(.weight(name.flatMap { weights.isZero($0) ? nil : $0 }), &builder, weights)
    }
  }

  private static func fields(_ node: CanonicalNode) -> [Field] {
    switch node.op {
    case .activation(let op): [.text("\(op.function)")]
    case .add, .matrixProduct, .relu, .reshape, .where: []
    case .averagePool(let op): window(op.window) + [.integers([op.countsPadding ? 1 : 0])]
    case .batchNormalization(let op):
      [op.scale, op.shift, op.mean, op.variance].map { .weight($0) } + [.numbers([op.epsilon])]
    case .binary(let op): [.text("\(op.function)")]
    case .channelAffine(let op): [.weight(op.scale), .bias(op.shift)]
    case .clip(let op): [.numbers([op.lower, op.upper])]
    case .concat(let op): [.integers([op.axis])]
    case .constant(let op): [.weight(op.weight)]
    case .convolution(let op):
      [.weight(op.weight), .bias(op.bias), .integers([op.groups])] + window(op.window)
    case .convolutionTranspose(let op):
      [.weight(op.weight), .bias(op.bias), .integers([op.groups]), .integers(op.outputPadding)]
        + window(op.window)
    case .delay(let op): [.weight(op.ticks)]
    case .dequantization(let op): [.weight(op.scale), .bias(op.zeroPoint), .integers([op.axis])]
    case .groupNormalization(let op):
      [.weight(op.scale), .bias(op.shift), .integers([op.groups]), .numbers([op.epsilon])]
    case .layerNormalization(let op):
      [.weight(op.scale), .bias(op.shift), .integers([op.axis]), .numbers([op.epsilon])]
    case .linear(let op): [.weight(op.weight), .bias(op.bias)]
    case .localResponseNormalization(let op):
      [.integers([op.size]), .numbers([op.alpha, op.beta, op.bias])]
    case .maxPool(let op): window(op.window)
    case .neuron(let op): neuron(op)
    case .pad(let op): edges(op.edges)
    case .quantization(let op):
      [.weight(op.scale), .bias(op.zeroPoint), .integers([op.axis, op.lower, op.upper])]
    case .reduce(let op): [.text("\(op.function)"), .integers(op.axes)]
    case .scale(let op): [.numbers([op.factor])]
    case .select(let op): [.integers([op.axis]), .integers(op.indices)]
    case .slice(let op): [op.starts, op.counts, op.steps].map { .integers($0) }
    case .softmax(let op):
      [.integers([op.resolvedAxis(node.shape) ?? 0, op.isLogarithmic ? 1 : 0])]
    case .spike(let op):
      [op.threshold, op.amplitude, op.initial].map { .weight($0) }
        + [.integers([op.lower, op.upper, op.memory ? 1 : 0, op.timesteps])]
    case .tile(let op): [.integers(op.repeats)]
    case .transpose(let op): [.integers(op.permutation)]
    case .volumeConvolution(let op):
      [.weight(op.weight), .bias(op.bias), .integers([op.groups])] + window(op.window)
    case .volumePool(let op): [.text("\(op.function)")] + window(op.window)
    case .windowSum(let op): window(op.window)
    }
  }

  private static func neuron(_ op: Neuron) -> [Field] {
    let synapse: [Field] = op.synapse.map { [.weight($0.decay), .weight($0.gain)] } ?? []
    let reset: [Field] =
      switch op.reset {
      case .none: [.text("none")]
      case .subtract: [.text("subtract")]
      case .value(let name): [.text("value"), .weight(name)]
      }
    return [.integers([synapse.count, op.timesteps])] + synapse
      + [op.decay, op.gain, op.drift, op.threshold].map { .weight($0) } + reset
  }

  private static func window(_ window: Window) -> [Field] {
    let extents = [window.kernel, window.stride, window.dilation, window.overhang]
    return [.integers(extents.flatMap { [$0.y, $0.x] })] + edges(window.padding)
  }

  private static func edges(_ edges: Edges) -> [Field] {
    [.integers([edges.top, edges.left, edges.bottom, edges.right])]
  }

  private static func window(_ window: VolumeWindow) -> [Field] {
    [
      window.kernel, window.stride, window.dilation, window.before, window.after,
      window.overhang,
    ].map { .integers($0) }
  }
}
