internal import SynapackSupport

/// The bytes of an element that was never written.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.e and f.
enum HDF5FillValue {
  /// The element; empty, which stands for zeros, where the file states none. A datatype may claim
  /// elements of gigabytes, so none is made that does not stand in the file.
  static func bytes(
    _ object: HDF5Object, elementSize: Int, _ source: HDF5Source
  ) throws(PackError) -> [UInt8] {
    if let message = try object.message(HDF5MessageType.fillValue) {
      var cursor = try source.cursor(message.body, "fill value")
      let version = try cursor.version(1...3)
      let isStated: Bool
      if version == 3 {
        isStated = try cursor.byte() & 0x20 != 0
      } else {
        try cursor.skip(2)
        isStated = try cursor.byte() != 0 || version == 1
      }
      return isStated ? try value(&cursor, elementSize, message) : []
    }
    if let message = try object.message(HDF5MessageType.oldFillValue) {
      var cursor = try source.cursor(message.body, "fill value")
      return try value(&cursor, elementSize, message)
    }
    return []
  }

  private static func value(
    _ cursor: inout HDF5Cursor, _ elementSize: Int, _ message: HDF5Message
  ) throws(PackError) -> [UInt8] {
    let size = try cursor.integer(4)
    // A size of 0, or of −1 in old files, means the default.
    guard size != 0, size != 0xFFFF_FFFF else { return [] }
    guard size == elementSize else {
      throw HDF5.malformed("the fill value has \(size) bytes", message.body)
    }
    return try cursor.bytes(size)
  }
}
