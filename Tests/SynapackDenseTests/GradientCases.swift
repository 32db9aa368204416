import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport

/// Small graphs of one operator each, of inputs whose values keep away from its kinks.
struct GradientCase: Sendable, CustomStringConvertible {
  let description: String
  let input: [Int]
  let build: @Sendable (inout GraphBuilder, WireID) throws(PackError) -> WireID

  init(
    _ description: String, _ input: [Int],
    _ build: @escaping @Sendable (inout GraphBuilder, WireID) throws(PackError) -> WireID
  ) {
    self.description = description
    self.input = input
    self.build = build
  }

  /// A case of an operator without weights.
  init(_ description: String, _ input: [Int], _ op: Op) {
    self.init(description, input) { (b, x) throws(PackError) in try b.add(op, x) }
  }
}

enum GradientCases {
  /// All whose values have derivatives; steps are held to their surrogates one by one.
  static let smooth = elementwise + arranging + weighted + windows + reductions

  private static let elementwise =
    [
      GradientCase("activation", [3, 4], .activation(Activation(.hyperbolicTangent))),
      GradientCase("relu", [3, 5], .relu(Relu())),
      GradientCase("clip", [3, 5], .clip(Clip(lower: -0.5, upper: 0.8))),
      GradientCase("scale", [5], .scale(Scale(factor: -1.5))),
      GradientCase("delay", [5]) { (b, x) throws(PackError) in
        b.draft.weights["ticks"] = try Tensor(shape: Shape([1]), integers: [2])
        return try b.add(.delay(Delay(ticks: "ticks")), x)
      },
      GradientCase("add", [2, 3]) { (b, x) throws(PackError) in
        // The same wire twice.
        try b.add(.add(Add()), x, b.add(.scale(Scale(factor: 2)), x), x)
      },
      GradientCase("constant", [2, 3]) { (b, x) throws(PackError) in
        let constant = try b.add(.constant(Constant(weight: b.weight("k", [2, 3], -1...1))))
        return try b.add(.binary(Binary(.multiply)), x, constant)
      },
      GradientCase("where", [2, 3]) { (b, x) throws(PackError) in
        b.draft.weights["mask"] = try Tensor(
          shape: Shape([2, 1]), type: .bool, bytes: [1, 0])
        let mask = try b.add(.constant(Constant(weight: "mask")))
        let other = try b.add(.constant(Constant(weight: b.weight("k", [3], -1...1))))
        return try b.add(.where(Where()), mask, x, other)
      },
    ]
    + [Binary.Function.add, .subtract, .multiply, .divide, .power, .minimum, .maximum]
    .flatMap { function in
      [binary(function, [2, 3]), binary(function, [2, 1]), binary(function, [3])]
    }
    + [Binary.Function.less, .lessOrEqual, .equal, .parametricRelu].map { binary($0, [2, 1]) }

  /// A wire and a constant that is stretched to it; positive where a power or quotient asks for it.
  private static func binary(_ function: Binary.Function, _ shape: [Int]) -> GradientCase {
    GradientCase("binary \(function) \(shape)", [2, 3]) { (b, x) throws(PackError) in
      let constant = try b.add(.constant(Constant(weight: b.weight("k", shape, 1.0...1.3))))
      let base = try b.add(.activation(Activation(.exponential)), x)
      switch function {
      case .power: return try b.add(.binary(Binary(.power)), base, constant)
      case .divide: return try b.add(.binary(Binary(.divide)), constant, base)
      case .minimum, .maximum:
        return try b.add(.binary(Binary(function)), constant, b.add(.scale(Scale(factor: 3)), x))
      case .add, .subtract, .multiply, .parametricRelu, .less, .lessOrEqual, .equal:
        return try b.add(.binary(Binary(function)), x, constant)
      }
    }
  }

