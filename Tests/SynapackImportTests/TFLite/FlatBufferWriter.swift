/// Writes FlatBuffers front to back: a table, then what its fields lead to.
///
/// A table is its fields by number; everything is aligned to 8 bytes, so that any field may lead
/// anywhere.
struct FlatBufferWriter {
  indirect enum Field {
    case byte(Int)
    case number(Int)
    case long(Int)
    case text(String)
    case integers([Int])
    case longs([Int])
    case bytes([UInt8])
    case table([Int: Field])
    case tables([[Int: Field]])
  }

  private(set) var bytes: [UInt8] = []

  /// A file with this root.
  static func file(_ root: [Int: Field], identifier: String = "TFL3") -> [UInt8] {
    var writer = FlatBufferWriter()
    writer.bytes = [0, 0, 0, 0] + Array(identifier.utf8)
    writer.set(0, to: writer.table(root))
    return writer.bytes
  }

  private mutating func put(_ value: Int, _ count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  private mutating func pad() {
    while bytes.count % 8 != 0 { bytes.append(0) }
  }

  /// Lets the offset at `place` lead to `target`.
  private mutating func set(_ place: Int, to target: Int) {
    for index in 0..<4 {
      bytes[place + index] = UInt8(truncatingIfNeeded: (target - place) >> (8 * index))
    }
  }

  /// Writes a table and returns where it lies; eight bytes for each field, behind its vtable.
  private mutating func table(_ fields: [Int: Field]) -> Int {
    pad()
    let vtable = bytes.count
    let count = (fields.keys.max() ?? -1) + 1
    let size = 8 + 8 * count
    put(4 + 2 * count, 2)
    put(size, 2)
    for id in 0..<count { put(fields[id] == nil ? 0 : 8 + 8 * id, 2) }
    pad()
    let start = bytes.count
    put(start - vtable, 4)
    bytes += Array(repeating: 0, count: size - 4)
    for (id, field) in fields.sorted(by: { $0.key < $1.key }) {
      write(field, at: start + 8 + 8 * id)
    }
    return start
  }

  private mutating func write(_ field: Field, at place: Int) {
    switch field {
    case .byte(let value): bytes[place] = UInt8(truncatingIfNeeded: value)
    case .number(let value), .long(let value):
      for index in 0..<8 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    case .text(let text): set(place, to: vector(text.utf8.count) { $0.bytes += Array(text.utf8) })
    case .bytes(let data): set(place, to: vector(data.count) { $0.bytes += data })
    case .integers(let values):
      set(place, to: vector(values.count) { for value in values { $0.put(value, 4) } })
    case .longs(let values):
      set(place, to: vector(values.count) { for value in values { $0.put(value, 8) } })
    case .table(let fields): set(place, to: table(fields))
    case .tables(let tables):
      let start = vector(tables.count) { $0.put(0, 0) }
      bytes += Array(repeating: 0, count: 4 * tables.count)
      set(place, to: start)
      for (index, fields) in tables.enumerated() {
        set(start + 4 + 4 * index, to: table(fields))
      }
    }
  }

  /// A count whose elements begin at a multiple of 8.
  private mutating func vector(
    _ count: Int, _ elements: (inout FlatBufferWriter) -> Void
  ) -> Int {
    pad()
    put(0, 4)
    let start = bytes.count
    put(count, 4)
    elements(&self)
    return start
  }
}
