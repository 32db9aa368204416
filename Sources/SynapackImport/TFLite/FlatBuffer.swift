internal import SynapackSupport

/// A FlatBuffers file whose every offset is verified when it is followed.
///
/// A table begins with the distance back to its vtable, which lists where each field lies; what it
/// refers to lies ahead. Offsets therefore only lead forward, and the schemas that are read here
/// nest a fixed number of tables, so nothing calls itself. Many offsets may lead to one table:
/// everything that is read is charged to a budget, so that a small file cannot stand for a huge
/// model.
///
/// Source: FlatBuffers, "FlatBuffer Internals".
struct FlatBuffer {
  let file: MappedFile
  private var budget: Int

  init(_ file: MappedFile) {
    self.file = file
    budget = (file.count.times(8) ?? .max).adding(1 << 20) ?? .max
  }

  /// One table: where it lies, and where its vtable does.
  struct Table {
    let position: Int
    let size: Int
    let vtable: Int
    let vtableSize: Int
  }

  /// A vector: where its first element lies, and how many there are.
  struct Vector {
    let start: Int
    let count: Int
  }

  /// The number at `offset`; every caller has compared it with the file.
  func number<Value: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, _ type: Value.Type
  ) throws(PackError) -> Value {
    guard let value = file.withBytes({ $0.number(at: offset, as: type) }) else {
      throw refusal("a number leaves the file", offset, MemoryLayout<Value>.size)
    }
    return value
  }

  // MARK: - Tables

  mutating func root() throws(PackError) -> Table {
    try table(try follow(0))
  }

  /// The place that the offset at `place` leads to: ahead, and in the file.
  private func follow(_ place: Int) throws(PackError) -> Int {
    let distance = try number(place, UInt32.self)
    guard distance >= 4, Int(distance) <= file.count - place - 4 else {
      throw refusal("an offset of \(distance) leads to itself or out of the file", place, 4)
    }
    return place + Int(distance)
  }

  private mutating func table(_ position: Int) throws(PackError) -> Table {
    guard position % 4 == 0 else { throw refusal("a table is not aligned", position, 4) }
    let vtable = position - Int(try number(position, Int32.self))
    guard vtable >= 0, vtable % 2 == 0, vtable <= file.count - 4 else {
      throw refusal("a table's vtable lies outside the file", position, 4)
    }
    let vtableSize = Int(try number(vtable, UInt16.self))
    let size = Int(try number(vtable + 2, UInt16.self))
    guard vtableSize >= 4, vtableSize % 2 == 0, vtableSize <= file.count - vtable, size >= 4,
      size <= file.count - position
    else { throw refusal("a table or its vtable leaves the file", position, 4) }
    try charge(size + vtableSize, position)
    return Table(position: position, size: size, vtable: vtable, vtableSize: vtableSize)
  }

  /// Where the field of that id lies; `nil` where the table leaves it out.
  private func field(_ table: Table, _ id: Int, width: Int) throws(PackError) -> Int? {
    let entry = 4 + 2 * id
    guard entry + 2 <= table.vtableSize else { return nil }
    let offset = Int(try number(table.vtable + entry, UInt16.self))
    guard offset != 0 else { return nil }
    guard offset >= 4, offset <= table.size - width, (table.position + offset) % width == 0 else {
      throw refusal("field \(id) leaves its table or is not aligned", table.position, table.size)
    }
    return table.position + offset
  }

  func scalar<Value: FixedWidthInteger & BitwiseCopyable>(
    _ table: Table, _ id: Int, default fallback: Value
  ) throws(PackError) -> Value {
    guard let place = try field(table, id, width: MemoryLayout<Value>.size) else {
      return fallback
    }
    return try number(place, Value.self)
  }

  func float(_ table: Table, _ id: Int, default fallback: Float) throws(PackError) -> Float {
    Float(bitPattern: try scalar(table, id, default: fallback.bitPattern))
  }

  mutating func child(_ table: Table, _ id: Int) throws(PackError) -> Table? {
    guard let place = try field(table, id, width: 4) else { return nil }
    return try self.table(try follow(place))
  }

  // MARK: - Vectors

  /// The vector of a field, whose elements are `width` bytes each; empty where there is none.
  ///
  /// - Parameter charged: whether the elements count as read; bytes of weights are not.
  mutating func vector(
    _ table: Table, _ id: Int, width: Int, charged: Bool = true
  ) throws(PackError) -> Vector {
    guard let place = try field(table, id, width: 4) else { return Vector(start: 0, count: 0) }
    let position = try follow(place)
    guard position % 4 == 0 else { throw refusal("a vector is not aligned", position, 4) }
    let count = Int(try number(position, UInt32.self))
    let start = position + 4
    guard let bytes = count.times(width), bytes <= file.count - start else {
      throw refusal("a vector of \(count) elements leaves the file", position, 4)
    }
    guard count == 0 || start % width == 0 else {
      throw refusal("the elements of a vector are not aligned", position, 4)
    }
    try charge(charged ? 4 + bytes : 4, position)
    return Vector(start: start, count: count)
  }

  mutating func integers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ table: Table, _ id: Int, _ type: Value.Type
  ) throws(PackError) -> [Value] {
    let size = MemoryLayout<Value>.size
    let vector = try vector(table, id, width: size)
    var values: [Value] = []
    values.reserveCapacity(vector.count)
    for index in 0..<vector.count {
      values.append(try number(vector.start + index * size, type))
    }
    return values
  }

  /// The tables of a vector of offsets, each read by `body`.
  mutating func tables<Value>(
    _ table: Table, _ id: Int,
    _ body: (inout FlatBuffer, Table) throws(PackError) -> Value
  ) throws(PackError) -> [Value] {
    let vector = try vector(table, id, width: 4)
    var values: [Value] = []
    for index in 0..<vector.count {
      let child = try self.table(try follow(vector.start + 4 * index))
      values.append(try body(&self, child))
    }
    return values
  }

  /// The text of a field; empty where there is none.
  mutating func text(_ table: Table, _ id: Int) throws(PackError) -> String {
    let vector = try vector(table, id, width: 1)
    let bytes = file.withBytes { $0.copy(vector.start..<vector.start + vector.count) }
    guard bytes.count <= 4096, let text = utf8Text(bytes) else {
      throw refusal("a text is too long or no UTF-8", vector.start, bytes.count)
    }
    return text
  }

  private mutating func charge(_ bytes: Int, _ place: Int) throws(PackError) {
    budget -= bytes
    guard budget >= 0 else {
      throw PackError(
        .modelTooLarge, "the file's parts are shared so often that they add up to far more than it",
        at: .bytes(place..<place + 4), hint: "do not trust this file")
    }
  }

  func refusal(_ message: String, _ place: Int, _ count: Int) -> PackError {
    let start = min(max(0, place), file.count)
    return PackError(
      .malformedFlatBuffer, message, at: .bytes(start..<min(start + max(0, count), file.count)),
      hint: "fetch or convert the model again")
  }
}
