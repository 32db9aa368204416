internal import SynapackSupport

/// What is left of a message once its bulk data is cut out.
struct SlimMessage {
  /// The message, to be decoded.
  let bytes: [UInt8]
  /// Where the bulk data lies in the file; a cut field holds an index into this as four bytes,
  /// lowest first.
  let bulk: [Range<Int>]
  /// The most memory that decoding may take, in bytes.
  let heapLimit: Int
}

/// Walks an untrusted message before any decoder sees it.
///
/// libprotobuf-c recurses without a limit and allocates whatever the bytes ask for, so this walk
/// comes first: iterative, with an explicit stack, it checks every tag, length, text and nesting,
/// refuses groups, and adds up the memory that decoding would need. On the way it notes where the
/// weights lie, so that the decoder gets a copy without them.
struct ProtobufScan {
  private let schemas: [MessageSchema]
  private let limits: ScanLimits
  private var frames: [Frame] = []
  private var edits: [Edit] = []
  private var bulk: [Range<Int>] = []
  private var heap = 0
  private let fileByteCount: Int
  /// How far the walk has come, and how much of that is cut out: the difference is what memory
  /// may be asked for, at every step, so that the walk's own notes stay bounded too.
  private var walked = 0
  private var cutCount = 0

  /// A message that the walk is inside.
  private struct Frame {
    let schema: Int
    let end: Int
    /// The edit of the length before the message; `nil` for the outermost.
    let edit: Int?
    let start: Int
    var seen: UInt64 = 0
    var fieldCount = 0
    /// By how much the cuts within change the message's length.
    var growth = 0
  }

  /// A range of the file that the slim copy writes differently.
  private struct Edit {
    let range: Range<Int>
    var replacement: Replacement
  }

  private enum Replacement {
    case nothing
    case length(Int)
    case bulk(Int)
  }

  private init(_ schemas: [MessageSchema], _ limits: ScanLimits, _ fileByteCount: Int) {
    self.schemas = schemas
    self.limits = limits
    self.fileByteCount = fileByteCount
  }

  /// Walks `span` as a message of the first schema.
  ///
  /// - Throws: `SYN0201` for bytes that break the wire format, `SYN0202` for messages nested too
  ///   deeply, `SYN0203` where decoding would need more memory than the file's size explains.
  static func slim(
    _ span: RawSpan, schemas: [MessageSchema], limits: ScanLimits = ScanLimits()
  ) throws(PackError) -> SlimMessage {
    var scan = ProtobufScan(schemas, limits, span.byteCount)
    try scan.walk(span)
    let bytes = scan.write(span)
    let heapLimit = limits.heap(decodedBytes: bytes.count)
    guard scan.heap <= heapLimit, bytes.count <= Int(Int32.max) else {
      throw tooLarge(scan.heap, span.byteCount)
    }
    return SlimMessage(bytes: bytes, bulk: scan.bulk, heapLimit: heapLimit)
  }

  private mutating func walk(_ span: RawSpan) throws(PackError) {
    var position = 0
    try open(0, 0..<span.byteCount, edit: nil)
    while let frame = frames.last {
      if position < frame.end {
        position = try field(span, position, frame)
        walked = position
      } else {
        close()
      }
    }
  }

  private mutating func open(
    _ schema: Int, _ range: Range<Int>, edit: Int?
  ) throws(PackError) {
    guard frames.count < limits.depth else {
      throw PackError(
        .modelTooDeep, "messages are nested more than \(limits.depth) levels deep",
        at: .bytes(range), hint: "do not trust this file")
    }
    try count(schemas[schema].byteCount + Cost.allocation)
    frames.append(Frame(schema: schema, end: range.upperBound, edit: edit, start: range.lowerBound))
  }

  private mutating func close() {
    guard let frame = frames.popLast(), let edit = frame.edit else { return }
    let length = frame.end - frame.start + frame.growth
    edits[edit].replacement = .length(length)
    grow(frame.growth + WireReader.varintByteCount(length) - edits[edit].range.count)
  }

  /// Walks one field and returns where the walk goes on: behind it, or inside it.
  private mutating func field(
    _ span: RawSpan, _ start: Int, _ frame: Frame
  ) throws(PackError) -> Int {
    var position = start
    let tag = try WireReader.tag(span, &position, end: frame.end)
    guard let field = schemas[frame.schema].field(tag.number), field.treatment != .drop else {
      try skip(span, &position, tag, end: frame.end)
      try drop(start..<position)
      return position
    }
    try enter(field, start..<position)
    switch (field.kind, tag.wireType) {
    case (.varint, 0), (.fixed32, 5), (.fixed64, 1):
      try skip(span, &position, tag, end: frame.end)
      if field.isRepeated { try count(field.elementByteCount) }
    case (.varint, 2), (.fixed32, 2), (.fixed64, 2):
      try packed(span, &position, field, start: start, end: frame.end)
    case (.string, 2), (.bytes, 2):
      try block(span, &position, field, end: frame.end)
    case (.message(let schema), 2):
      let lengthStart = position
      let length = try WireReader.length(span, &position, end: frame.end)
      try count(field.isRepeated ? Cost.pointer + Cost.edit : Cost.edit)
      edits.append(Edit(range: lengthStart..<position, replacement: .length(0)))
      try open(schema, position..<position + length, edit: edits.count - 1)
    default:
      throw WireReader.malformed(
        "the field \(tag.number) of \(schemas[frame.schema].name) has wire type \(tag.wireType)",
        start..<position)
    }
    return position
  }

