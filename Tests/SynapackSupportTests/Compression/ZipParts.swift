/// A zip archive put together field by field, so that any one of them can lie.
struct ZipParts {
  var entries: [Part]
  var before: [UInt8] = []
  /// Bytes between the last entry and the directory.
  var gap: [UInt8] = []
  var comment: [UInt8] = []
  var commentCount: Int?
  var count: Int?
  var directoryOffset: Int?

  /// One entry; what is `nil` follows from the rest.
  struct Part {
    var name: [UInt8]
    var data: [UInt8]
    var flags = 0
    var method = 0
    var size: Int?
    var checksum: Int
    var localName: [UInt8]?
    var localFlags: Int?
    var localMethod: Int?
    var localSize: Int?
    var localStoredSize: Int?
    var localChecksum: Int?
    var localExtra: [UInt8] = []
    var storedSize: Int?
    var extra: [UInt8] = []
    var descriptor: [UInt8] = []
    var attributes = 0
    var disk = 0
    var offset: Int?

    init(_ name: String, _ data: [UInt8], checksum: Int) {
      self.name = Array(name.utf8)
      self.data = data
      self.checksum = checksum
    }
  }

  /// One stored entry `a.npy` of the three bytes `abc`, whose CRC-32 is known.
  static var sample: ZipParts {
    ZipParts(entries: [Part("a.npy", Array("abc".utf8), checksum: 0x3524_41C2)])
  }

  /// The same with the data deflated, as `zlib.compressobj(9, DEFLATED, -15)` gives it.
  static var deflated: ZipParts {
    var parts = sample
    parts.entries[0].data = [0x4B, 0x4C, 0x4A, 0x06, 0x00]
    parts.entries[0].method = 8
    parts.entries[0].size = 3
    return parts
  }

  var bytes: [UInt8] {
    var bytes = before
    var directory: [UInt8] = []
    for part in entries {
      let offset = part.offset ?? bytes.count
      append(part, to: &bytes)
      appendRecord(part, offset, to: &directory)
    }
    bytes += gap
    let place = directoryOffset ?? bytes.count
    bytes += directory
    bytes += little(0x0605_4B50, 4) + little(0, 4)
    bytes += little(count ?? entries.count, 2) + little(count ?? entries.count, 2)
    bytes += little(directory.count, 4) + little(place, 4)
    bytes += little(commentCount ?? comment.count, 2) + comment
    return bytes
  }

  private func append(_ part: Part, to bytes: inout [UInt8]) {
    let name = part.localName ?? part.name
    bytes += little(0x0403_4B50, 4) + little(20, 2) + little(part.localFlags ?? part.flags, 2)
    bytes += little(part.localMethod ?? part.method, 2) + little(0, 4)
    bytes += little(part.localChecksum ?? part.checksum, 4)
    bytes += little(part.localStoredSize ?? part.data.count, 4)
    bytes += little(part.localSize ?? part.size ?? part.data.count, 4)
    bytes += little(name.count, 2) + little(part.localExtra.count, 2)
    bytes += name + part.localExtra + part.data + part.descriptor
  }

  private func appendRecord(_ part: Part, _ offset: Int, to bytes: inout [UInt8]) {
    bytes += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(part.flags, 2)
    bytes += little(part.method, 2) + little(0, 4) + little(part.checksum, 4)
    bytes += little(part.storedSize ?? part.data.count, 4)
    bytes += little(part.size ?? part.data.count, 4)
    bytes += little(part.name.count, 2) + little(part.extra.count, 2) + little(0, 2)
    bytes += little(part.disk, 2) + little(0, 2) + little(part.attributes, 4) + little(offset, 4)
    bytes += part.name + part.extra
  }
}

/// The `count` lowest bytes of a number, lowest first.
func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
