public import SynapackSupport

extension Tensor {
  /// All elements as float32, row-major. Wider types are rounded to nearest, ties to even.
  public func floats() -> [Float] {
    floats(in: 0..<shape.count)
  }

  /// The elements of `range`, counted in row-major order, as float32.
  ///
  /// A range that leaves the tensor is cut to it. A quantized tensor gives what its integers stand
  /// for.
  public func floats(in range: Range<Int>) -> [Float] {
    let range = range.clamped(to: 0..<shape.count)
    var values = elements(in: range)
    quantization?.apply(to: &values, in: range, shape)
    return values
  }

  private func elements(in range: Range<Int>) -> [Float] {
    let type = type
    return withBytes { span in
      switch type {
      case .bool, .uint8: read(span, range, UInt8.self) { Float($0) }
      case .int8: read(span, range, Int8.self) { Float($0) }
      case .int16: read(span, range, Int16.self) { Float($0) }
      case .int32: read(span, range, Int32.self) { Float($0) }
      case .int64: read(span, range, Int64.self) { Float($0) }
      case .uint16: read(span, range, UInt16.self) { Float($0) }
      case .uint32: read(span, range, UInt32.self) { Float($0) }
      case .uint64: read(span, range, UInt64.self) { Float($0) }
      case .float16: read(span, range, UInt16.self) { float(half: $0) }
      case .bfloat16: read(span, range, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .float32: read(span, range, UInt32.self) { Float(bitPattern: $0) }
      case .float64: read(span, range, UInt64.self) { Float(Double(bitPattern: $0)) }
      }
    }
  }

  /// All elements as Int64, row-major; of a quantized tensor the integers themselves.
  ///
  /// - Throws: `SYN0013` for floating-point tensors and for values over Int64.
  public func integers() throws(PackError) -> [Int64] {
    let range = 0..<shape.count
    let type = type
    let values: [Int64?] = withBytes { span in
      switch type {
      case .bool, .uint8: read(span, range, UInt8.self) { Int64($0) }
      case .int8: read(span, range, Int8.self) { Int64($0) }
      case .int16: read(span, range, Int16.self) { Int64($0) }
      case .int32: read(span, range, Int32.self) { Int64($0) }
      case .int64: read(span, range, Int64.self) { $0 }
      case .uint16: read(span, range, UInt16.self) { Int64($0) }
      case .uint32: read(span, range, UInt32.self) { Int64($0) }
      case .uint64: read(span, range, UInt64.self) { Int64(exactly: $0) }
      case .float16, .bfloat16, .float32, .float64: [nil]
      }
    }
    var integers: [Int64] = []
    integers.reserveCapacity(values.count)
    for value in values {
      guard let value else {
        throw PackError(
          .wrongDataType, "integers were expected, but the elements are \(type.rawValue)",
          hint: "store the array as int64")
      }
      integers.append(value)
    }
    return integers
  }

  private func read<Raw: FixedWidthInteger & BitwiseCopyable, Value>(
    _ span: RawSpan, _ range: Range<Int>, _ raw: Raw.Type, _ convert: (Raw) -> Value
  ) -> [Value] {
    let size = MemoryLayout<Raw>.size
    var values: [Value] = []
    values.reserveCapacity(range.count)
    for index in range {
      // Every bit pattern of a fixed-width integer is a value, so the load cannot be invalid.
      let stored = unsafe span.unsafeLoadUnaligned(fromByteOffset: index * size, as: Raw.self)
      values.append(convert(Raw(littleEndian: stored)))
    }
    return values
  }
}

/// IEEE 754 binary16 to binary32, exact; written out because `Float16` is missing on x86-64 macOS.
func float(half bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
