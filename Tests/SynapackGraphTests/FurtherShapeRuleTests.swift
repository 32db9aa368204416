import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The shapes of the operators that run dense alone, and what they refuse.
struct FurtherShapeRuleTests {
  /// Weights by the names that the operators below use; the name says the shape.
  private func store() throws -> WeightStore {
    var store = WeightStore()
    for dimensions in [
      [1], [2], [3], [4], [3, 4], [2, 1, 4], [6, 2, 1, 2, 3], [4, 3, 2], [4, 3, 2, 2, 2],
      [4, 3, 2, 2, 2, 2], [0],
    ] {
      let shape = try Shape(dimensions)
      store[dimensions.map(String.init).joined(separator: "x")] = try Tensor(
        shape: shape, floats: Array(repeating: 1, count: shape.count))
    }
    return store
  }

  private func shape(_ op: Op, _ inputs: [Int]...) throws -> [Int] {
    var shapes: [Shape] = []
    for input in inputs { shapes.append(try Shape(input)) }
    return try op.payload.outputShape(shapes, try store()).dimensions
  }

  /// The code with which the operator refuses, `nil` where it does not.
  private func code(_ op: Op, _ inputs: [Int]...) -> ErrorCode? {
    do {
      var shapes: [Shape] = []
      for input in inputs { shapes.append(try Shape(input)) }
      _ = try op.payload.outputShape(shapes, try store())
      return nil
    } catch let error as PackError { return error.code } catch { return nil }
  }

  @Test func twoInputs() throws {
    let add = Op.binary(Binary(.add))
    #expect(try shape(add, [2, 3, 4], [3, 1]) == [2, 3, 4])
    #expect(try shape(add, [3, 1], [1, 4]) == [3, 4])
    #expect(try shape(add, [], [2]) == [2])
    #expect(try shape(add, [0, 3], [1, 3]) == [0, 3])
    #expect(code(add, [2, 3], [2]) == .wrongShape)
    #expect(code(add, [2, 3]) == .wrongShape)
    #expect(code(add, [1 << 21, 1], [1, 1 << 21]) == .wrongShape)
    let choice = Op.where(Where())
    #expect(try shape(choice, [2, 1, 4], [3, 4], [1]) == [2, 3, 4])
    #expect(code(choice, [2, 1, 4], [3, 5], [1]) == .wrongShape)
    #expect(code(choice, [3, 4], [3, 4]) == .wrongShape)
  }

