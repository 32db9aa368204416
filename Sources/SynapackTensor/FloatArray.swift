/// Float32 values with their shape: what the float stages compute on.
public struct FloatArray: Sendable, Hashable {
  public let shape: Shape
  public var values: [Float]

  /// - Precondition: as many values as the shape counts; the callers compute both from one shape.
  public init(shape: Shape, values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// An array of one repeated value.
  public init(shape: Shape, repeating value: Float = 0) {
    self.shape = shape
    values = Array(repeating: value, count: shape.count)
  }

  public init(_ tensor: Tensor) {
    self.init(shape: tensor.shape, values: tensor.floats())
  }
}
