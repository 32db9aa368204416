import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport

/// Small networks that together use every form a layer can take in a program.
enum SmallNetwork: String, CaseIterable, Sendable {
  case plain, depthwise, grouped, dilated, perceptron, signedInput, line
  case residualOfSpikes, residualOfWeights, residualMixed, residualDeep
  case concatConvolution, concatDepthwise, concatFlatten, concatThenMaxPool
  case averagePool, averagePoolOverlapping, averagePoolExcludingPads, globalAveragePool
  case maxPoolPairs, maxPoolOverlapping, maxPoolRoundedUp, maxPoolOfSum, maxPoolBeforeRelu
  case pads, crop, transposedFlatten, clip, normalizationBehindRelu, affineBehindRelu
  case bottleneck, bottleneckFlattened, outputOfSpikes, reshapedLine, scaled, direct

  func graph(seed: UInt64) throws(PackError) -> (graph: Graph<Analog>, builder: GraphBuilder) {
    let shape = self == .line || self == .reshapedLine ? [2, 20] : [2, 8, 8]
    var b = try GraphBuilder(seed: seed, input: self == .perceptron ? [30] : shape)
    let body = try body(&b)
    if self == .outputOfSpikes { return (try b.graph(body), b) }
    let flat = b.shape(body).rank == 1 ? body : try b.flatten(body)
    let output = try b.linear(flat, 5, name: "output")
    return (try b.graph(output), b)
  }

  private func body(_ b: inout GraphBuilder) throws(PackError) -> WireID {
    switch self {
    case .plain, .depthwise, .grouped, .dilated, .perceptron, .signedInput, .line, .pads, .crop,
      .transposedFlatten, .clip, .normalizationBehindRelu, .affineBehindRelu, .outputOfSpikes,
      .reshapedLine, .scaled, .direct:
      try chain(&b)
    case .residualOfSpikes, .residualOfWeights, .residualMixed, .residualDeep, .concatConvolution,
      .concatDepthwise, .concatFlatten, .concatThenMaxPool:
      try join(&b)
    case .averagePool, .averagePoolOverlapping, .averagePoolExcludingPads, .globalAveragePool,
      .maxPoolPairs, .maxPoolOverlapping, .maxPoolRoundedUp, .maxPoolOfSum, .maxPoolBeforeRelu:
      try pool(&b)
    case .bottleneck, .bottleneckFlattened: try bottleneck(&b)
    }
  }

  private func layer(
    _ b: inout GraphBuilder, _ wire: WireID, _ outputs: Int = 4, stride: Int = 1, groups: Int = 1
  ) throws(PackError) -> WireID {
    try b.relu(b.convolution(wire, outputs, kernel: 3, stride: stride, groups: groups))
  }

  private func chain(_ b: inout GraphBuilder) throws(PackError) -> WireID {
    if self == .perceptron {
      let hidden = try b.relu(b.linear(b.input, 40))
      return try b.relu(b.linear(hidden, 30, bias: false))
    }
    if self == .direct { return b.input }
    if self == .line || self == .reshapedLine {
      let window = Window(
        kernel: Extent(y: 1, x: 3), stride: Extent(y: 1, x: 2), padding: Edges(left: 2))
      let first = try b.relu(b.convolution(b.input, 4, window))
      guard self == .reshapedLine else { return try b.relu(b.convolution(first, 6, window)) }
      let folded = try b.add(.reshape(Reshape(shape: Shape([8, 5]))), first)
      return try b.relu(b.linear(b.flatten(folded), 12))
    }
    let first = try layer(&b, b.input)
    switch self {
    case .depthwise:
      let window = Window(
        kernel: Extent(y: 3, x: 2), stride: Extent(y: 2, x: 1), padding: Edges(top: 1, left: 1))
      return try layer(&b, b.relu(b.convolution(first, 8, window, groups: 4)))
    case .grouped: return try layer(&b, first, 6, groups: 2)
    case .dilated:
      let window = Window(kernel: Extent(y: 3, x: 2), dilation: Extent(y: 2, x: 3))
      return try b.relu(b.convolution(first, 4, window))
    case .pads:
      let padded = try b.add(
        .pad(Pad(edges: Edges(top: 1, left: 2, bottom: 0, right: 3))), first)
      return try layer(&b, padded, stride: 2)
    case .crop:
      let cropped = try b.add(
        .pad(Pad(edges: Edges(top: -1, left: 1, bottom: -2, right: -1))), first)
      return try layer(&b, cropped)
    case .transposedFlatten:
      return try b.flatten(b.add(.transpose(Transpose(permutation: [1, 2, 0])), first))
    case .clip:
      let small = try b.add(.scale(Scale(factor: 4)), b.convolution(first, 4, kernel: 3))
      return try b.add(.clip(Clip(lower: 0, upper: 2)), small)
    case .normalizationBehindRelu: return try layer(&b, b.normalization(first))
    case .affineBehindRelu: return try layer(&b, b.affine(first))
    case .scaled: return try layer(&b, b.add(.scale(Scale(factor: -0.5)), first))
    default: return try layer(&b, first, stride: 2)
    }
  }