  /// Notes that the innermost message has one more field.
  private mutating func enter(_ field: FieldSchema, _ range: Range<Int>) throws(PackError) {
    let last = frames.count - 1
    guard frames[last].seen & field.seenBit == 0 else {
      // Protobuf would merge the two or take the last; no writer does this, and readers differ.
      throw WireReader.malformed("a field that may stand once stands twice", range)
    }
    frames[last].seen |= field.seenBit
    frames[last].fieldCount += 1
    if frames[last].fieldCount > Cost.freeFields { try count(Cost.field) }
  }

  /// Passes over a field's value without looking into it.
  private func skip(
    _ span: RawSpan, _ position: inout Int, _ tag: WireReader.Tag, end: Int
  ) throws(PackError) {
    let start = position
    switch tag.wireType {
    case 0: _ = try WireReader.varint(span, &position, end: end)
    case 1: position += 8
    case 2: position += try WireReader.length(span, &position, end: end)
    case 5: position += 4
    default:
      throw WireReader.malformed("the wire type \(tag.wireType) is not supported", start..<position)
    }
    guard position <= end else { throw WireReader.malformed("a field is cut off", start..<end) }
  }

  private mutating func packed(
    _ span: RawSpan, _ position: inout Int, _ field: FieldSchema, start: Int, end: Int
  ) throws(PackError) {
    let length = try WireReader.length(span, &position, end: end)
    let stop = position + length
    walked = stop
    let size = field.kind == .fixed32 ? 4 : 8
    guard field.isRepeated, field.kind == .varint || length % size == 0 else {
      throw WireReader.malformed("a list of \(length) bytes is no list of numbers", start..<stop)
    }
    if field.kind == .varint {
      var elements = 0
      while position < stop {
        _ = try WireReader.varint(span, &position, end: stop)
        elements += 1
      }
      try count((elements.times(field.elementByteCount) ?? .max / 2) + Cost.allocation)
    } else {
      position = stop
      try count(length + Cost.allocation)
    }
  }

  /// Text is checked here, because C would end it at a zero byte without a word.
  private mutating func block(
    _ span: RawSpan, _ position: inout Int, _ field: FieldSchema, end: Int
  ) throws(PackError) {
    let lengthStart = position
    let length = try WireReader.length(span, &position, end: end)
    let range = position..<position + length
    position = range.upperBound
    walked = position
    if field.treatment == .leaveInFile {
      cut(lengthStart..<position, .bulk(bulk.count), growth: 5 - (position - lengthStart))
      bulk.append(range)
      try count(2 * Cost.edit)
      return
    }
    try count(length + Cost.allocation + field.elementByteCount)
    guard field.kind == .string else { return }
    let bytes = span.copy(range)
    guard !bytes.contains(0), utf8Text(bytes) != nil else {
      throw WireReader.malformed("a text is not UTF-8 or holds a zero byte", range)
    }
  }

  // MARK: - The slim copy

  private mutating func drop(_ range: Range<Int>) throws(PackError) {
    grow(-range.count)
    cutCount += range.count
    if let last = edits.last, last.range.upperBound == range.lowerBound,
      case .nothing = last.replacement
    {
      edits[edits.count - 1] = Edit(
        range: last.range.lowerBound..<range.upperBound, replacement: .nothing)
    } else {
      try count(Cost.edit)
      edits.append(Edit(range: range, replacement: .nothing))
    }
  }

  private mutating func cut(_ range: Range<Int>, _ replacement: Replacement, growth: Int) {
    edits.append(Edit(range: range, replacement: replacement))
    cutCount += range.count
    grow(growth)
  }

  private mutating func grow(_ growth: Int) {
    if !frames.isEmpty { frames[frames.count - 1].growth += growth }
  }

  private func write(_ span: RawSpan) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = 0
    // Edits were appended in file order and do not overlap.
    for edit in edits {
      span.append(position..<edit.range.lowerBound, to: &bytes)
      position = edit.range.upperBound
      switch edit.replacement {
      case .nothing: break
      case .length(let length): WireReader.appendVarint(length, to: &bytes)
      case .bulk(let index):
        bytes.append(4)
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: index >> shift)) }
      }
    }
    span.append(position..<span.byteCount, to: &bytes)
    return bytes
  }

  // MARK: - Memory

  /// Bytes of heap, as libprotobuf-c and the system's allocator take them.
  private enum Cost {
    static let pointer = 8
    static let allocation = 24
    /// The decoder's note on one field, doubled because its slabs grow by doubling.
    static let field = 64
    /// Fields of a message that the decoder notes on its stack.
    static let freeFields = 16
    /// This walk's own note on a message or a cut.
    static let edit = 40
  }

  private mutating func count(_ bytes: Int) throws(PackError) {
    heap = heap.adding(bytes) ?? .max
    let limit = limits.heap(decodedBytes: max(0, walked - cutCount))
    guard heap <= limit else { throw ProtobufScan.tooLarge(heap, fileByteCount) }
  }

  private static func tooLarge(_ heap: Int, _ byteCount: Int) -> PackError {
    PackError(
      .modelTooLarge, "reading this file of \(byteCount) bytes would need \(heap) bytes of memory",
      hint: "do not trust this file; a real model keeps its weights in raw form")
  }
}
