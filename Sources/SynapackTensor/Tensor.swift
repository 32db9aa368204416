public import SynapackSupport

/// A typed n-dimensional array whose bytes are held in memory or stay in a mapped file.
public struct Tensor: Sendable {
  public let shape: Shape
  public let type: ElementType
  /// What the elements stand for, where they are the integers of a quantized weight.
  public private(set) var quantization: Quantization?
  private let storage: Storage

  private enum Storage: Sendable {
    case bytes([UInt8])
    case mapped(MappedFile, offset: Int)
  }

  /// A tensor over bytes in memory, little-endian, row-major.
  ///
  /// - Throws: `SYN0207` where the number of bytes is not that of the shape and type.
  public init(shape: Shape, type: ElementType, bytes: [UInt8]) throws(PackError) {
    try Tensor.check(shape, type, byteCount: bytes.count)
    self.shape = shape
    self.type = type
    storage = .bytes(bytes)
  }

  /// A tensor over a range of a mapped file, little-endian, row-major; nothing is copied.
  ///
  /// - Throws: `SYN0207` where the range leaves the file or is not that of the shape and type.
  public init(
    shape: Shape, type: ElementType, file: MappedFile, range: Range<Int>
  ) throws(PackError) {
    guard range.lowerBound >= 0, range.upperBound <= file.count else {
      throw PackError(
        .malformedTensor, "the data \(range) lies outside the file of \(file.count) bytes",
        hint: "the file looks truncated; fetch or export it again")
    }
    try Tensor.check(shape, type, byteCount: range.count)
    self.shape = shape
    self.type = type
    storage = .mapped(file, offset: range.lowerBound)
  }

  /// A float32 tensor of `values`.
  public init(shape: Shape, floats values: [Float]) throws(PackError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 4)
    for value in values {
      appendLittleEndian(value.bitPattern, to: &bytes)
    }
    try self.init(shape: shape, type: .float32, bytes: bytes)
  }

  /// An int64 tensor of `values`.
  public init(shape: Shape, integers values: [Int64]) throws(PackError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 8)
    for value in values {
      appendLittleEndian(UInt64(bitPattern: value), to: &bytes)
    }
    try self.init(shape: shape, type: .int64, bytes: bytes)
  }

  /// The same bytes, not copied, under another shape of as many elements.
  ///
  /// A quantization along an axis that the new shape does not have turns the tensor into float32.
  ///
  /// - Throws: `SYN0207` where the number of elements differs.
  public func reshaped(_ shape: Shape) throws(PackError) -> Tensor {
    var result: Tensor
    switch storage {
    case .bytes(let bytes):
      result = try Tensor(shape: shape, type: type, bytes: bytes)
    case .mapped(let file, let offset):
      result = try Tensor(
        shape: shape, type: type, file: file, range: offset..<offset + byteCount)
    }
    guard let quantization else { return result }
    guard let kept = quantization.reshaped(from: self.shape, to: shape) else {
      return try Tensor(shape: shape, floats: floats())
    }
    result.quantization = kept
    return result
  }

  /// The same integers, not copied, standing for what `quantization` says.
  ///
  /// - Throws: `SYN0207` where it does not fit the element type or the shape.
  public func quantized(by quantization: Quantization) throws(PackError) -> Tensor {
    try quantization.check(shape, type)
    var result = self
    result.quantization = quantization
    return result
  }

  private static func check(
    _ shape: Shape, _ type: ElementType, byteCount: Int
  ) throws(PackError) {
    guard let expected = shape.count.times(type.byteCount), expected == byteCount else {
      throw PackError(
        .malformedTensor,
        "\(byteCount) bytes of data for \(shape.count) elements of \(type.rawValue), shape \(shape)",
        hint: "the file looks damaged; export it again")
    }
  }

  /// The path of the file that the bytes stay in; `nil` for bytes in memory.
  public var filePath: String? {
    if case .mapped(let file, _) = storage { file.path } else { nil }
  }

  /// The file that the bytes stay in and where they lie in it; `nil` for bytes in memory.
  var mapping: (file: MappedFile, range: Range<Int>)? {
    if case .mapped(let file, let offset) = storage {
      (file, offset..<offset + byteCount)
    } else {
      nil
    }
  }

  public var byteCount: Int { shape.count * type.byteCount }

  /// Lends the bytes of the tensor.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .bytes(let bytes):
      return try body(unsafe bytes.span.bytes)
    case .mapped(let file, let offset):
      let count = byteCount
      return try file.withBytes { (span: RawSpan) throws(Failure) -> Result in
        try body(span.extracting(offset..<offset + count))
      }
    }
  }
}

/// Appends the bytes of `value`, lowest first.
func appendLittleEndian<Value: FixedWidthInteger & UnsignedInteger>(
  _ value: Value, to bytes: inout [UInt8]
) {
  for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
    bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
  }
}
