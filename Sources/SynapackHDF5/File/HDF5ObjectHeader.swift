internal import SynapackSupport

/// One message of an object header: a number that says what it is, and the bytes of its body.
struct HDF5Message: Sendable, Hashable {
  let type: Int
  let flags: UInt8
  let body: Range<Int>

  /// Whether the body stands elsewhere and is only named here.
  var isShared: Bool { flags & 2 != 0 }
}

/// The numbers of messages.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.
enum HDF5MessageType {
  static let dataspace = 0x01
  static let linkInfo = 0x02
  static let datatype = 0x03
  static let oldFillValue = 0x04
  static let fillValue = 0x05
  static let link = 0x06
  static let externalFiles = 0x07
  static let layout = 0x08
  static let filters = 0x0B
  static let attribute = 0x0C
  static let continuation = 0x10
  static let symbolTable = 0x11
  static let driverInfo = 0x14
  static let attributeInfo = 0x15
  /// The largest number that the specification gives.
  static let last = 0x18
}

/// Reads the messages of an object header with all of its continuations.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.1, versions 1 and 2.
struct HDF5ObjectHeader {
  private let source: HDF5Source
  private(set) var messages: [HDF5Message] = []
  /// Pieces still to be read.
  private var open: [Range<Int>] = []
  private var seen: Set<Int> = []
  private var tracksOrder = false
  /// Messages met so far, continuations among them.
  private var readCount = 0

  private static let largestMessageCount = 1 << 16

  init(at address: Int, _ source: HDF5Source, _ budget: inout HDF5Budget) throws(PackError) {
    self.source = source
    let start = source.file.withBytes { $0.copy(address..<min(address + 4, $0.byteCount)) }
    if start == Array("OHDR".utf8) {
      try readNewer(address, &budget)
    } else {
      try readOlder(address, &budget)
    }
  }

  private mutating func readOlder(
    _ address: Int, _ budget: inout HDF5Budget
  ) throws(PackError) {
    var cursor = try source.cursor(at: address, count: 16, "object header")
    guard try cursor.byte() == 1 else {
      throw HDF5.malformed("an object header begins with neither OHDR nor 1", address..<address + 4)
    }
    try cursor.skip(1)
    let stated = try cursor.integer(2)
    try cursor.skip(4)
    let size = try cursor.integer(4)
    open = [try source.cursor(at: address + 16, count: size, "object header").span]
    while let piece = open.popLast() {
      try budget.spend(structure: piece.count + 16)
      try readMessages(piece, isNewer: false)
    }
    guard readCount >= stated else {
      throw HDF5.malformed(
        "an object header states \(stated) messages and holds \(readCount)", address..<address + 16)
    }
  }

  private mutating func readNewer(
    _ address: Int, _ budget: inout HDF5Budget
  ) throws(PackError) {
    var cursor = try source.cursor(
      at: address, count: source.file.count - address, "object header")
    try cursor.signature("OHDR")
    _ = try cursor.version(2...2)
    let flags = try cursor.byte()
    tracksOrder = flags & 4 != 0
    // Four times, then the limits of attribute storage, where the flags announce them.
    try cursor.skip((flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0))
    let size = try cursor.integer(1 << Int(flags & 3))
    let body = try cursor.range(size)
    try budget.spend(structure: size + 32)
    try HDF5Checksum.check(address..<body.upperBound, in: source, "object header")
    try readMessages(body, isNewer: true)
    while let piece = open.popLast() {
      try budget.spend(structure: piece.count + 16)
      var block = try source.cursor(piece, "object header continuation")
      try block.signature("OCHK")
      guard piece.count >= 8 else { throw HDF5.malformed("a continuation is too short", piece) }
      let end = piece.upperBound - 4
      try HDF5Checksum.check(piece.lowerBound..<end, in: source, "object header continuation")
      try readMessages(block.position..<end, isNewer: true)
    }
  }

  private mutating func readMessages(_ piece: Range<Int>, isNewer: Bool) throws(PackError) {
    var cursor = try source.cursor(piece, "object header")
    // What is too short for a message is a gap.
    let prefix = isNewer ? (tracksOrder ? 6 : 4) : 8
    while cursor.remaining >= prefix {
      let start = cursor.position
      let type = try cursor.integer(isNewer ? 1 : 2)
      let size = try cursor.integer(2)
      let flags = try cursor.byte()
      try cursor.skip(isNewer ? (tracksOrder ? 2 : 0) : 3)
      let message = HDF5Message(type: type, flags: flags, body: try cursor.range(size))
      guard messages.count < HDF5ObjectHeader.largestMessageCount else {
        throw HDF5.malformed("an object header has too many messages", start..<cursor.position)
      }
      readCount += 1
      if type == HDF5MessageType.continuation {
        try follow(message)
      } else {
        try keep(message, start)
      }
    }
  }

  private mutating func keep(_ message: HDF5Message, _ start: Int) throws(PackError) {
    // The flag says that a reader which does not know the message must not open the object.
    guard message.type <= HDF5MessageType.last || message.flags & 0x80 == 0 else {
      throw HDF5.unsupported(
        "a message of the unknown type \(message.type)", start..<message.body.upperBound)
    }
    messages.append(message)
  }

  private mutating func follow(_ message: HDF5Message) throws(PackError) {
    var cursor = try source.cursor(message.body, "continuation message")
    let address = try cursor.definedAddress()
    let size = try cursor.length()
    let piece = try source.cursor(at: address, count: size, "object header continuation").span
    guard seen.insert(address).inserted else {
      throw HDF5.malformed("the continuations of an object header run in a circle", message.body)
    }
    open.append(piece)
  }
}

extension HDF5Cursor {
  /// All that is left to read.
  var span: Range<Int> { position..<end }
}
