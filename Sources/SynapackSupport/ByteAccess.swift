/// Reading single values from borrowed bytes; out of range is a failed precondition of the
/// standard library, so every caller compares with the count first.
extension RawSpan {
  @inlinable
  public func byte(at offset: Int) -> UInt8 {
    // Every bit pattern is a value of UInt8, so the load cannot be invalid.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The little-endian number whose lowest byte stands at `offset`; `nil` where it leaves the span.
  @inlinable
  public func number<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type
  ) -> Value? {
    guard offset >= 0, byteCount >= MemoryLayout<Value>.size,
      offset <= byteCount - MemoryLayout<Value>.size
    else { return nil }
    // Every bit pattern of a fixed-width integer is a value, so the load cannot be invalid.
    return Value(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The bytes of `range` as an array.
  public func copy(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    append(range, to: &bytes)
    return bytes
  }

  public func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
    unsafe extracting(range).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}

extension MappedFile {
  /// The first bytes of the file, at most `count`.
  public func prefix(_ count: Int) -> [UInt8] {
    withBytes { $0.copy(0..<Swift.min(count, $0.byteCount)) }
  }
}

/// The text of UTF-8 bytes, `nil` where they are not UTF-8.
public func utf8Text(_ bytes: [UInt8]) -> String? {
  String(validating: bytes, as: UTF8.self)
}
