/// Mutations of protobuf messages that keep every length right: fields are changed, doubled,
/// deleted, swapped, moved and nested. Without them nearly every change of a length in a file of
/// nested messages ends in the scan of the wire format, and nothing behind it is reached.
enum ProtobufMutator {
  /// One field; a message where its bytes can be read as one.
  private struct Field {
    var number: Int
    var value: Value
  }

  private indirect enum Value {
    case varint(UInt64)
    case fixed32([UInt8])
    case fixed64([UInt8])
    case bytes([UInt8])
    case message([Field])
  }

  private static let deepest = 24

  static func mutate(
    _ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom
  ) -> [UInt8]? {
    guard var fields = parse(input[...], depth: 0) else { return nil }
    for _ in 0...random.below(3) { change(&fields, &random) }
    return write(fields)
  }

  // MARK: - Reading and writing

  private static func parse(_ bytes: ArraySlice<UInt8>, depth: Int) -> [Field]? {
    var fields: [Field] = []
    var position = bytes.startIndex
    while position < bytes.endIndex {
      guard let tag = varint(bytes, &position), tag >> 3 > 0, tag >> 3 < 1 << 29 else { return nil }
      let number = Int(tag >> 3)
      let rest = bytes.endIndex - position
      switch tag & 7 {
      case 0:
        guard let value = varint(bytes, &position) else { return nil }
        fields.append(Field(number: number, value: .varint(value)))
      case 1 where rest >= 8:
        fields.append(Field(number: number, value: .fixed64(Array(bytes[position..<position + 8]))))
        position += 8
      case 5 where rest >= 4:
        fields.append(Field(number: number, value: .fixed32(Array(bytes[position..<position + 4]))))
        position += 4
      case 2:
        guard let length = varint(bytes, &position), length <= UInt64(bytes.endIndex - position)
        else { return nil }
        let content = bytes[position..<position + Int(length)]
        position += Int(length)
        if depth < deepest, content.count > 1, let inner = parse(content, depth: depth + 1) {
          fields.append(Field(number: number, value: .message(inner)))
        } else {
          fields.append(Field(number: number, value: .bytes(Array(content))))
        }
      default: return nil
      }
    }
    return fields
  }

  private static func varint(_ bytes: ArraySlice<UInt8>, _ position: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < bytes.endIndex else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << UInt64(min(63, 7 * index))
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func write(_ fields: [Field]) -> [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      switch field.value {
      case .varint(let value):
        append(UInt64(field.number) << 3, to: &bytes)
        append(value, to: &bytes)
      case .fixed64(let content):
        append(UInt64(field.number) << 3 | 1, to: &bytes)
        bytes += content
      case .fixed32(let content):
        append(UInt64(field.number) << 3 | 5, to: &bytes)
        bytes += content
      case .bytes(let content): append(content, field.number, to: &bytes)
      case .message(let inner): append(write(inner), field.number, to: &bytes)
      }
    }
    return bytes
  }

  private static func append(_ content: [UInt8], _ number: Int, to bytes: inout [UInt8]) {
    append(UInt64(number) << 3 | 2, to: &bytes)
    append(UInt64(content.count), to: &bytes)
    bytes += content
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  // MARK: - Changing

  /// Changes one field of this message, or goes into one that is a message.
  private static func change(_ fields: inout [Field], _ random: inout MutationRandom) {
    guard !fields.isEmpty else { return }
    let index = random.below(fields.count)
    if case .message(var inner) = fields[index].value, random.below(8) > 0 {
      change(&inner, &random)
      fields[index].value = .message(inner)
      return
    }
    switch random.below(8) {
    case 0: fields.remove(at: index)
    case 1: fields.insert(fields[index], at: random.below(fields.count + 1))
    case 2: fields.swapAt(index, random.below(fields.count))
    case 3: fields[index].number = 1 + random.below(26)
    case 4: fields[index].value = fields[random.below(fields.count)].value
    case 5: fields[index].value = .message([fields[index]])
    default: fields[index].value = changed(fields[index].value, &random)
    }
  }

  private static func changed(_ value: Value, _ random: inout MutationRandom) -> Value {
    switch value {
    case .varint: .varint(random.number())
    case .fixed32(let bytes), .fixed64(let bytes): sized(mutated(bytes), like: bytes)
    case .bytes(let bytes): .bytes(mutated(bytes))
    case .message(let inner): .bytes(mutated(write(inner)))
    }
  }

  private static func sized(_ bytes: [UInt8], like old: [UInt8]) -> Value {
    let content = Array((bytes + [UInt8](repeating: 0, count: old.count)).prefix(old.count))
    return old.count == 4 ? .fixed32(content) : .fixed64(content)
  }
}
