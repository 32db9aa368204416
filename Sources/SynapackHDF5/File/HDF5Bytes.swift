internal import SynapackSupport
internal import SynapackTensor

/// The bytes of an HDF5 file: a mapped file or a part of one, or bytes in memory, as where the
/// file came out of a compressed archive. Ranges count from its own first byte.
struct HDF5Bytes: Sendable {
  private enum Storage: Sendable {
    case mapped(MappedFile, Range<Int>)
    case memory([UInt8])
  }

  private let storage: Storage
  let count: Int

  init(_ file: MappedFile) {
    storage = .mapped(file, 0..<file.count)
    count = file.count
  }

  /// A part of a file, such as an entry that an archive stores as it is.
  init(_ file: MappedFile, _ range: Range<Int>) {
    let range = range.clamped(to: 0..<file.count)
    storage = .mapped(file, range)
    count = range.count
  }

  init(_ bytes: [UInt8]) {
    storage = .memory(bytes)
    count = bytes.count
  }

  func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file, let range):
      return try file.withBytes { (span: RawSpan) throws(Failure) -> Result in
        try body(span.extracting(range))
      }
    case .memory(let bytes):
      return try body(unsafe bytes.span.bytes)
    }
  }

  /// A tensor of the bytes of a range, which stay in the file where they are in one.
  func tensor(_ range: Range<Int>, _ shape: Shape, _ type: ElementType) throws(PackError) -> Tensor
  {
    switch storage {
    case .mapped(let file, let whole):
      let start = whole.lowerBound + range.lowerBound
      return try Tensor(shape: shape, type: type, file: file, range: start..<start + range.count)
    case .memory(let bytes):
      return try Tensor(shape: shape, type: type, bytes: Array(bytes[range]))
    }
  }
}
