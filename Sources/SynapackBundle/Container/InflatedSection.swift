internal import SynapackSupport
internal import Synchronization

/// A section that lies in a file as a zlib stream, of which parts are taken in ascending order.
///
/// A part that lies before the last one costs another start from the front, so who passes over all
/// parts again and again pays for inflating once each time.
final class InflatedSection: Sendable {
  private let file: MappedFile
  private let range: Range<Int>
  let count: Int
  private let stream = Mutex<InflateStream?>(nil)

  /// Inflates all of it once.
  ///
  /// - Parameter digest: of the raw bytes.
  /// - Throws: `SYN0607` where the stream does not hold exactly `count` bytes, `SYN0605` where they
  ///   are not those of the digest.
  init(
    _ file: MappedFile, _ range: Range<Int>, count: Int, digest: Digest
  ) throws(PackError) {
    self.file = file
    self.range = range
    self.count = count
    do throws(PackError) {
      let stream = try InflateStream(file, range)
      var builder = DigestBuilder()
      while stream.position < count {
        builder.add(try stream.read(min(1 << 18, count - stream.position)))
      }
      try stream.finish()
      guard builder.digest() == digest else { throw ContainerReader.mismatch("raw") }
    } catch {
      throw Zlib.refusal(error)
    }
  }

  /// A part; what cannot be inflated any more is left out at the end.
  func copy(_ window: Range<Int>) -> [UInt8] {
    stream.withLock { stream in
      if stream.map({ $0.position > window.lowerBound }) ?? true {
        stream = try? InflateStream(file, range)
      }
      guard let current = stream,
        (try? current.skip(window.lowerBound - current.position)) != nil,
        let bytes = try? current.read(window.count)
      else {
        stream = nil
        return []
      }
      return bytes
    }
  }
}
