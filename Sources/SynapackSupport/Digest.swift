internal import Crypto

/// A SHA-256 digest of 32 bytes.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// Takes the 32 bytes of a stored digest; `nil` for any other count.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Takes 64 lower-case hexadecimal digits; `nil` for anything else.
  public init?(hexadecimal text: String) {
    let signs = Array(text.utf8)
    guard signs.count == 64 else { return nil }
    let values = signs.compactMap { sign -> UInt8? in
      switch sign {
      case 0x30...0x39: sign - 0x30
      case 0x61...0x66: sign - 0x61 + 10
      default: nil
      }
    }
    guard values.count == 64 else { return nil }
    bytes = (0..<32).map { values[2 * $0] << 4 | values[2 * $0 + 1] }
  }

  /// Takes what a hash function gave.
  init(finished bytes: [UInt8]) { self.bytes = bytes }

  /// The digest of `bytes`.
  public init(of bytes: [UInt8]) {
    self.bytes = Array(SHA256.hash(data: bytes))
  }

  /// The digest of a borrowed range of bytes.
  public init(of bytes: RawSpan) {
    var hasher = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    self.bytes = Array(hasher.finalize())
  }

  /// The digest of a whole file; see ``init(of:in:)``.
  public init(of file: MappedFile) { self.init(of: file, in: 0..<file.count) }

  /// The digest of a part of a file, read once; its pages are given back behind the reading.
  ///
  /// - Parameter range: cut to the file.
  public init(of file: MappedFile, in range: Range<Int>) {
    var hasher = SHA256()
    let step = 8 << 20
    let range = range.clamped(to: 0..<file.count)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
      let window = start..<min(start + step, range.upperBound)
      file.withBytes { span in
        unsafe span.extracting(window).withUnsafeBytes {
          unsafe hasher.update(bufferPointer: $0)
        }
      }
      file.release(window)
    }
    bytes = Array(hasher.finalize())
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String { hexadecimal(bytes) }
}

/// Two lower-case hexadecimal digits for each byte.
public func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
