internal import SynapackPlace

/// A network of planes of neurons, as its shapes and drawn rates.
struct LayeredNetwork {
  /// One layer and what it hears.
  struct Layer {
    var channels: Int
    var height: Int
    var width: Int
    /// The layers that are heard, each by its own window.
    var inputs: [Input]
    var size: Int { channels * height * width }
  }

  struct Input {
    var layer: Int
    var kernel: Int
    var stride: Int
    var padding: Int
    /// Every channel hears all of the source's, or only its own.
    var isDepthwise: Bool
  }

  var name: String
  var layers: [Layer]
  /// For each layer and channel the events that one neuron sends in one inference.
  var rates: [[Double]]

  /// A box of one layer's neurons.
  struct Box: Hashable {
    var layer: Int
    var channels: Range<Int>
    var rows: Range<Int>
    var columns: Range<Int>
    var neurons: Int { channels.count * rows.count * columns.count }
  }

  /// What a box hears through one input.
  func heard(_ box: Box, _ input: Input) -> Box {
    let source = layers[input.layer]
    func span(_ range: Range<Int>, _ extent: Int) -> Range<Int> {
      let first = max(0, range.lowerBound * input.stride - input.padding)
      let end = min(extent, (range.upperBound - 1) * input.stride - input.padding + input.kernel)
      return min(first, extent)..<max(min(first, extent), end)
    }
    return Box(
      layer: input.layer, channels: input.isDepthwise ? box.channels : 0..<source.channels,
      rows: span(box.rows, source.height), columns: span(box.columns, source.width))
  }
}

/// Adds layers one after another.
struct NetworkBuilder {
  private(set) var layers: [LayeredNetwork.Layer]
  let name: String
  let seed: UInt64

  init(_ name: String, channels: Int, side: Int, seed: UInt64) {
    self.name = name
    self.seed = seed
    layers = [.init(channels: channels, height: side, width: side, inputs: [])]
  }

  var last: Int { layers.count - 1 }

  mutating func convolve(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, from: Int? = nil,
    plus shortcut: LayeredNetwork.Input? = nil, isDepthwise: Bool = false
  ) {
    let source = layers[from ?? last]
    let padding = padding ?? kernel / 2
    let input = LayeredNetwork.Input(
      layer: from ?? last, kernel: kernel, stride: stride, padding: padding,
      isDepthwise: isDepthwise)
    layers.append(
      .init(
        channels: channels, height: (source.height + 2 * padding - kernel) / stride + 1,
        width: (source.width + 2 * padding - kernel) / stride + 1,
        inputs: [input] + (shortcut.map { [$0] } ?? [])))
  }

  mutating func pool(_ kernel: Int, stride: Int? = nil) {
    convolve(
      layers[last].channels, kernel: kernel, stride: stride ?? kernel, padding: 0,
      isDepthwise: true)
  }

  mutating func dense(_ width: Int) {
    let source = layers[last]
    layers.append(
      .init(
        channels: width, height: 1, width: 1,
        inputs: [
          .init(
            layer: last, kernel: max(source.height, source.width), stride: 1, padding: 0,
            isDepthwise: false)
        ]))
  }

  /// Rates fall with depth and differ between channels, as those of converted networks do.
  func network() -> LayeredNetwork {
    var random = Draw(seed: seed)
    let rates = layers.enumerated().map { depth, layer in
      (0..<layer.channels).map { _ in
        random.logNormal(median: 0.5 / Double(1 + depth).squareRoot(), variation: 0.8)
      }
    }
    return LayeredNetwork(name: name, layers: layers, rates: rates)
  }
}
