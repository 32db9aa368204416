internal import SynapackSupport

/// What the scan knows of one message type: enough to walk it without decoding it.
struct MessageSchema: Sendable {
  let name: String
  /// Bytes of the C structure that decoding would allocate.
  let byteCount: Int
  /// The fields by number; most schemas have no number over 64, and gaps cost nothing much.
  let fields: [FieldSchema?]

  func field(_ number: Int) -> FieldSchema? {
    fields.indices.contains(number) ? fields[number] : nil
  }
}

struct FieldSchema: Sendable {
  let kind: Kind
  let isRepeated: Bool
  /// The bit that this field, or the choice it belongs to, sets in its message; 0 when repeated.
  let seenBit: UInt64
  /// Bytes of one decoded element of a repeated field.
  let elementByteCount: Int
  let treatment: Treatment

  enum Kind: Sendable, Hashable {
    case varint, fixed32, fixed64, string, bytes
    /// A message with the schema at that index.
    case message(Int)
  }

  enum Treatment: Sendable {
    /// Decoded.
    case keep
    /// Never read: documentation, annotations, what shape inference repeats.
    case drop
    /// Bulk data that stays in the file; decoding sees its number among all such.
    case leaveInFile
  }
}

/// How much a file may ask for before it is refused.
struct ScanLimits: Sendable {
  /// Messages within messages, the outermost counted.
  var depth = 100
  /// Bytes of memory that any file may take.
  var baseHeap = 16 << 20
  /// Further bytes for each byte that is decoded.
  var heapPerByte = 64

  func heap(decodedBytes: Int) -> Int {
    (decodedBytes.times(heapPerByte) ?? .max).adding(baseHeap) ?? .max
  }
}
