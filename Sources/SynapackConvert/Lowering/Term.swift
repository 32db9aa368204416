internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One source's share of a wire of spikes: which payloads, moved how, standing for what.
struct Term: Sendable {
  var source: Source
  /// The shape behind the relays, as the payloads are counted.
  var native: Shape
  var relays: [Window]
  /// What a payload of 1 stands for, a channel of the source.
  var amplitude: [Float]
  /// The ratio of that amplitude to the one the spiking graph asked for, a channel: integer
  /// thresholds are rounded, and the value of a payload follows them.
  var rounding: [Float]
  /// The shape of the whole wire.
  var logical: Shape
  /// Where the term's values begin in the wire, counted row-major.
  var first: Int
  /// For each of the term's values in the wire, its index in `native`; `nil` for the same order.
  var order: [Int]?

  /// The planes of `native`; populations and relays always have them.
  var planes: (channels: Int, height: Int, width: Int) { native.planes ?? (0, 0, 0) }

  /// The channel of the wire where the term begins, if the term is laid in whole planes of the
  /// wire's own size; only then can a kernel move over it.
  var firstChannel: Int? {
    guard let wire = logical.planes, order == nil, wire.height == planes.height,
      wire.width == planes.width
    else { return nil }
    return first / max(1, wire.height * wire.width)
  }
}

/// What a wire of the spiking graph carries.
enum Carried: Sendable {
  case spikes([Term])
  case weighted(WeightedInput)
  /// An operator on running means, on its way to the neurons that send its result.
  case computed(Computation)

  /// The populations whose payloads it carries.
  var populations: [Int] {
    let sources =
      switch self {
      case .spikes(let terms): terms.map(\.source)
      case .weighted(let input): input.connections.map(\.source)
      case .computed(let computation): computation.sources
      }
    return sources.compactMap { if case .population(let index) = $0 { index } else { nil } }
  }
}

/// The input of a neuron in real numbers: connections with their weights, and a bias.
struct WeightedInput: Sendable {
  /// The shape in which the connections drive it.
  var shape: Shape
  var connections: [FloatConnection]
  /// One value a channel of `shape`.
  var bias: [Float]
  /// The unit of each channel's weights where they lie on a grid already.
  var units: [Float]?
  /// What is added to the bias of each neuron of `shape`, where it differs inside a channel.
  var places: [Float]?
  /// For each value of the wire, its index in `shape`; `nil` for the same order.
  var order: [Int]?
}

/// A connection whose weights are still real numbers.
struct FloatConnection: Sendable {
  var source: Source
  var relays: [Window]
  var kind: Kind
  /// [O, I] or [O, I, kH, kW].
  var shape: Shape
  var weights: [Float]
  /// What a payload of each channel stands for; the weights contain it already.
  var amplitude: [Float]
  /// For a connection that passes a source on unchanged: the rounding of its amplitude for each
  /// output channel, `nil` where the source does not reach.
  var passes: [Float?]?

  /// Whether it has one weight a channel and no kernel, as what passes a source on has.
  var isShortcut: Bool {
    guard passes == nil else { return true }
    guard case .convolution(let window, let groups) = kind else { return false }
    return groups > 1 && shape.dimensions == [groups, 1, 1, 1]
      && window.kernel == Extent(y: 1, x: 1)
  }

  enum Kind: Sendable, Hashable {
    case dense
    case convolution(Window, groups: Int)
  }
}
