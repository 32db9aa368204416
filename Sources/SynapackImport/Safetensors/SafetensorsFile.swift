public import SynapackSupport
internal import SynapackTensor

/// Reads safetensors files: a length, a JSON header, and the tensors' bytes, little-endian.
///
/// The format allows exactly one reading of a file, and so does this reader: offsets in ascending
/// order fill the data without gap or overlap up to the last byte, every size is that of the shape
/// and type, no name stands twice. Tensors stay in the mapped file.
public enum SafetensorsFile {
  /// Bytes that a header may have, as the format's own reader limits it.
  static let largestHeader = 100_000_000

  /// The tensors of `file` in the order of their data.
  ///
  /// - Throws: `SYN0240` with the place in the file for everything that breaks the format,
  ///   `SYN0241` for element types that this build does not compute with.
  public static func read(_ file: MappedFile) throws(PackError) -> NamedTensors {
    try within(.file(file.path)) { () throws(PackError) in
      let (header, start) = try file.withBytes { (span: RawSpan) throws(PackError) in
        let range = try headerRange(span)
        return (try SafetensorsHeader(span, range), range.upperBound)
      }
      var tensors = NamedTensors()
      tensors.producer = header.writer
      var filled = 0
      for entry in header.entries.sorted(by: { before($0, $1) }) {
        guard entry.offsets.lowerBound == filled else {
          throw safetensorsRefusal(
            "the data of `\(entry.name)` begins at \(entry.offsets.lowerBound), the data before it "
              + "ends at \(filled)", entry.place)
        }
        filled = entry.offsets.upperBound
        try tensors.add(entry.name, try tensor(entry, file, start), at: entry.place)
      }
      guard let end = start.adding(filled), end == file.count else {
        throw safetensorsRefusal(
          "the data ends at byte \(start.adding(filled) ?? .max) of \(file.count)",
          Swift.min(start.adding(filled) ?? .max, file.count)..<file.count)
      }
      return tensors
    }
  }

  /// Whether a file begins as safetensors do: a plausible length and a JSON object.
  static func recognises(_ file: MappedFile) -> Bool {
    let prefix = file.prefix(9)
    guard prefix.count == 9, prefix[8] == UInt8(ascii: "{") else { return false }
    let length = prefix[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return (2...UInt64(largestHeader)).contains(length)
  }

  private static func headerRange(_ span: RawSpan) throws(PackError) -> Range<Int> {
    guard let length = span.number(at: 0, as: UInt64.self) else {
      throw safetensorsRefusal("the file is shorter than 8 bytes", 0..<span.byteCount)
    }
    // Compared before anything of that length is read.
    guard length <= UInt64(largestHeader), length <= UInt64(span.byteCount - 8) else {
      throw safetensorsRefusal(
        "the header of \(length) bytes is longer than 100,000,000 bytes or than the file", 0..<8)
    }
    return 8..<8 + Int(length)
  }

  /// Empty tensors come before the one that begins where they lie.
  private static func before(
    _ left: SafetensorsHeader.Entry, _ right: SafetensorsHeader.Entry
  ) -> Bool {
    (left.offsets.lowerBound, left.offsets.upperBound, left.place.lowerBound)
      < (right.offsets.lowerBound, right.offsets.upperBound, right.place.lowerBound)
  }

  private static func tensor(
    _ entry: SafetensorsHeader.Entry, _ file: MappedFile, _ start: Int
  ) throws(PackError) -> Tensor {
    guard let type = types[entry.type] else {
      throw PackError(
        .unsupportedWeightType, "the elements are of the type `\(entry.type)`",
        at: .bytes(entry.place), hint: "store the tensor as F32, F16 or BF16"
      ).at(.tensor(entry.name))
    }
    guard let end = start.adding(entry.offsets.upperBound), end <= file.count else {
      throw safetensorsRefusal(
        "the data ends \(entry.offsets.upperBound) bytes behind the header, the file of "
          + "\(file.count) bytes before that", entry.place
      ).at(.tensor(entry.name))
    }
    do throws(PackError) {
      return try Tensor(
        shape: try Shape(entry.shape), type: type, file: file,
        range: start + entry.offsets.lowerBound..<end)
    } catch {
      throw safetensorsRefusal(error.message, entry.place).at(.tensor(entry.name))
    }
  }

  /// By the name in the format; the types of fewer than 16 bits of floating point are missing.
  private static let types: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "I16": .int16, "U16": .uint16, "F16": .float16,
    "BF16": .bfloat16, "I32": .int32, "U32": .uint32, "F32": .float32, "F64": .float64,
    "I64": .int64, "U64": .uint64,
  ]
}
