/// A protobuf message as a tree of fields, without a schema: bytes that read as a message are
/// taken for one.
struct ProtobufTree {
  enum Payload {
    case varint(UInt64)
    case fixed([UInt8])
    case bytes([UInt8])
    case message(ProtobufTree)
  }

  struct Field {
    var number: UInt64
    var wireType: UInt64
    var payload: Payload
  }

  var fields: [Field] = []

  /// `nil` where the bytes are no whole message.
  init?(_ bytes: ArraySlice<UInt8>, depth: Int = 0) {
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = ProtobufTree.varint(&rest), tag >> 3 != 0 else { return nil }
      let payload: Payload
      switch tag & 7 {
      case 0:
        guard let value = ProtobufTree.varint(&rest) else { return nil }
        payload = .varint(value)
      case 1, 5:
        let size = tag & 7 == 1 ? 8 : 4
        guard rest.count >= size else { return nil }
        payload = .fixed(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      case 2:
        guard let length = ProtobufTree.varint(&rest), length <= UInt64(rest.count) else {
          return nil
        }
        let content = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        if depth < 24, content.count > 1, let inner = ProtobufTree(content, depth: depth + 1) {
          payload = .message(inner)
        } else {
          payload = .bytes(Array(content))
        }
      default: return nil
      }
      fields.append(Field(number: tag >> 3, wireType: tag & 7, payload: payload))
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      if byte < 0x80 { return value }
    }
    return nil
  }

  static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  /// The wire format with every length right.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    for field in fields {
      ProtobufTree.append(varint: field.number << 3 | field.wireType, to: &out)
      switch field.payload {
      case .varint(let value): ProtobufTree.append(varint: value, to: &out)
      case .fixed(let bytes): out += bytes
      case .bytes(let bytes):
        ProtobufTree.append(varint: UInt64(bytes.count), to: &out)
        out += bytes
      case .message(let inner):
        let bytes = inner.bytes
        ProtobufTree.append(varint: UInt64(bytes.count), to: &out)
        out += bytes
      }
    }
    return out
  }
}

extension ProtobufTree {
  /// Changes one thing in this message or in one below it.
  mutating func mutate(_ random: inout MutationRandom, room: Int) {
    let index = random.below(fields.count)
    guard fields.indices.contains(index) else {
      fields.append(ProtobufTree.newField(&random))
      return
    }
    if case .message(var inner) = fields[index].payload, !random.oneIn(4) {
      inner.mutate(&random, room: room)
      fields[index].payload = .message(inner)
      return
    }
    switch random.below(9) {
    case 0: fields.insert(fields[index], at: random.below(fields.count + 1))
    case 1: fields.remove(at: index)
    case 2: fields.swapAt(index, random.below(fields.count))
    case 3: nest(index, &random)
    case 4:
      fields[index].number =
        random.oneIn(4) ? random.oddNumber() >> 3 | 1 : UInt64(1 + random.below(40))
    case 5: fields.insert(ProtobufTree.newField(&random), at: random.below(fields.count + 1))
    case 6:
      // One value with the payload of another.
      fields[index].payload = fields[random.below(fields.count)].payload
      fields[index].wireType = ProtobufTree.wireType(of: fields[index].payload)
    default: change(index, &random, room)
    }
  }

  private static func newField(_ random: inout MutationRandom) -> Field {
    let number = UInt64(1 + random.below(40))
    switch random.below(3) {
    case 0: return Field(number: number, wireType: 0, payload: .varint(random.oddNumber()))
    case 1: return Field(number: number, wireType: 2, payload: .bytes([]))
    default:
      let bytes = (0..<(random.oneIn(2) ? 4 : 8)).map { _ in UInt8(random.below(256)) }
      let payload = Payload.fixed(bytes)
      return Field(number: number, wireType: wireType(of: payload), payload: payload)
    }
  }

  private static func wireType(of payload: Payload) -> UInt64 {
    switch payload {
    case .varint: 0
    case .fixed(let bytes): bytes.count == 8 ? 1 : 5
    case .bytes, .message: 2
    }
  }

  /// Puts a copy of a field into itself or into a message beside it.
  private mutating func nest(_ index: Int, _ random: inout MutationRandom) {
    let copy = fields[index]
    let target = random.oneIn(2) ? index : random.below(fields.count)
    guard case .message(var inner) = fields[target].payload else { return }
    inner.fields.insert(copy, at: random.below(inner.fields.count + 1))
    fields[target].payload = .message(inner)
  }

  private mutating func change(_ index: Int, _ random: inout MutationRandom, _ room: Int) {
    switch fields[index].payload {
    case .varint(let value):
      switch random.below(3) {
      case 0: fields[index].payload = .varint(random.oddNumber())
      case 1: fields[index].payload = .varint(value ^ 1 << UInt64(random.below(64)))
      default: fields[index].payload = .varint(value &+ UInt64(1 + random.below(8)) &- 4)
      }
    case .fixed(let bytes):
      let changed = random.changed(bytes, atMost: bytes.count)
      let filled = changed + [UInt8](repeating: 0, count: bytes.count - changed.count)
      fields[index].payload = .fixed(filled)
    case .bytes(let bytes):
      let largest = min(bytes.count + 64, bytes.count + max(room, 0))
      fields[index].payload = .bytes(random.changed(bytes, atMost: max(largest, 1)))
    case .message(let inner):
      fields[index].payload = .bytes(
        random.changed(inner.bytes, atMost: inner.bytes.count + max(1, min(room, 64))))
    }
  }
}

/// Changes one to four things in a message and mends all lengths around them.
func mutatedProtobuf(_ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom) -> [UInt8] {
  guard var tree = ProtobufTree(bytes[...]) else { return [] }
  for _ in 0...random.below(4) { tree.mutate(&random, room: largest - bytes.count) }
  return tree.bytes
}
