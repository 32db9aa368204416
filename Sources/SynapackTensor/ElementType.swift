/// The type of one element of a stored tensor.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64
  case float16, bfloat16, float32, float64

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: false
    }
  }
}