  private func join(_ b: inout GraphBuilder) throws(PackError) -> WireID {
    let first = try layer(&b, b.input)
    let second = try layer(&b, first)
    switch self {
    case .residualOfSpikes: return try layer(&b, b.add(.add(Add()), first, second))
    case .residualOfWeights:
      let left = try b.convolution(second, 6, kernel: 3, stride: 2)
      let right = try b.convolution(first, 6, kernel: 1, stride: 2)
      return try b.relu(b.add(.add(Add()), left, right))
    case .residualMixed:
      let left = try b.convolution(second, 4, kernel: 3)
      return try b.relu(b.add(.add(Add()), left, first))
    case .residualDeep:
      let sum = try b.relu(b.add(.add(Add()), b.convolution(second, 4, kernel: 3), first))
      let next = try b.convolution(layer(&b, sum), 4, kernel: 3)
      return try b.relu(b.add(.add(Add()), next, sum, second))
    default:
      let wide = try layer(&b, second, 3)
      let all = try b.add(.concat(Concat(axis: 0)), first, wide, second)
      switch self {
      case .concatConvolution: return try layer(&b, all, 5, stride: 2)
      case .concatDepthwise: return try layer(&b, all, 11, groups: 11)
      case .concatThenMaxPool: return try b.add(.maxPool(MaxPool(window: square(2, 2))), all)
      default: return all
      }
    }
  }

  private func square(_ kernel: Int, _ stride: Int, pad: Int = 0, overhang: Int = 0) -> Window {
    Window(
      kernel: Extent(y: kernel, x: kernel), stride: Extent(y: stride, x: stride),
      padding: Edges(top: pad, left: pad, bottom: pad, right: pad),
      overhang: Extent(y: overhang, x: overhang))
  }

  private func pool(_ b: inout GraphBuilder) throws(PackError) -> WireID {
    let weighted = try b.convolution(b.input, 4, kernel: 3)
    if self == .maxPoolBeforeRelu {
      return try b.relu(b.add(.maxPool(MaxPool(window: square(2, 2))), weighted))
    }
    let first = try b.relu(weighted)
    func average(
      _ b: inout GraphBuilder, _ window: Window, counts: Bool
    ) throws(PackError) -> WireID {
      try b.add(.averagePool(AveragePool(window: window, countsPadding: counts)), first)
    }
    switch self {
    case .averagePool: return try layer(&b, average(&b, square(2, 2), counts: true))
    case .averagePoolOverlapping:
      return try layer(&b, average(&b, square(3, 2, pad: 1), counts: true))
    case .averagePoolExcludingPads:
      return try layer(&b, average(&b, square(3, 2, pad: 1), counts: false))
    case .globalAveragePool: return try average(&b, square(8, 1), counts: false)
    case .maxPoolOverlapping:
      return try layer(&b, b.add(.maxPool(MaxPool(window: square(3, 2, pad: 1))), first))
    case .maxPoolRoundedUp:
      return try layer(&b, b.add(.maxPool(MaxPool(window: square(3, 3, overhang: 1))), first))
    case .maxPoolOfSum:
      let sum = try b.add(.add(Add()), first, layer(&b, first))
      return try b.add(.maxPool(MaxPool(window: square(2, 2))), sum)
    default: return try layer(&b, b.add(.maxPool(MaxPool(window: square(2, 2))), first))
    }
  }

  /// A layer without a rectifier, whose values keep both signs.
  private func bottleneck(_ b: inout GraphBuilder) throws(PackError) -> WireID {
    let first = try layer(&b, b.input)
    let narrow = try b.convolution(first, 3, kernel: 3, stride: 2)
    guard self == .bottleneckFlattened else { return try layer(&b, narrow) }
    return try b.relu(b.linear(b.flatten(narrow), 12))
  }
}
