internal import SynapackSupport

extension Tensor {
  /// The row-major index of the first element that is NaN or infinite as the float32 that it is
  /// read as; `nil` where there is none, as in every tensor of integers.
  ///
  /// A float64 beyond the range of float32 is such an element too.
  ///
  /// One pass over the bytes as they lie, nothing converted or copied. Mapped pages are given back
  /// behind the scan, so that a large file does not grow the process.
  public func firstNonFinite() -> Int? {
    let test: LaneTest
    switch type {
    case .float16: test = LaneTest(exponents: 0x7C00_7C00_7C00_7C00)
    case .bfloat16: test = LaneTest(exponents: 0x7F80_7F80_7F80_7F80)
    case .float32: test = LaneTest(exponents: 0x7F80_0000_7F80_0000)
    case .float64: test = .beyondFloat32
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: return nil
    }
    let step = 8 << 20
    for start in stride(from: 0, to: byteCount, by: step) {
      let window = start..<Swift.min(start + step, byteCount)
      let found = withBytes { span in
        unsafe span.extracting(window).withUnsafeBytes { bytes in
          unsafe firstFound(bytes, test, width: type.byteCount)
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

/// What is asked of every lane of a word at once: whether its bits under `mask`, with `addend` added
/// to them, carry into its sign bit, which the mask has cleared.
///
/// A carry never leaves its lane, so whole words can be tested without taking them apart, in a loop
/// that compilers make wide.
private struct LaneTest {
  let mask: UInt64
  let addend: UInt64
  let signs: UInt64

  /// Whether the exponent bits are all ones: adding their lowest bit carries exactly then.
  init(exponents: UInt64) {
    mask = exponents
    addend = exponents & ~(exponents << 1)
    signs = (exponents << 1) & ~exponents
  }

  private init(largest: UInt64) {
    signs = 1 << 63
    mask = ~signs
    addend = signs - largest
  }

  /// Whether a float64 is NaN or of such magnitude that rounding to float32 makes it infinite: from
  /// the middle between the largest float32 and the next power of two on.
  static let beyondFloat32 = LaneTest(largest: (0x1.ffffffp127 as Double).bitPattern)
}

/// The first element of `width` bytes that the test finds.
private func firstFound(_ bytes: UnsafeRawBufferPointer, _ test: LaneTest, width: Int) -> Int? {
  let whole = bytes.count / 8
  // Blocks of 16 KiB stay in the nearest cache where one has to be looked at again.
  for start in stride(from: 0, to: whole, by: 2048) {
    var carried: UInt64 = 0
    for index in start..<Swift.min(start + 2048, whole) {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
      carried |= (word & test.mask) &+ test.addend
    }
    guard carried & test.signs == 0 else {
      return unsafe firstElement(bytes, start * 8, test, width)
    }
  }
  return unsafe firstElement(bytes, whole * 8, test, width)
}

/// The same, element by element from byte `start` on.
private func firstElement(
  _ bytes: UnsafeRawBufferPointer, _ start: Int, _ test: LaneTest, _ width: Int
) -> Int? {
  let sign: UInt64 = 1 << UInt64(8 * width - 1)
  let lane = sign | (sign - 1)
  for offset in stride(from: start, to: bytes.count, by: width) {
    var element: UInt64 = 0
    for byte in 0..<width {
      unsafe element |= UInt64(bytes[offset + byte]) << UInt64(8 * byte)
    }
    if ((element & test.mask) &+ (test.addend & lane)) & sign != 0 { return offset / width }
  }
  return nil
}
