internal import SynapackSupport

/// Two's complement integers of 2 to 16 bits, one after another from the lowest bit of the first
/// byte; the last byte is filled up with zeros.
enum BitPacking {
  static func byteCount(_ count: Int, bits: Int) -> Int? {
    count.times(bits)?.adding(7).map { $0 / 8 }
  }

  static func pack(_ values: some Sequence<Int16>, bits: Int, into out: inout [UInt8]) {
    // Most weights have 8 bits, and files of them are large.
    guard bits != 8 else {
      return out.append(contentsOf: values.lazy.map { UInt8(truncatingIfNeeded: $0) })
    }
    let mask = (UInt32(1) << UInt32(bits)) - 1
    var pending: UInt32 = 0
    var count = 0
    for value in values {
      pending |= (UInt32(truncatingIfNeeded: value) & mask) << UInt32(count)
      count += bits
      while count >= 8 {
        out.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }
    if count > 0 { out.append(UInt8(truncatingIfNeeded: pending)) }
  }

  /// The first `count` integers in `bytes`, which must hold as many.
  static func unpack(_ bytes: ArraySlice<UInt8>, count: Int, bits: Int) -> [Int16] {
    guard bits != 8 else { return bytes.prefix(count).map { Int16(Int8(bitPattern: $0)) } }
    var values: [Int16] = []
    values.reserveCapacity(count)
    var pending: UInt32 = 0
    var held = 0
    let unused = Int32(32 - bits)
    for byte in bytes {
      pending |= UInt32(byte) << UInt32(held)
      held += 8
      while held >= bits && values.count < count {
        let value = (Int32(truncatingIfNeeded: pending) << unused) >> unused
        values.append(Int16(truncatingIfNeeded: value))
        pending >>= UInt32(bits)
        held -= bits
      }
    }
    return values
  }
}

/// Unsigned LEB128: seven bits a byte, lowest first, the high bit set on all but the last byte.
enum Varint {
  static func size(_ value: Int) -> Int {
    max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
  }

  static func put(_ value: Int, into out: inout [UInt8]) {
    var rest = UInt64(truncatingIfNeeded: value)
    while rest >= 0x80 {
      out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    out.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Reads a number below 2⁶²; `nil` where it is longer or cut off.
  static func read(_ bytes: ArraySlice<UInt8>, _ index: inout Int) -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 62, by: 7) {
      guard index < bytes.endIndex else { return nil }
      let byte = bytes[index]
      index += 1
      if shift == 56 && byte > 0x3F { return nil }
      value |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }
}
