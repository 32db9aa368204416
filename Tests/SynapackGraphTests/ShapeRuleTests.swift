import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The shape that each operator states, and what it refuses.
struct ShapeRuleTests {
  /// Weights by the names that the operators below use; the name says the shape.
  private func store() throws -> WeightStore {
    var store = WeightStore()
    for dimensions in [
      [3], [4], [6], [6, 4], [6, 2, 3, 2], [4, 4, 1, 1], [4, 1, 1, 3], [0, 4],
    ] {
      let shape = try Shape(dimensions)
      store[dimensions.map(String.init).joined(separator: "x")] = try Tensor(
        shape: shape, floats: Array(repeating: 1, count: shape.count))
    }
    return store
  }

  private func shape(_ op: Op, _ inputs: [Int]...) throws(PackError) -> [Int] {
    var shapes: [Shape] = []
    for input in inputs { shapes.append(try Shape(input)) }
    let store: WeightStore
    do { store = try self.store() } catch { return [] }
    return try op.payload.outputShape(shapes, store).dimensions
  }

  private func code(_ op: Op, _ inputs: [Int]...) -> ErrorCode? {
    do {
      var shapes: [Shape] = []
      for input in inputs { shapes.append(try Shape(input)) }
      let store = try store()
      _ = try op.payload.outputShape(shapes, store)
      return nil
    } catch let error as PackError { return error.code } catch { return nil }
  }

  private func convolution(
    _ weight: String, bias: String? = nil, _ kernel: (Int, Int), groups: Int = 1
  ) -> Op {
    .convolution(
      Convolution(
        weight: weight, bias: bias, window: Window(kernel: Extent(y: kernel.0, x: kernel.1)),
        groups: groups))
  }

  @Test func convolutions() throws {
    #expect(
      try shape(convolution("6x2x3x2", bias: "6", (3, 2), groups: 2), [4, 5, 5]) == [6, 3, 4])
    #expect(try shape(convolution("4x1x1x3", (1, 3), groups: 4), [4, 7]) == [4, 5])
    #expect(try shape(convolution("4x4x1x1", (1, 1)), [4]) == [4, 1, 1])
    for refused in [
      code(convolution("6x2x3x2", (3, 2), groups: 2), [6, 5, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: 1), [4, 5, 5]),
      code(convolution("6x2x3x2", (2, 3), groups: 2), [4, 5, 5]),
      code(convolution("6x2x3x2", bias: "4", (3, 2), groups: 2), [4, 5, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: 2), [4, 2, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: 2), [4, 5, 5, 1]),
      code(convolution("6x2x3x2", (3, 2), groups: 2), [4, 5, 5], [4, 5, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: 0), [4, 5, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: 4), [8, 5, 5]),
      code(convolution("6x2x3x2", (3, 2), groups: Int.max), [4, 5, 5]),
      code(convolution("6x4", (1, 1)), [4, 5, 5]),
    ] { #expect(refused == .wrongShape) }
    #expect(code(convolution("none", (1, 1)), [4, 5, 5]) == .missingWeight)
    #expect(code(convolution("4x4x1x1", bias: "none", (1, 1)), [4, 5, 5]) == .missingWeight)
  }

