internal import CZlib

/// Takes compressed streams apart: deflate (RFC 1951), bare or in a zlib wrapper (RFC 1950).
///
/// The caller knows how many bytes must come out. A count that deflate cannot reach from the
/// stream's size is refused before anything is allocated, and memory grows with what really comes
/// out, in pieces of 256 KiB, never past the count.
public enum Inflate {
  /// The `count` bytes of a zlib stream with its header and checksum.
  ///
  /// - Throws: `SYN0233` where the stream is damaged, ends early, holds another count of bytes,
  ///   asks for a dictionary or is followed by anything.
  public static func zlib(_ stream: RawSpan, count: Int) throws(PackError) -> [UInt8] {
    try inflated(stream, count: count, window: 15)
  }

  /// The same for a stream in an array.
  public static func zlib(_ stream: [UInt8], count: Int) throws(PackError) -> [UInt8] {
    try zlib(unsafe stream.span.bytes, count: count)
  }

  /// The `count` bytes of a deflate stream without header and checksum, as zip stores it.
  ///
  /// - Throws: `SYN0233` as ``zlib(_:count:)-(RawSpan,_)``.
  public static func raw(_ stream: RawSpan, count: Int) throws(PackError) -> [UInt8] {
    // A negative window size is zlib's way to say that there is no wrapper.
    try inflated(stream, count: count, window: -15)
  }

  /// Whether `stored` bytes of deflate may hold `count` bytes: at most 1032 to 1, and a little
  /// for the first block.
  public static func mayHold(count: Int, stored: Int) -> Bool {
    guard let largest = stored.times(1032)?.adding(64) else { return true }
    return count <= largest
  }

  private static func inflated(
    _ stream: RawSpan, count: Int, window: Int32
  ) throws(PackError) -> [UInt8] {
    guard count >= 0, mayHold(count: count, stored: stream.byteCount) else {
      throw damaged("\(stream.byteCount) bytes cannot hold \(count)")
    }
    var state = unsafe z_stream()
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(&state, window, ZLIB_VERSION, size) == Z_OK else {
      throw PackError(.defect, "zlib cannot start", hint: "check the free memory")
    }
    defer { unsafe _ = inflateEnd(&state) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(count, 1 << 18) + 1)
    var input = 0
    while true {
      // zlib counts in 32 bits, so a large stream is fed in parts.
      let end = input + min(stream.byteCount - input, 1 << 28)
      let (status, eaten, made) = unsafe step(&state, stream.extracting(input..<end), &piece)
      input += eaten
      guard made <= count - output.count else { throw damaged("it holds more than \(count) bytes") }
      output += piece[0..<made]
      if status == Z_STREAM_END { break }
      guard status == Z_OK, eaten + made > 0 else {
        throw damaged("zlib stops with status \(status) behind byte \(input)")
      }
    }
    guard input == stream.byteCount else {
      throw damaged("\(stream.byteCount - input) bytes follow its end")
    }
    guard output.count == count else {
      throw damaged("it holds \(output.count) bytes instead of \(count)")
    }
    return output
  }

  /// Inflates once from `part` into `piece`; returns the status and both progresses.
  private static func step(
    _ state: inout z_stream, _ part: RawSpan, _ piece: inout [UInt8]
  ) -> (status: Int32, eaten: Int, made: Int) {
    let offered = part.byteCount
    let room = piece.count
    let status = unsafe part.withUnsafeBytes { source in
      unsafe piece.withUnsafeMutableBufferPointer { target in
        // zlib reads through a pointer to mutable bytes, but does not write there.
        unsafe state.next_in = UnsafeMutablePointer(
          mutating: source.bindMemory(to: UInt8.self).baseAddress)
        unsafe state.avail_in = uInt(offered)
        unsafe state.next_out = target.baseAddress
        unsafe state.avail_out = uInt(room)
        return unsafe inflate(&state, Z_NO_FLUSH)
      }
    }
    return unsafe (status, offered - Int(state.avail_in), room - Int(state.avail_out))
  }

  private static func damaged(_ reason: String) -> PackError {
    PackError(
      .malformedCompression, "the compressed data is refused: \(reason)",
      hint: "fetch the file again from its source")
  }
}

/// The CRC-32 of zip (ISO-HDLC, polynomial 0x04C11DB7, reflected).
func crc32(of bytes: RawSpan) -> UInt32 {
  unsafe bytes.withUnsafeBytes { buffer in
    let start = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
    return UInt32(truncatingIfNeeded: unsafe crc32_z(0, start, buffer.count))
  }
}

/// The same for bytes in an array.
func crc32(of bytes: [UInt8]) -> UInt32 {
  crc32(of: unsafe bytes.span.bytes)
}