  @Test func matrixProducts() throws {
    let product = Op.matrixProduct(MatrixProduct())
    #expect(try shape(product, [5, 2, 3], [3, 4]) == [5, 2, 4])
    #expect(try shape(product, [2, 1, 2, 3], [7, 3, 4]) == [2, 7, 2, 4])
    for refused in [
      code(product, [3], [3, 4]), code(product, [2, 3], [4, 3]), code(product, [2, 3]),
      code(product, [2, 2, 3], [3, 3, 4]),
    ] { #expect(refused == .wrongShape) }
  }

  @Test func constants() throws {
    #expect(try shape(.constant(Constant(weight: "3x4"))) == [3, 4])
    #expect(code(.constant(Constant(weight: "3x4")), [3, 4]) == .wrongShape)
    #expect(code(.constant(Constant(weight: "none"))) == .missingWeight)
  }

  @Test func reductions() throws {
    let input = [2, 3, 4]
    #expect(try shape(.reduce(Reduce(.sum, axes: [0, 2], keepsAxes: true)), input) == [1, 3, 1])
    #expect(try shape(.reduce(Reduce(.sum, axes: [0, 2], keepsAxes: false)), input) == [3])
    #expect(try shape(.reduce(Reduce(.sum, axes: [0, 1, 2], keepsAxes: false)), input) == [])
    #expect(try shape(.reduce(Reduce(.sum, axes: [], keepsAxes: false)), input) == input)
    for axes in [[3], [-1], [1, 0], [1, 1]] {
      #expect(code(.reduce(Reduce(.mean, axes: axes, keepsAxes: true)), input) == .wrongShape)
    }
  }

  @Test func picks() throws {
    let slice = Slice(starts: [1, 3], counts: [1, 2], steps: [5, -3])
    #expect(try shape(.slice(slice), [2, 4]) == [1, 2])
    for broken in [
      Slice(starts: [2, 3], counts: [1, 2], steps: [1, -3]),
      Slice(starts: [1, 3], counts: [1, 3], steps: [1, -3]),
      Slice(starts: [1, 3], counts: [0, 1], steps: [1, 1]),
      Slice(starts: [1, 3], counts: [1, 1], steps: [0, 1]),
      Slice(starts: [1, 3], counts: [2, 2], steps: [Int.max, Int.min]),
      Slice(starts: [1, 3], counts: [Int.max, 2], steps: [Int.max, 1]),
      Slice(starts: [-1, 3], counts: [1, 1], steps: [1, 1]),
      Slice(starts: [1], counts: [1], steps: [1]),
    ] { #expect(code(.slice(broken), [2, 4]) == .wrongShape) }
    #expect(try shape(.select(Select(axis: 1, indices: [0, 3, 3])), [2, 4]) == [2, 3])
    for broken in [
      Select(axis: 2, indices: [0]), Select(axis: 1, indices: [4]), Select(axis: 1, indices: []),
      Select(axis: 0, indices: [-1]),
    ] { #expect(code(.select(broken), [2, 4]) == .wrongShape) }
    #expect(try shape(.tile(Tile(repeats: [3, 2])), [2, 4]) == [6, 8])
    for repeats in [[1], [0, 1], [-1, 1], [Int.max, 1]] {
      #expect(code(.tile(Tile(repeats: repeats)), [2, 4]) == .wrongShape)
    }
    #expect(code(.tile(Tile(repeats: [1 << 20, 1 << 20])), [2, 4]) == .malformedTensor)
  }

  @Test func normalizations() throws {
    func layer(_ axis: Int, _ scale: String?) -> Op {
      .layerNormalization(LayerNormalization(axis: axis, scale: scale, shift: nil, epsilon: 0))
    }
    #expect(try shape(layer(1, "3x4"), [2, 3, 4]) == [2, 3, 4])
    #expect(code(layer(2, "3x4"), [2, 3, 4]) == .wrongShape)
    #expect(code(layer(3, nil), [2, 3, 4]) == .wrongShape)
    #expect(code(layer(-1, nil), [2, 3, 4]) == .wrongShape)
    #expect(code(layer(1, "none"), [2, 3, 4]) == .missingWeight)
    func group(_ groups: Int, _ scale: String?) -> Op {
      .groupNormalization(GroupNormalization(groups: groups, scale: scale, shift: nil, epsilon: 0))
    }
    #expect(try shape(group(2, "4"), [4, 3]) == [4, 3])
    for refused in [
      code(group(3, "4"), [4, 3]), code(group(0, nil), [4]), code(group(2, "2"), [4]),
      code(group(1, nil), []), code(group(1, nil), [0, 3]),
    ] { #expect(refused == .wrongShape) }
    func response(_ size: Int) -> Op {
      .localResponseNormalization(
        LocalResponseNormalization(size: size, alpha: 1, beta: 1, bias: 1))
    }
    #expect(try shape(response(5), [3, 2, 2]) == [3, 2, 2])
    for size in [0, -1, Int.max] { #expect(code(response(size), [3, 2, 2]) == .wrongShape) }
    #expect(code(response(1), []) == .wrongShape)
  }

  @Test func volumes() throws {
    let window = VolumeWindow(kernel: [1, 2, 3], stride: [1, 2, 1], after: [0, 1, 0])
    func convolution(_ weight: String, _ bias: String?, groups: Int) -> Op {
      .volumeConvolution(
        VolumeConvolution(weight: weight, bias: bias, window: window, groups: groups))
    }
    let good = convolution("6x2x1x2x3", nil, groups: 2)
    #expect(try shape(good, [4, 5, 5, 5]) == [6, 5, 3, 3])
    for refused in [
      code(good, [5, 5, 5, 5]), code(good, [4, 5, 5]), code(good, [4, 5, 5, 2]),
      code(convolution("6x2x1x2x3", "4", groups: 2), [4, 5, 5, 5]),
      code(convolution("6x2x1x2x3", nil, groups: Int.max), [4, 5, 5, 5]),
      code(convolution("3x4", nil, groups: 1), [4, 5, 5, 5]),
    ] { #expect(refused == .wrongShape) }
    for function in [VolumePool.Function.maximum, .average(countsPadding: true)] {
      let pool = Op.volumePool(VolumePool(function, window: window))
      #expect(try shape(pool, [4, 5, 5, 5]) == [4, 5, 3, 3])
      #expect(code(pool, [4, 5, 5, 2]) == .wrongShape)
      #expect(code(pool, [5, 5, 5]) == .wrongShape)
      #expect(code(pool, []) == .wrongShape)
    }
    let outside = VolumePool(
      .average(countsPadding: false), window: VolumeWindow(kernel: [1], before: [1]))
    let error = #expect(throws: PackError.self) {
      try outside.divisors(input: Shape([1, 3]))
    }
    #expect(error?.code == .wrongShape)
  }

  @Test func transposedConvolutions() throws {
    func op(
      _ weight: String, _ window: VolumeWindow, padding: [Int]? = nil, groups: Int = 1,
      bias: String? = nil
    ) -> Op {
      .convolutionTranspose(
        ConvolutionTranspose(
          weight: weight, bias: bias, window: window,
          outputPadding: padding ?? window.kernel.map { _ in 0 }, groups: groups))
    }
    // stride·(5 − 1) + dilation·(2 − 1) + 1 − 1 + 2 + 1
    let line = VolumeWindow(kernel: [2], stride: [3], dilation: [2], before: [1], after: [-2])
    #expect(try shape(op("4x3x2", line, padding: [1], groups: 2), [4, 5]) == [6, 17])
    let volume = VolumeWindow(kernel: [2, 2, 2])
    #expect(try shape(op("4x3x2x2x2", volume, bias: "3"), [4, 3, 3, 3]) == [3, 4, 4, 4])
    let four = VolumeWindow(kernel: [2, 2, 2, 2])
    for refused in [
      code(op("4x3x2x2x2x2", four), [4, 3, 3, 3, 3]), code(op("4x3x2", line), [3, 5]),
      code(op("4x3x2", line, groups: 3), [4, 5]), code(op("4x3x2", line, bias: "4"), [4, 5]),
      code(op("4x3x2", line, padding: [-1]), [4, 5]), code(op("4x3x2", line, padding: []), [4, 5]),
      code(op("4x3x2", VolumeWindow(kernel: [2], after: [6])), [4, 5]),
      code(op("4x3x2", VolumeWindow(kernel: [2], overhang: [1])), [4, 5]),
      code(op("4x3x2", VolumeWindow(kernel: [2], stride: [Int.max])), [4, 5]),
    ] { #expect(refused == .wrongShape) }
  }

  @Test func levels() throws {
    func rounding(_ scale: String, _ zero: String?, axis: Int = 0, _ range: (Int, Int) = (0, 255))
      -> Op
    {
      .quantization(
        Quantization(scale: scale, zeroPoint: zero, axis: axis, lower: range.0, upper: range.1))
    }
    #expect(try shape(rounding("1", "1"), [2, 3]) == [2, 3])
    #expect(try shape(rounding("3", "3", axis: 1), [2, 3]) == [2, 3])
    #expect(try shape(rounding("1", nil, axis: 7), []) == [])
    for refused in [
      code(rounding("3", nil), [2, 3]), code(rounding("3", "1", axis: 1), [2, 3]),
      code(rounding("0", nil), [0, 3]), code(rounding("1", nil, (1, 0)), [2]),
      code(rounding("3", nil, axis: -1), [2, 3]),
    ] { #expect(refused == .wrongShape) }
    let back = Op.dequantization(Dequantization(scale: "4", zeroPoint: nil, axis: 1))
    #expect(try shape(back, [2, 4]) == [2, 4])
    #expect(code(back, [4, 2]) == .wrongShape)
  }
}
