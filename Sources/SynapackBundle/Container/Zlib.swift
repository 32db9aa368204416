internal import CZlib
internal import SynapackSupport

/// One zlib stream (RFC 1950) of level 9 with a window of 32 KiB and no dictionary.
///
/// The compressed bytes may differ between versions of zlib; nothing but the file's own length
/// and stored digests depends on them.
enum Zlib {
  /// The stream for `bytes`; `nil` where it would not be smaller than they are.
  static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    guard !bytes.isEmpty else { return nil }
    let room = compressBound(uLong(bytes.count))
    let stream = unsafe [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
      var length = uLongf(room)
      let status = unsafe bytes.withUnsafeBufferPointer { source in
        unsafe compress2(
          buffer.baseAddress, &length, source.baseAddress, uLong(source.count), 9)
      }
      count = status == Z_OK ? Int(length) : 0
    }
    return !stream.isEmpty && stream.count < bytes.count ? stream : nil
  }

  /// The `count` bytes that `stream` declares to hold.
  ///
  /// Memory grows with what really comes out, in pieces of 256 KiB, and never past `count`.
  ///
  /// - Throws: `SYN0607` where the stream is damaged, ends early, holds another count of bytes,
  ///   asks for a dictionary or is followed by anything.
  static func inflated(_ stream: [UInt8], count: Int) throws(PackError) -> [UInt8] {
    var state = unsafe z_stream()
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(&state, 15, ZLIB_VERSION, size) == Z_OK else {
      throw PackError(.defect, "zlib cannot start", hint: "check the free memory")
    }
    defer { unsafe _ = inflateEnd(&state) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var input = 0
    while true {
      // zlib counts in 32 bits, so a large stream is fed in parts.
      let offered = min(stream.count - input, 1 << 28)
      let (status, eaten, made) = unsafe step(&state, stream, input, offered, &piece)
      input += eaten
      guard output.count + made <= count else { throw damaged("it holds more than \(count) bytes") }
      output += piece[0..<made]
      if status == Z_STREAM_END { break }
      guard status == Z_OK, eaten + made > 0 else { throw damaged("zlib status \(status)") }
    }
    guard input == stream.count else { throw damaged("bytes follow its end") }
    guard output.count == count else {
      throw damaged("it holds \(output.count) bytes instead of \(count)")
    }
    return output
  }

  /// Inflates once from `stream[start...]` into `piece`; returns the status and both progresses.
  private static func step(
    _ state: inout z_stream, _ stream: [UInt8], _ start: Int, _ offered: Int,
    _ piece: inout [UInt8]
  ) -> (status: Int32, eaten: Int, made: Int) {
    let room = piece.count
    let status = unsafe stream.withUnsafeBufferPointer { source in
      unsafe piece.withUnsafeMutableBufferPointer { target in
        // zlib reads through a pointer to mutable bytes, but does not write there.
        unsafe state.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + start })
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
      .malformedSection, "the compressed data is refused: \(reason)",
      hint: "fetch the bundle again from its source")
  }
}
