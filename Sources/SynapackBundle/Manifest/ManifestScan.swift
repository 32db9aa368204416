internal import SynapackSupport

/// A bounded walk over the wire format of a manifest, before libprotobuf-c sees it.
///
/// libprotobuf-c limits neither depth nor memory. The walk is iterative; it descends only where
/// the schema has a message, at most 16 levels, and counts every field that would be unpacked.
enum ManifestScan {
  private static let largestDepth = 16
  private static let largestFieldCount = 1 << 20

  /// The messages of `schemas/bundle.proto`, as far as they hold messages.
  private enum Kind {
    case manifest, program, input, population, connection, convolution, readout, compensation
    case product, leaf

    func child(_ field: UInt64) -> Kind? {
      switch (self, field) {
      case (.manifest, 1): .program
      case (.manifest, 3): .leaf
      case (.program, 4): .input
      case (.program, 5): .population
      case (.program, 6): .connection
      case (.program, 7): .readout
      case (.readout, 5): .leaf
      case (.input, 3...5): .leaf
      case (.population, 3...6): .leaf
      case (.population, 10): .compensation
      case (.compensation, 3): .product
      case (.compensation, 5), (.compensation, 10...11): .leaf
      case (.product, 6...7): .leaf
      case (.connection, 3), (.connection, 6): .leaf
      case (.connection, 4): .convolution
      case (.convolution, 1): .leaf
      default: nil
      }
    }
  }

  /// - Throws: `SYN0606` for a field that breaks the wire format or a count over the limits.
  static func check(_ bytes: [UInt8]) throws(PackError) {
    var open: [(end: Int, kind: Kind)] = [(bytes.count, .manifest)]
    var index = 0
    var fields = 0
    while let (end, kind) = open.last {
      guard index < end else {
        open.removeLast()
        continue
      }
      fields += 1
      guard fields <= largestFieldCount else { throw refusal("too many fields", at: index) }
      let key = try varint(bytes, &index, end)
      let field = key >> 3
      guard field >= 1, field < 1 << 29 else { throw refusal("field number \(field)", at: index) }
      switch key & 7 {
      case 0: _ = try varint(bytes, &index, end)
      case 1: try skip(8, &index, end)
      case 5: try skip(4, &index, end)
      case 2:
        let length = try varint(bytes, &index, end)
        guard length <= UInt64(end - index) else {
          throw refusal("a field of \(length) bytes with \(end - index) left", at: index)
        }
        guard let child = kind.child(field) else {
          index += Int(length)
          continue
        }
        guard open.count < largestDepth else { throw refusal("nested too deeply", at: index) }
        open.append((index + Int(length), child))
      default: throw refusal("wire type \(key & 7)", at: index)
      }
    }
  }

  private static func skip(_ count: Int, _ index: inout Int, _ end: Int) throws(PackError) {
    guard count <= end - index else { throw refusal("a field that is cut off", at: index) }
    index += count
  }

  private static func varint(
    _ bytes: [UInt8], _ index: inout Int, _ end: Int
  ) throws(PackError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard index < end else { throw refusal("a number that is cut off", at: index) }
      let byte = bytes[index]
      index += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw refusal("a number of more than ten bytes", at: index)
  }

  private static func refusal(_ message: String, at index: Int) -> PackError {
    PackError(
      .malformedManifest, message, at: .bytes(index..<index),
      hint: "make the bundle again from its model")
  }
}