  private static let arranging = [
    GradientCase("concat", [2, 3]) { (b, x) throws(PackError) in
      try b.add(.concat(Concat(axis: 1)), x, b.add(.scale(Scale(factor: 2)), x), x)
    },
    GradientCase("reshape", [2, 3]) { (b, x) throws(PackError) in try b.flatten(x) },
    GradientCase("transpose", [2, 3, 4], .transpose(Transpose(permutation: [2, 0, 1]))),
    GradientCase("select", [4, 3], .select(Select(axis: 0, indices: [2, 0, 2]))),
    GradientCase(
      "slice", [4, 5], .slice(Slice(starts: [3, 0], counts: [2, 3], steps: [-2, 2]))),
    GradientCase("tile", [2, 3], .tile(Tile(repeats: [2, 3]))),
    GradientCase(
      "pad", [2, 3, 4], .pad(Pad(edges: Edges(top: 1, left: -1, bottom: 2, right: 1)))),
  ]

  private static let weighted = [
    GradientCase("linear", [7]) { (b, x) throws(PackError) in try b.linear(x, 4) },
    GradientCase("linear rows", [3, 5]) { (b, x) throws(PackError) in
      try b.add(.linear(Linear(weight: b.weight("w", [2, 5], -1...1), bias: nil)), x)
    },
    GradientCase("matrixProduct", [2, 3, 4]) { (b, x) throws(PackError) in
      let other = try b.add(.constant(Constant(weight: b.weight("k", [4, 2], -1...1))))
      return try b.add(.matrixProduct(MatrixProduct()), x, other)
    },
    GradientCase("matrixProduct of itself", [3, 3]) { (b, x) throws(PackError) in
      try b.add(.matrixProduct(MatrixProduct()), x, x)
    },
    GradientCase("batchNormalization", [3, 4]) { (b, x) throws(PackError) in
      try b.normalization(x)
    },
    GradientCase("channelAffine", [3, 4]) { (b, x) throws(PackError) in
      let op = ChannelAffine(
        scale: try b.weight("a", [3], 0.5...1.5), shift: try b.weight("c", [3], -1...1))
      return try b.add(.channelAffine(op), x)
    },
    GradientCase("groupNormalization", [4, 3]) { (b, x) throws(PackError) in
      let op = GroupNormalization(
        groups: 2, scale: try b.weight("a", [4], 0.5...1.5),
        shift: try b.weight("c", [4], -1...1), epsilon: 0.1)
      return try b.add(.groupNormalization(op), x)
    },
    GradientCase("layerNormalization", [2, 5]) { (b, x) throws(PackError) in
      let op = LayerNormalization(
        axis: 1, scale: try b.weight("a", [5], 0.5...1.5), shift: nil, epsilon: 0.1)
      return try b.add(.layerNormalization(op), x)
    },
    GradientCase("layerNormalization of all", [2, 3]) { (b, x) throws(PackError) in
      let op = LayerNormalization(
        axis: 0, scale: nil, shift: try b.weight("c", [2, 3], -1...1), epsilon: 0.1)
      return try b.add(.layerNormalization(op), x)
    },
    GradientCase(
      "localResponseNormalization", [5, 3],
      .localResponseNormalization(
        LocalResponseNormalization(size: 4, alpha: 0.7, beta: 0.75, bias: 1))),
    GradientCase("softmax", [3, 4], .softmax(Softmax(axis: 0))),
    GradientCase("softmax of logarithms", [3, 4], .softmax(Softmax(isLogarithmic: true))),
    GradientCase("dequantization", [3, 4]) { (b, x) throws(PackError) in
      let op = Dequantization(
        scale: try b.weight("s", [3], 0.5...1.5), zeroPoint: try b.weight("z", [3], -1...1),
        axis: 0)
      return try b.add(.dequantization(op), x)
    },
    GradientCase("neuron without a threshold", [2, 3]) { (b, x) throws(PackError) in
      let op = Neuron(
        synapse: Neuron.Synapse(
          decay: try b.weight("alpha", [2], 0.3...0.8), gain: try b.weight("beta", [1], 0.5...1)),
        decay: try b.weight("gamma", [6], 0.5...0.9), gain: try b.weight("delta", [2], 0.5...1),
        drift: try b.weight("epsilon", [2], -0.2...0.2), threshold: nil, reset: .none,
        timesteps: 4)
      return try b.add(.neuron(op), x)
    },
  ]

