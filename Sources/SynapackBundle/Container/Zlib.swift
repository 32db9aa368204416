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
  /// - Throws: `SYN0607` where the stream is damaged, ends early, holds another count of bytes,
  ///   asks for a dictionary or is followed by anything.
  static func inflated(_ stream: [UInt8], count: Int) throws(PackError) -> [UInt8] {
    do {
      return try Inflate.zlib(stream, count: count)
    } catch {
      throw refusal(error)
    }
  }

  /// What is wrong with a stream, as an error of its section.
  static func refusal(_ error: PackError) -> PackError {
    PackError(
      error.code == .malformedCompression ? .malformedSection : error.code, error.message,
      hint: "fetch the bundle again from its source")
  }
}
