internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Where the values of a wire lie among the neurons that carry them.
enum Layout {
  /// `order` read through a permutation; `nil` where every value stays in its place.
  static func composed(_ sources: [Int], behind order: [Int]?) -> [Int]? {
    let composed = sources.map { order?[$0] ?? $0 }
    return composed.indices.allSatisfy({ composed[$0] == $0 }) ? nil : composed
  }

  /// The order of a wire [tokens, channels] whose neurons lie channel by channel.
  static func tokens(_ count: Int, channels: Int) -> [Int]? {
    composed(heads(1, tokens: count, channels: channels), behind: nil)
  }

  /// For each value of a wire [heads, tokens, channels] its neuron, where these lie channel by channel.
  static func heads(_ count: Int, tokens: Int, channels: Int) -> [Int] {
    (0..<count * tokens * channels).map { value in
      (value / (tokens * channels) * channels + value % channels) * tokens
        + value / channels % tokens
    }
  }

  /// For each value of a wire its neuron, by their shapes alone; `nil` where both lie in one order.
  ///
  /// A wire of tokens keeps the channels of a token together, a population [channels, height, width]
  /// those of a channel with a cell for each token.
  static func neurons(of population: Shape, on wire: Shape) -> [Int]? {
    let axes = wire.dimensions
    guard axes.filter({ $0 != 1 }) != population.dimensions.filter({ $0 != 1 }), axes.count > 1,
      let planes = population.planes
    else { return nil }
    let (tokens, channels) = (axes[axes.count - 2], axes[axes.count - 1])
    guard planes.height * planes.width == tokens, channels > 0, planes.channels % channels == 0,
      population.count == wire.count
    else { return nil }
    return heads(planes.channels / channels, tokens: tokens, channels: channels)
  }
}

extension Shape {
  /// The shape that a permutation of the axes turns into this one.
  func transposed(by permutation: [Int]) -> Shape {
    var dimensions = dimensions
    for (axis, source) in permutation.enumerated() where dimensions.indices.contains(source) {
      dimensions[source] = self[axis]
    }
    return (try? Shape(dimensions)) ?? self
  }
}

extension Term {
  /// Whether the wire is [tokens, channels] and the term's neurons lie channel by channel.
  func isTokens(_ tokens: Int, channels: Int) -> Bool {
    planes.channels == channels && planes.height * planes.width == tokens && coversWire
      && order == Layout.tokens(tokens, channels: channels)
  }

  /// Whether the term has every value of the wire.
  var coversWire: Bool { first == 0 && native.count == logical.count }

  /// The term summed over its whole plane, whatever shape the wire gives that plane; `nil` for any
  /// other window.
  func summed(over window: Window, _ shape: Shape) throws(PackError) -> Term? {
    guard order == nil, coversWire, let wire = logical.planes, let target = shape.planes,
      wire.channels == planes.channels, target.height == 1, target.width == 1,
      window == Window(kernel: Extent(y: wire.height, x: wire.width))
    else { return nil }
    var term = self
    term.relays.append(Window(kernel: Extent(y: planes.height, x: planes.width)))
    term.native = try Shape([planes.channels, 1, 1])
    term.logical = shape
    return term
  }

  /// The term in its own layout, one synapse a value.
  func depthwise() throws(PackError) -> FloatConnection {
    FloatConnection(
      source: source, relays: relays,
      kind: .convolution(Window(kernel: Extent(y: 1, x: 1)), groups: planes.channels),
      shape: try Shape([planes.channels, 1, 1, 1]), weights: amplitude, amplitude: amplitude,
      passes: rounding)
  }
}

extension ProgramLowering {
  /// A term as it is on its way into a neuron that has other connections.
  func identity(_ term: Term, in input: WeightedInput) throws(PackError) -> FloatConnection {
    guard input.order != nil else { return try term.identity() }
    guard term.coversWire, term.order == input.order,
      term.native.planes.map({ [$0.0, $0.1, $0.2] })
        == input.shape.planes.map({ [$0.0, $0.1, $0.2] })
    else {
      throw PackError(
        .cannotSpike, "a sum of two layouts", hint: "add wires of one layout")
    }
    return try term.depthwise()
  }

  /// A layer of weights along the last axis of [tokens, channels]: a kernel of 1×1 over tokens.
  func multiplyTokens(
    _ op: Linear, _ input: Carried, _ shape: Shape
  ) throws(PackError) -> Carried {
    let matrix = try graph.weights.tensor(op.weight)
    let (outputs, inputs) = (matrix.shape[0], matrix.shape[1])
    let tokens = shape.count / max(1, outputs)
    let kernel = try Shape([outputs, inputs, 1, 1])
    let values = matrix.floats()
    var connections: [FloatConnection] = []
    var native = try Shape([outputs, 1, tokens])
    for var term in try terms(input) {
      let own = try Shape([outputs, term.planes.height, term.planes.width])
      guard shape.rank == 2, term.isTokens(tokens, channels: inputs),
        connections.isEmpty || native == own
      else {
        throw PackError(
          .cannotSpike, "a layer along the last axis of values that do not lie channel by channel",
          hint: "make tokens from the plane of a convolution, as vision transformers do")
      }
      native = own
      term.logical = term.native
      term.order = nil
      connections.append(
        try term.convolution(values, kernel, Window(kernel: Extent(y: 1, x: 1)), groups: 1))
    }
    return .weighted(
      WeightedInput(
        shape: native, connections: connections,
        bias: try bias(op.bias, outputs), order: Layout.tokens(tokens, channels: outputs)))
  }
}