  private static let windows =
    [
      Window(kernel: Extent(y: 3, x: 2), padding: Edges(top: 1, left: 1, bottom: 0, right: 1)),
      Window(
        kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 3),
        padding: Edges(left: 1, bottom: 1)),
      Window(
        kernel: Extent(y: 2, x: 2), dilation: Extent(y: 2, x: 1),
        padding: Edges(top: 1, right: -1)),
    ].enumerated().flatMap { index, window in
      [
        GradientCase("maxPool \(index)", [2, 4, 5], .maxPool(MaxPool(window: window))),
        GradientCase(
          "averagePool \(index)", [2, 4, 5],
          .averagePool(AveragePool(window: window, countsPadding: index == 1))),
        GradientCase("windowSum \(index)", [2, 4, 5], .windowSum(WindowSum(window: window))),
        GradientCase("convolution \(index)", [2, 4, 5]) { (b, x) throws(PackError) in
          try b.convolution(x, 3, window)
        },
        GradientCase("convolution in groups \(index)", [4, 4, 5]) { (b, x) throws(PackError) in
          try b.convolution(x, 8, window, groups: index == 0 ? 4 : 2, bias: false)
        },
        // Wide enough for the direct kernel, forward and back.
        GradientCase("convolution of many channels \(index)", [8, 6, 7]) {
          (b, x) throws(PackError) in try b.convolution(x, 9, window)
        },
        GradientCase("convolution transposed \(index)", [2, 3, 4]) { (b, x) throws(PackError) in
          try transposed(&b, x, window, groups: index == 0 ? 2 : 1)
        },
        GradientCase("volumePool \(index)", [2, 3, 4, 3]) { (b, x) throws(PackError) in
          try b.add(
            .volumePool(
              VolumePool(
                index == 0 ? .maximum : .average(countsPadding: index == 1), window: volume(window))
            ), x)
        },
        GradientCase("volumeConvolution \(index)", [2, 3, 4, 3]) { (b, x) throws(PackError) in
          let window = volume(window)
          let op = VolumeConvolution(
            weight: try b.weight("w", [2, 2] + window.kernel, -0.5...0.5),
            bias: try b.weight("b", [2], -1...1), window: window)
          return try b.add(.volumeConvolution(op), x)
        },
      ]
    } + [
      GradientCase("convolution of single cells", [8, 3, 4]) { (b, x) throws(PackError) in
        try b.convolution(x, 8, kernel: 1)
      },
      GradientCase("convolution of a line", [2, 9]) { (b, x) throws(PackError) in
        try b.convolution(
          x, 3, Window(kernel: Extent(y: 1, x: 3), padding: Edges(left: 1, right: 1)))
      },
    ]

  private static func volume(_ window: Window) -> VolumeWindow {
    VolumeWindow(
      kernel: [2, window.kernel.y, window.kernel.x], stride: [1, window.stride.y, window.stride.x],
      dilation: [1, window.dilation.y, window.dilation.x],
      before: [1, window.padding.top, window.padding.left],
      after: [0, window.padding.bottom, window.padding.right])
  }

  private static func transposed(
    _ b: inout GraphBuilder, _ x: WireID, _ window: Window, groups: Int
  ) throws(PackError) -> WireID {
    let window = VolumeWindow(
      kernel: [window.kernel.y, window.kernel.x], stride: [window.stride.y, window.stride.x],
      dilation: [window.dilation.y, window.dilation.x], before: [1, 0], after: [0, 1])
    let op = ConvolutionTranspose(
      weight: try b.weight("w", [2, 2] + window.kernel, -0.5...0.5),
      bias: try b.weight("b", [2 * groups], -1...1), window: window, outputPadding: [0, 1],
      groups: groups)
    return try b.add(.convolutionTranspose(op), x)
  }

  private static let reductions = [
    Reduce.Function.sum, .mean, .maximum, .minimum, .product, .absoluteSum, .norm, .squareSum,
    .logarithmOfSum, .logarithmOfExponentialSum,
  ].flatMap { function in
    [[0], [1], [0, 2], []].map { axes in
      GradientCase("reduce \(function) \(axes)", [2, 3, 2]) { (b, x) throws(PackError) in
        let positive = try b.add(.activation(Activation(.exponential)), x)
        let op = Reduce(function, axes: axes, keepsAxes: axes.count == 2)
        return try b.add(.reduce(op), function == .logarithmOfSum ? positive : x)
      }
    }
  }
}
