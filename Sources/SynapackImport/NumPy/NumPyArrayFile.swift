public import SynapackSupport
public import SynapackTensor

/// Reads arrays that `numpy.save` wrote: .npy, versions 1 to 3.
///
/// Objects are refused and nothing is ever unpickled. Data that is little-endian and row-major
/// stays in the mapped file; other forms are converted in memory.
public enum NumPyArrayFile {
  /// Bytes that a header may have; those of real arrays have about a hundred.
  static let largestHeader = 64 << 10

  /// Reads the array at `path`.
  ///
  /// - Throws: `SYN0001` and `SYN0002` where the file cannot be mapped; what ``read(_:)`` throws.
  public static func read(path: String) throws(PackError) -> Tensor {
    try read(try MappedFile(path: path))
  }

  /// Reads the array in `file`.
  ///
  /// - Throws: `SYN0010` for a file that breaks the format, `SYN0011` for an element type that is
  ///   no number of at most 64 bits.
  public static func read(_ file: MappedFile) throws(PackError) -> Tensor {
    try within(.file(file.path)) { () throws(PackError) in
      try read(.file(file, 0..<file.count))
    }
  }

  /// Where the bytes of an array are: in a file of its own, or in an archive.
  enum Source {
    case file(MappedFile, Range<Int>)
    case bytes([UInt8])

    var count: Int {
      switch self {
      case .file(_, let range): range.count
      case .bytes(let bytes): bytes.count
      }
    }

    /// Where the array begins in its file; what was inflated from an archive is counted for itself.
    var offset: Int {
      switch self {
      case .file(_, let range): range.lowerBound
      case .bytes: 0
      }
    }

    func copy(_ part: Range<Int>) -> [UInt8] {
      switch self {
      case .file(let file, let range):
        let place = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
        return file.withBytes { $0.copy(place) }
      case .bytes(let bytes): return Array(bytes[part])
      }
    }

    func tensor(_ shape: Shape, _ type: ElementType, from start: Int) throws(PackError) -> Tensor {
      switch self {
      case .file(let file, let range):
        try Tensor(
          shape: shape, type: type, file: file, range: range.lowerBound + start..<range.upperBound)
      case .bytes(let bytes): try Tensor(shape: shape, type: type, bytes: Array(bytes[start...]))
      }
    }
  }

  static func read(_ source: Source) throws(PackError) -> Tensor {
    let (text, start) = try header(source)
    let header = try NumPyHeader(text, at: source.offset + start - text.count)
    let shape = try checkedShape(
      header.shape, at: source.offset + start - text.count..<source.offset + start)
    guard let count = shape.count.times(header.type.byteCount), count == source.count - start else {
      throw malformed(
        "\(source.count - start) bytes of data for \(shape.count) elements of "
          + "\(header.type.rawValue), shape \(shape)",
        at: source.offset + start..<source.offset + source.count)
    }
    let stored = header.isColumnMajor ? try Shape(shape.dimensions.reversed()) : shape
    var tensor = try source.tensor(stored, header.type, from: start)
    if header.isBigEndian { tensor = try swapped(tensor) }
    return header.isColumnMajor ? try rowMajor(tensor, shape) : tensor
  }

  /// - Parameter place: the bytes that are wrong, counted from where the file begins.
  static func malformed(_ message: String, at place: Range<Int>? = nil) -> PackError {
    PackError(
      .malformedArrayFile, message, at: place.map { .bytes($0) },
      hint: "write the array again with numpy.save")
  }

  /// The text of the header and where the data begins.
  private static func header(_ source: Source) throws(PackError) -> (text: [UInt8], start: Int) {
    let first = source.offset
    let prefix = source.copy(0..<min(12, source.count))
    guard prefix.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), prefix.count >= 10 else {
      let head = source.copy(0..<min(1024, source.count))
      if let pointer = LFSPointer(head) { throw pointer.refusal() }
      throw malformed(
        "the file does not begin as a .npy file does", at: first..<first + min(prefix.count, 10))
    }
    let lengthBytes: Int
    switch prefix[6] {
    case 1: lengthBytes = 2
    case 2, 3: lengthBytes = 4
    default:
      throw malformed(
        "version \(prefix[6]).\(prefix[7]) of the format is unknown", at: first + 6..<first + 8)
    }
    guard prefix[7] == 0, prefix.count >= 8 + lengthBytes else {
      throw malformed(
        "the version is unknown or the file is cut off", at: first + 6..<first + prefix.count)
    }
    let length = prefix[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + lengthBytes + length
    // Compared before anything of that length is read.
    guard length <= largestHeader, start <= source.count else {
      throw malformed(
        "the header of \(length) bytes is too long or cut off",
        at: first + 8..<first + 8 + lengthBytes)
    }
    return (source.copy(8 + lengthBytes..<start), start)
  }

  private static func checkedShape(
    _ dimensions: [Int], at place: Range<Int>
  ) throws(PackError) -> Shape {
    do {
      return try Shape(dimensions)
    } catch {
      throw malformed(error.message, at: place)
    }
  }

  private static func swapped(_ tensor: Tensor) throws(PackError) -> Tensor {
    let size = tensor.type.byteCount
    var bytes = tensor.withBytes { $0.copy(0..<$0.byteCount) }
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<start + size].reverse()
    }
    return try Tensor(shape: tensor.shape, type: tensor.type, bytes: bytes)
  }

  /// Reorders a column-major array, which is stored as the row-major one of the reversed shape.
  private static func rowMajor(_ tensor: Tensor, _ shape: Shape) throws(PackError) -> Tensor {
    let size = tensor.type.byteCount
    var strides: [Int] = []
    var step = 1
    for extent in shape.dimensions {
      strides.append(step)
      step *= extent
    }
    let source = tensor.withBytes { $0.copy(0..<$0.byteCount) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var position = Array(repeating: 0, count: shape.rank)
    var offset = 0
    for _ in 0..<shape.count {
      bytes += source[offset * size..<(offset + 1) * size]
      // Counts up like an odometer, the last axis fastest.
      for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
        position[axis] += 1
        offset += strides[axis]
        if position[axis] < shape[axis] { break }
        offset -= position[axis] * strides[axis]
        position[axis] = 0
      }
    }
    return try Tensor(shape: shape, type: tensor.type, bytes: bytes)
  }
}
