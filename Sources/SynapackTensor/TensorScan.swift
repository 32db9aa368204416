internal import SynapackSupport

extension Tensor {
  /// The row-major index of the first element that is NaN or infinite; `nil` where there is none,
  /// as in every tensor of integers.
  ///
  /// One pass over the bytes as they lie, nothing converted or copied. Mapped pages are given back
  /// behind the scan, so that a large file does not grow the process.
  public func firstNonFinite() -> Int? {
    let exponents: UInt64
    switch type {
    case .float16: exponents = 0x7C00_7C00_7C00_7C00
    case .bfloat16: exponents = 0x7F80_7F80_7F80_7F80
    case .float32: exponents = 0x7F80_0000_7F80_0000
    case .float64: exponents = 0x7FF0_0000_0000_0000
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: return nil
    }
    let step = 8 << 20
    for start in stride(from: 0, to: byteCount, by: step) {
      let window = start..<Swift.min(start + step, byteCount)
      let found = withBytes { span in
        unsafe span.extracting(window).withUnsafeBytes { bytes in
          unsafe firstAllOnes(bytes, exponents, width: type.byteCount)
        }
      }
      releasePages(bytes: window)
      if let found { return start / type.byteCount + found }
    }
    return nil
  }
}

extension Tensor {
  /// Gives back the pages behind a range of bytes that was read once, where they stay in a file.
  public func releasePages(bytes: Range<Int>) {
    guard let mapping else { return }
    let first = mapping.range.lowerBound
    mapping.file.release(first + bytes.lowerBound..<first + bytes.upperBound)
  }
}

/// The first element of `width` bytes whose exponent bits are all ones.
///
/// `exponents` has those bits in each lane of a word. Adding their lowest bit carries into the
/// sign bit, which the mask has cleared, exactly where all are ones, and never beyond the lane: so
/// whole words can be tested without taking them apart, in a loop that compilers make wide.
private func firstAllOnes(
  _ bytes: UnsafeRawBufferPointer, _ exponents: UInt64, width: Int
) -> Int? {
  let lowest = exponents & ~(exponents << 1)
  let signs = (exponents << 1) & ~exponents
  let whole = bytes.count / 8
  // Blocks of 16 KiB stay in the nearest cache where one has to be looked at again.
  for start in stride(from: 0, to: whole, by: 2048) {
    var carried: UInt64 = 0
    for index in start..<Swift.min(start + 2048, whole) {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
      carried |= (word & exponents) &+ lowest
    }
    guard carried & signs == 0 else {
      return unsafe firstElement(bytes, start * 8, exponents, width)
    }
  }
  return unsafe firstElement(bytes, whole * 8, exponents, width)
}

/// The same, element by element from byte `start` on.
private func firstElement(
  _ bytes: UnsafeRawBufferPointer, _ start: Int, _ exponents: UInt64, _ width: Int
) -> Int? {
  let mask = width == 8 ? exponents : exponents & ((1 << UInt64(8 * width)) - 1)
  for offset in stride(from: start, to: bytes.count, by: width) {
    var element: UInt64 = 0
    for byte in 0..<width {
      unsafe element |= UInt64(bytes[offset + byte]) << UInt64(8 * byte)
    }
    if element & mask == mask { return offset / width }
  }
  return nil
}
