import SynapackSupport
import SynapackTensor
import Testing

/// Integers that stand for real numbers.
struct TensorQuantizationTests {
  private func tensor(_ dimensions: [Int], _ values: [Int8]) throws -> Tensor {
    try Tensor(
      shape: Shape(dimensions), type: .int8, bytes: values.map { UInt8(bitPattern: $0) })
  }

  @Test func oneScale() throws {
    let plain = try tensor([2, 2], [-128, 0, 1, 127])
    #expect(plain.quantization == nil)
    let quantization = Tensor.Quantization(scales: [0.5], zeroPoints: [-2], axis: 9)
    let weights = try plain.quantized(by: quantization)
    #expect(weights.quantization == quantization)
    #expect(weights.floats() == [-63, 1, 1.5, 64.5])
    #expect(weights.floats(in: 1..<3) == [1, 1.5])
    #expect(try weights.integers() == [-128, 0, 1, 127])
    #expect(try weights.reshaped(Shape([4])).floats() == weights.floats())
    #expect(try weights.reshaped(Shape([4])).type == .int8)
  }

  @Test func oneScaleForEachPlace() throws {
    let weights = try tensor([2, 3, 2], (0..<12).map { Int8($0) })
      .quantized(by: .init(scales: [1, 10, 100], zeroPoints: [0, 1, 2], axis: 1))
    let expected: [Float] = [0, 1, 10, 20, 200, 300, 6, 7, 70, 80, 800, 900]
    #expect(weights.floats() == expected)
    #expect(weights.floats(in: 3..<9) == Array(expected[3..<9]))
    // The axis is still there, at another place; then it is not, and the values stay.
    let moved = try weights.reshaped(Shape([1, 2, 3, 1, 2]))
    #expect(moved.quantization?.axis == 2 && moved.floats() == expected)
    let flat = try weights.reshaped(Shape([6, 2]))
    #expect(flat.quantization == nil && flat.type == .float32 && flat.floats() == expected)
  }

  @Test func misfitsAreRefused() throws {
    let integers = try tensor([2, 3], [0, 1, 2, 3, 4, 5])
    for broken in [
      Tensor.Quantization(scales: [], zeroPoints: [], axis: 0),
      Tensor.Quantization(scales: [1], zeroPoints: [], axis: 0),
      Tensor.Quantization(scales: [1, 2], zeroPoints: [0, 0], axis: 1),
      Tensor.Quantization(scales: [1, 2], zeroPoints: [0, 0], axis: -1),
      Tensor.Quantization(scales: [1, 2], zeroPoints: [0], axis: 0),
    ] {
      let error = #expect(throws: PackError.self) { try integers.quantized(by: broken) }
      #expect(error?.code == .malformedTensor)
    }
    let floats = try Tensor(shape: Shape([1]), floats: [1])
    let one = Tensor.Quantization(scales: [1], zeroPoints: [0], axis: 0)
    #expect(throws: PackError.self) { try floats.quantized(by: one) }
  }

  @Test func positionsAndStretching() throws {
    let shape = try Shape([2, 3, 4])
    #expect(shape.strides == [12, 4, 1])
    for index in 0..<shape.count { #expect(shape.index(of: shape.position(at: index)) == index) }
    #expect(try shape.broadcast(with: Shape([3, 1])) == shape)
    #expect(try Shape([]).broadcast(with: Shape([])) == Shape([]))
    #expect(try shape.broadcast(with: Shape([2, 4])) == nil)
    #expect(try Shape([3, 1]).index(stretchedTo: [1, 2, 3]) == 2)
    #expect(try Shape([0, 3]).strides == [3, 1])
  }

  @Test func volumeWindows() {
    let window = VolumeWindow(
      kernel: [3, 2], stride: [2, 1], dilation: [1, 2], before: [1, 0], after: [0, -1],
      overhang: [1, 0])
    #expect(window.outputExtents(of: [5, 6]) == [3, 3])
    #expect(window.outputExtents(of: [5, 3]) == nil)
    for broken in [
      VolumeWindow(kernel: []), VolumeWindow(kernel: [0]), VolumeWindow(kernel: [1], stride: [0]),
      VolumeWindow(kernel: [1], dilation: [Int.max]), VolumeWindow(kernel: [1], before: [Int.min]),
      VolumeWindow(kernel: [1], stride: [1, 1]), VolumeWindow(kernel: [1], overhang: []),
    ] { #expect(broken.outputExtents(of: broken.kernel.map { _ in 4 }) == nil) }
    #expect(VolumeWindow(kernel: [1]).outputExtents(of: [Int.max]) == nil)
  }
}