  @Test func linears() throws {
    #expect(try shape(.linear(Linear(weight: "6x4", bias: "6")), [4]) == [6])
    #expect(try shape(.linear(Linear(weight: "6x4", bias: "6")), [3, 5, 4]) == [3, 5, 6])
    #expect(code(.linear(Linear(weight: "6x4", bias: nil)), []) == .wrongShape)
    for refused in [
      code(.linear(Linear(weight: "6x4", bias: nil)), [6]),
      code(.linear(Linear(weight: "6x4", bias: nil)), [4, 1]),
      code(.linear(Linear(weight: "6x4", bias: "4")), [4]),
      code(.linear(Linear(weight: "6", bias: nil)), [6]),
      code(.linear(Linear(weight: "0x4", bias: nil)), [4]),
      code(.linear(Linear(weight: "6x4", bias: nil))),
    ] { #expect(refused == .wrongShape) }
    #expect(code(.linear(Linear(weight: "none", bias: nil)), [4]) == .missingWeight)
    #expect(code(.linear(Linear(weight: "6x4", bias: "none")), [4]) == .missingWeight)
  }

  private func normalization(_ variance: String) -> Op {
    .batchNormalization(
      BatchNormalization(scale: "4", shift: "4", mean: "4", variance: variance, epsilon: 0))
  }

  @Test func channelParameters() throws {
    let affine = Op.channelAffine(ChannelAffine(scale: "4", shift: nil))
    for input in [[4], [4, 3], [4, 3, 2], [4, 2, 2, 2]] {
      #expect(try shape(normalization("4"), input) == input)
      #expect(try shape(affine, input) == input)
    }
    #expect(code(normalization("3"), [4, 2, 2]) == .wrongShape)
    #expect(code(normalization("4x4x1x1"), [4, 2, 2]) == .wrongShape)
    #expect(code(normalization("none"), [4, 2, 2]) == .missingWeight)
    #expect(code(normalization("4"), []) == .wrongShape)
    #expect(code(affine, [3]) == .wrongShape)
    #expect(code(.channelAffine(ChannelAffine(scale: nil, shift: "x")), [4]) == .missingWeight)
  }

  private func spike(_ name: String, _ payloads: ClosedRange<Int> = 0...1, ticks: Int = 1) -> Op {
    .spike(
      Spike(
        threshold: name, amplitude: "4", initial: "4", lower: payloads.lowerBound,
        upper: payloads.upperBound, timesteps: ticks))
  }

  @Test func neurons() throws {
    #expect(try shape(spike("4"), [4, 3, 2]) == [4, 3, 2])
    #expect(try shape(spike("4x1x1x3"), [4, 3]) == [4, 3])
    for refused in [
      code(spike("3"), [4, 3]), code(spike("4", 1...2), [4]), code(spike("4", -1...0), [4]),
      code(spike("4", ticks: 0), [4]), code(spike("4"), [4], [4]),
    ] { #expect(refused == .wrongShape) }
    #expect(code(spike("none"), [4]) == .missingWeight)
  }

  @Test func sums() throws {
    #expect(try shape(.add(Add()), [2, 3], [2, 3], [2, 3]) == [2, 3])
    for refused in [
      code(.add(Add()), [2, 3]), code(.add(Add())), code(.add(Add()), [2, 3], [3, 2]),
      code(.add(Add()), [6], [6, 1]),
    ] { #expect(refused == .wrongShape) }
  }

  @Test func concatenations() throws {
    #expect(try shape(.concat(Concat(axis: 0)), [2, 3], [5, 3]) == [7, 3])
    #expect(try shape(.concat(Concat(axis: 2)), [2, 3, 1], [2, 3, 4], [2, 3, 2]) == [2, 3, 7])
    for refused in [
      code(.concat(Concat(axis: 1)), [2, 3], [5, 3]), code(.concat(Concat(axis: 2)), [2, 3]),
      code(.concat(Concat(axis: -1)), [2, 3]), code(.concat(Concat(axis: 0))),
      code(.concat(Concat(axis: 0)), [2], [2, 1]),
    ] { #expect(refused == .wrongShape) }
  }

  @Test func windows() throws {
    let window = Window(
      kernel: Extent(y: 3, x: 2), stride: Extent(y: 2, x: 1),
      padding: Edges(top: 1, left: 0, bottom: 0, right: 2), overhang: Extent(y: 1, x: 0))
    for op in [
      Op.maxPool(MaxPool(window: window)), .windowSum(WindowSum(window: window)),
      .averagePool(AveragePool(window: window, countsPadding: true)),
    ] {
      #expect(try shape(op, [2, 5, 4]) == [2, 3, 5])
      #expect(code(op, [2, 0, 4]) == .wrongShape)
      #expect(code(op, [2, 5, 4], [2, 5, 4]) == .wrongShape)
      #expect(code(op, [1, 2, 5, 4]) == .wrongShape)
    }
    let line = Window(kernel: Extent(y: 1, x: 3))
    #expect(try shape(.maxPool(MaxPool(window: line)), [2, 5]) == [2, 3])
    #expect(code(.maxPool(MaxPool(window: line)), [2, 2]) == .wrongShape)
    for broken in [
      Window(kernel: Extent(y: 0, x: 1)), Window(kernel: Extent(y: 1, x: -1)),
      Window(kernel: Extent(y: 1, x: 1), stride: Extent(y: 0, x: 1)),
      Window(kernel: Extent(y: 1, x: 1), dilation: Extent(y: 1, x: 0)),
      Window(kernel: Extent(y: Int.max, x: Int.max), dilation: Extent(y: Int.max, x: Int.max)),
      Window(kernel: Extent(y: 1, x: 1), padding: Edges(top: Int.max, bottom: Int.max)),
      Window(kernel: Extent(y: 1, x: 1), padding: Edges(left: -9)),
    ] { #expect(code(.windowSum(WindowSum(window: broken)), [2, 5, 5]) == .wrongShape) }
  }

  @Test func meansOverNothingAreRefused() throws {
    let window = Window(kernel: Extent(y: 1, x: 1), padding: Edges(top: 1))
    let input = try Shape([1, 2, 2])
    let error = #expect(throws: PackError.self) {
      try AveragePool(window: window, countsPadding: false).divisors(input: input)
    }
    #expect(error?.code == .wrongShape)
    let counted = AveragePool(window: window, countsPadding: true)
    #expect(try counted.divisors(input: input) == [1, 1, 1, 1, 1, 1])
  }

  @Test func layouts() throws {
    let pad = Pad(edges: Edges(top: 1, left: -1, bottom: -2, right: 3))
    #expect(try shape(.pad(pad), [2, 4, 5]) == [2, 3, 7])
    #expect(code(.pad(Pad(edges: Edges(top: -4))), [2, 4, 5]) == .wrongShape)
    #expect(try shape(.reshape(Reshape(shape: Shape([4, 3]))), [2, 6]) == [4, 3])
    #expect(code(.reshape(Reshape(shape: try Shape([5]))), [2, 3]) == .wrongShape)
    #expect(try shape(.transpose(Transpose(permutation: [2, 0, 1])), [2, 3, 4]) == [4, 2, 3])
    for permutation in [[0, 1], [0, 1, 1], [0, 1, 3], [-1, 0, 1], []] {
      #expect(code(.transpose(Transpose(permutation: permutation)), [2, 3, 4]) == .wrongShape)
    }
  }

  @Test func valuesAlone() throws {
    for op in [Op.relu(Relu()), .clip(Clip(lower: 0, upper: 1)), .scale(Scale(factor: 2))] {
      #expect(try shape(op, [2, 3, 4]) == [2, 3, 4])
      #expect(code(op) == .wrongShape)
      #expect(code(op, [2], [2]) == .wrongShape)
    }
    #expect(try shape(.softmax(Softmax()), [5]) == [5])
    #expect(try shape(.softmax(Softmax(axis: 0)), [5, 1]) == [5, 1])
    for axis in [-2, 2] {
      #expect(code(.softmax(Softmax(axis: axis)), [5, 1]) == .wrongShape)
    }
    #expect(code(.softmax(Softmax()), []) == .wrongShape)
  }
}
