import SynapackGraph
import SynapackSupport
import SynapackTensor
import Testing

/// Small results worked out by hand: the reference evaluation is the yardstick of the fast one, so
/// it needs one of its own.
struct OperatorValueTests {
  private func array(_ dimensions: [Int], _ values: [Float]) throws -> FloatArray {
    FloatArray(shape: try Shape(dimensions), values: values)
  }

  private func values(
    _ op: Op, _ inputs: FloatArray..., weights: [String: ([Int], [Float])] = [:]
  ) throws -> [Float] {
    var store = WeightStore()
    for (name, (dimensions, values)) in weights {
      store[name] = try Tensor(shape: Shape(dimensions), floats: values)
    }
    return try op.payload.evaluate(inputs, store).values
  }

  @Test func stretchedInputs() throws {
    let column = try array([2, 1], [1, 2])
    let row = try array([3], [10, 20, 30])
    #expect(try values(.binary(Binary(.subtract)), column, row) == [-9, -19, -29, -8, -18, -28])
    #expect(
      try values(.binary(Binary(.parametricRelu)), array([2], [-2, 3]), array([1], [0.5]))
        == [-1, 3])
    #expect(
      try values(.where(Where()), array([1, 3], [1, 0, -1]), column, row)
        == [1, 20, 1, 2, 20, 2])
  }

  @Test func products() throws {
    let a = try array([2, 1, 2], [1, 2, 3, 4])
    let b = try array([2, 2], [1, 10, 100, 1000])
    #expect(try values(.matrixProduct(MatrixProduct()), a, b) == [201, 2010, 403, 4030])
  }

  @Test func reductions() throws {
    let x = try array([2, 2], [1, -2, 3, 4])
    func reduced(_ function: Reduce.Function, _ axes: [Int]) throws -> [Float] {
      try values(.reduce(Reduce(function, axes: axes, keepsAxes: false)), x)
    }
    #expect(try reduced(.sum, [0]) == [4, 2])
    #expect(try reduced(.mean, [1]) == [-0.5, 3.5])
    #expect(try reduced(.maximum, [0, 1]) == [4])
    #expect(try reduced(.minimum, [0, 1]) == [-2])
    #expect(try reduced(.product, [0]) == [3, -8])
    #expect(try reduced(.absoluteSum, [1]) == [3, 7])
    #expect(try reduced(.norm, [1])[1] == 5)
    #expect(try reduced(.squareSum, [1]) == [5, 25])
    #expect(try reduced(.squareSum, []) == [1, 4, 9, 16])
    #expect(abs(try reduced(.logarithmOfSum, [1])[1] - 1.945_910_1) < 1e-6)
    #expect(abs(try reduced(.logarithmOfExponentialSum, [1])[1] - 4.313_261_5) < 1e-6)
    let nothing = try array([0, 2], [])
    let empty: [(Reduce.Function, Float)] = [
      (.sum, 0), (.product, 1), (.maximum, -.infinity), (.minimum, .infinity), (.norm, 0),
      (.logarithmOfExponentialSum, -.infinity),
    ]
    for (function, value) in empty {
      let op = Op.reduce(Reduce(function, axes: [0], keepsAxes: false))
      #expect(try values(op, nothing) == [value, value], "\(function)")
    }
  }

  @Test func picks() throws {
    let x = try array([2, 3], [0, 1, 2, 3, 4, 5])
    #expect(
      try values(.slice(Slice(starts: [1, 2], counts: [1, 2], steps: [1, -2])), x) == [5, 3])
    #expect(
      try values(.select(Select(axis: 1, indices: [2, 0, 2])), x) == [2, 0, 2, 5, 3, 5])
    #expect(
      try values(.tile(Tile(repeats: [1, 2])), x) == [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])
  }

  @Test func normalizations() throws {
    let x = try array([2, 2], [1, 3, 2, 6])
    let layer = LayerNormalization(axis: 1, scale: "g", shift: "b", epsilon: 0)
    #expect(
      try values(
        .layerNormalization(layer), x, weights: ["g": ([2], [2, 1]), "b": ([2], [0, 10])])
        == [-2, 11, -2, 11])
    let group = GroupNormalization(groups: 1, scale: nil, shift: "b", epsilon: 0.5)
    // mean 3, variance 3.5
    #expect(
      try values(.groupNormalization(group), x, weights: ["b": ([2], [0, 1])])
        == [-1, 0, 0.5, 2.5])
    let response = LocalResponseNormalization(size: 2, alpha: 2, beta: 1, bias: 1)
    // Of size 2 the channel itself and the next one count.
    #expect(
      try values(.localResponseNormalization(response), array([2, 1], [1, 3])) == [
        1 / 11, 3 / 10,
      ])
    let softmax = try values(.softmax(Softmax(axis: 0)), array([2, 2], [0, 5, 0, 5]))
    #expect(softmax == [0.5, 0.5, 0.5, 0.5])
    let logarithmic = try values(
      .softmax(Softmax(axis: 1, isLogarithmic: true)), array([1, 2], [1000, 0]))
    #expect(logarithmic == [0, -1000])
  }

  @Test func volumes() throws {
    let x = try array([1, 2, 1, 2], [1, 2, 3, 4])
    let window = VolumeWindow(kernel: [2, 1, 1])
    let convolution = VolumeConvolution(weight: "w", bias: "b", window: window)
    #expect(
      try values(
        .volumeConvolution(convolution), x,
        weights: ["w": ([1, 1, 2, 1, 1], [1, 10]), "b": ([1], [0.5])]) == [31.5, 42.5])
    let padded = VolumeWindow(kernel: [2, 1, 2], before: [0, 0, 1])
    #expect(try values(.volumePool(VolumePool(.maximum, window: padded)), x) == [3, 4])
    #expect(
      try values(.volumePool(VolumePool(.average(countsPadding: true), window: padded)), x)
        == [1, 2.5])
    #expect(
      try values(.volumePool(VolumePool(.average(countsPadding: false), window: padded)), x)
        == [2, 2.5])
  }

  @Test func transposedConvolutions() throws {
    let op = ConvolutionTranspose(
      weight: "w", bias: nil, window: VolumeWindow(kernel: [3], stride: [2], before: [1]),
      outputPadding: [1])
    // Spread: 1·(1, 10, 100) at −1, 2·(1, 10, 100) at 1.
    #expect(
      try values(
        .convolutionTranspose(op), array([1, 2], [1, 2]),
        weights: ["w": ([1, 1, 3], [1, 10, 100])])
        == [10, 102, 20, 200, 0])
  }

  @Test func levels() throws {
    let weights: [String: ([Int], [Float])] = ["s": ([2], [0.5, 2]), "z": ([2], [1, 0])]
    let x = try array([2, 2], [0.25, 0.75, 5, -100])
    let rounding = Quantization(scale: "s", zeroPoint: "z", axis: 0, lower: -8, upper: 7)
    #expect(try values(.quantization(rounding), x, weights: weights) == [1, 3, 2, -8])
    let back = Dequantization(scale: "s", zeroPoint: "z", axis: 1)
    #expect(
      try values(.dequantization(back), array([1, 2], [3, 3]), weights: weights) == [1, 6])
  }
}
