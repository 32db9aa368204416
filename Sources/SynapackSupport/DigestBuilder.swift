internal import Crypto

/// A SHA-256 digest of bytes that arrive in pieces.
public struct DigestBuilder: Sendable {
  private var hasher = SHA256()

  public init() {}

  public mutating func add(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
  }

  public mutating func add(_ bytes: [UInt8]) { add(unsafe bytes.span.bytes) }

  /// Adds the eight bytes of a number, lowest first.
  public mutating func add(_ number: Int) {
    add((0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
  }

  /// Adds a text with its length before it, so that no two lists of texts give the same bytes.
  public mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    add(bytes.count)
    add(bytes)
  }

  public func digest() -> Digest {
    Digest(finished: Array(hasher.finalize()))
  }
}
