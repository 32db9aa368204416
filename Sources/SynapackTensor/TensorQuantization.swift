internal import SynapackSupport

extension Tensor {
  /// What the integers q of a tensor stand for.
  ///
  ///     value = (q − z) · s
  ///
  /// s: scale; z: zero point; one for the whole tensor, or one for each place of `axis`.
  public struct Quantization: Sendable, Hashable {
    public var scales: [Float]
    public var zeroPoints: [Int64]
    /// Of no meaning where there is one scale for the whole tensor.
    public var axis: Int

    public init(scales: [Float], zeroPoints: [Int64], axis: Int) {
      self.scales = scales
      self.zeroPoints = zeroPoints
      self.axis = axis
    }

    /// Whether one scale holds for the whole tensor.
    public var isPerTensor: Bool { scales.count == 1 }

    /// - Throws: `SYN0207` where the numbers of scales and zero points are not those of the shape.
    func check(_ shape: Shape, _ type: ElementType) throws(PackError) {
      let places = (0..<shape.rank).contains(axis) ? shape[axis] : 1
      guard !type.isFloatingPoint, type != .bool, zeroPoints.count == scales.count,
        isPerTensor || scales.count == places
      else {
        throw PackError(
          .malformedTensor,
          "\(scales.count) scales and \(zeroPoints.count) zero points along axis \(axis) do not "
            + "fit elements of \(type.rawValue), shape \(shape)",
          hint: "check how the weights were quantized in the source model")
      }
    }

    /// The same where the tensor of `old` is read as `new`; `nil` where no axis of `new` runs
    /// through the same elements.
    func reshaped(from old: Shape, to new: Shape) -> Quantization? {
      guard !isPerTensor else { return self }
      let inner = old.strides[axis]
      for (place, stride) in new.strides.enumerated()
      where stride == inner && new[place] == old[axis] {
        return Quantization(scales: scales, zeroPoints: zeroPoints, axis: place)
      }
      return nil
    }

    /// Turns the integers of `range`, already read as floats, into what they stand for.
    func apply(to values: inout [Float], in range: Range<Int>, _ shape: Shape) {
      let inner = isPerTensor ? 1 : shape.strides[axis]
      for index in values.indices {
        let place = isPerTensor ? 0 : (range.lowerBound + index) / inner % scales.count
        values[index] = (values[index] - Float(zeroPoints[place])) * scales[place]
      }
    }
  }
}
