internal import SynapackTensor

/// Where the values of a population lie on a wire of the source network.
///
/// Networks of tokens keep the channels of a token together, [tokens, channels] or, for the heads of
/// an attention, [heads, tokens, channels of a head]; populations keep those of a channel together,
/// [channels, height, width] with a cell for each token.
enum WireOrder {
  /// For each neuron the place of its value; `nil` where both lie in one order.
  static func places(of population: Shape, on wire: Shape) -> [Int]? {
    let axes = wire.dimensions
    guard axes.filter({ $0 != 1 }) != population.dimensions.filter({ $0 != 1 }), axes.count > 1,
      let planes = population.planes
    else { return nil }
    let (tokens, width) = (axes[axes.count - 2], axes[axes.count - 1])
    guard planes.height * planes.width == tokens, width > 0, planes.channels % width == 0,
      population.count == wire.count
    else { return nil }
    return (0..<population.count).map { neuron in
      let (channel, token) = neuron.quotientAndRemainder(dividingBy: tokens)
      return (channel / width * tokens + token) * width + channel % width
    }
  }
}
