internal import SynapackSupport

/// The header of a safetensors file: one JSON object that names each tensor's type, shape and
/// place.
///
/// Read in one pass from left to right in a grammar of fixed depth, so that nothing calls itself
/// and time is linear in the bytes, a million tensors and hostile nesting included.
struct SafetensorsHeader {
  /// One tensor as the header states it.
  struct Entry {
    var name: String
    /// Where the entry's name stands in the file.
    var place: Range<Int>
    var type: String
    var shape: [Int]
    /// Where the data lies, counted from the end of the header.
    var offsets: Range<Int>
  }

  private(set) var entries: [Entry] = []
  /// The value of `format` in `__metadata__`, the only one that is used.
  private(set) var writer = ""

  /// - Parameters:
  ///   - span: the whole file.
  ///   - range: the header's JSON and its padding of blanks.
  init(_ span: RawSpan, _ range: Range<Int>) throws(PackError) {
    var text = SafetensorsText(range)
    // The object begins with the first byte: no mark of order and no blanks before it.
    guard text.peek(span) == UInt8(ascii: "{") else {
      throw text.refusal("the header does not begin with `{`")
    }
    var seen: Set<String> = []
    try text.object(span) { (text, key, place) throws(PackError) in
      guard seen.insert(key).inserted else {
        throw safetensorsRefusal("the name `\(key)` stands twice", place)
      }
      if key == "__metadata__" {
        try metadata(span, &text)
      } else {
        entries.append(try SafetensorsHeader.entry(span, &text, key, place))
      }
    }
    guard span.copy(text.position..<range.upperBound).allSatisfy({ $0 == 0x20 }) else {
      throw text.refusal("something other than blanks follows the header's object")
    }
  }

  /// Texts by name; what they say changes nothing, but they must be texts.
  private mutating func metadata(
    _ span: RawSpan, _ text: inout SafetensorsText
  ) throws(PackError) {
    var seen: Set<String> = []
    var format = ""
    try text.object(span) { (text, key, place) throws(PackError) in
      guard seen.insert(key).inserted else {
        throw safetensorsRefusal("the key `\(key)` of __metadata__ stands twice", place)
      }
      let value = try text.string(span)
      if key == "format" { format = value }
    }
    writer = format
  }

  private static func entry(
    _ span: RawSpan, _ text: inout SafetensorsText, _ name: String, _ place: Range<Int>
  ) throws(PackError) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try text.object(span) { (text, key, keyPlace) throws(PackError) in
      switch key {
      case "dtype" where type == nil: type = try text.string(span)
      case "shape" where shape == nil: shape = try text.integers(span, atMost: 64)
      case "data_offsets" where offsets == nil: offsets = try text.integers(span, atMost: 2)
      default:
        throw safetensorsRefusal(
          "the key `\(key)` of `\(name)` is unknown or stands twice", keyPlace)
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw safetensorsRefusal(
        "`\(name)` lacks dtype, shape or data_offsets, or its data ends before it begins", place)
    }
    return Entry(
      name: name, place: place, type: type, shape: shape, offsets: offsets[0]..<offsets[1])
  }
}

/// A file that breaks the rules of safetensors, at `range`.
func safetensorsRefusal(_ message: String, _ range: Range<Int>) -> PackError {
  PackError(
    .malformedSafetensors, message, at: .bytes(range),
    hint: "write the file again with the safetensors library")
}
