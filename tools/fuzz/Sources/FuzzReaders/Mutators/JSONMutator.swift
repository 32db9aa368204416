@testable import SynapackSupport

/// Changes one to three things in a JSON text that reads as one; else bytes of it.
func mutatedJSON(_ bytes: [UInt8], _ random: inout MutationRandom) -> [UInt8] {
  guard !random.oneIn(5), let text = utf8Text(bytes), var value = JSON(parsing: text) else {
    return random.changed(bytes, atMost: bytes.count + 32)
  }
  let parts = value.parts
  for _ in 0...random.below(3) { value = value.mutated(parts, &random) }
  return Array(value.text().utf8)
}

extension JSON {
  /// Every value in it, itself first.
  fileprivate var parts: [JSON] {
    switch self {
    case .null, .bool, .integer, .number, .string: [self]
    case .array(let values): [self] + values.flatMap(\.parts)
    case .object(let members): [self] + members.sorted { $0.key < $1.key }.flatMap(\.value.parts)
    }
  }

  /// With one thing changed, here or below; `parts` are values to put elsewhere.
  fileprivate func mutated(_ parts: [JSON], _ random: inout MutationRandom) -> JSON {
    if random.oneIn(8) {
      return random.oneIn(2) ? parts[random.below(parts.count)] : JSON.odd(&random)
    }
    switch self {
    case .null, .bool, .number: return JSON.odd(&random)
    case .integer(let value):
      return random.oneIn(2) ? .integer(value &+ random.below(9) &- 4) : JSON.odd(&random)
    case .string(let text):
      let bytes = random.changed(Array(text.utf8), atMost: text.utf8.count + 8)
      return .string(String(decoding: bytes, as: UTF8.self))
    case .array(var values):
      let index = random.below(values.count)
      guard values.indices.contains(index) else { return .array([JSON.odd(&random)]) }
      switch random.below(6) {
      case 0: values.remove(at: index)
      case 1: values.insert(values[index], at: random.below(values.count + 1))
      case 2: values.swapAt(index, random.below(values.count))
      default: values[index] = values[index].mutated(parts, &random)
      }
      return .array(values)
    case .object(var members):
      let keys = members.keys.sorted()
      guard !keys.isEmpty else { return .object(["name": JSON.odd(&random)]) }
      let key = keys[random.below(keys.count)]
      switch random.below(10) {
      case 0: members[key] = nil
      case 1: members[keys[random.below(keys.count)]] = members[key]
      default: members[key] = members[key]?.mutated(parts, &random)
      }
      return .object(members)
    }
  }

  private static func odd(_ random: inout MutationRandom) -> JSON {
    switch random.below(8) {
    case 0: .null
    case 1: .bool(random.oneIn(2))
    case 2: .array([])
    case 3: .object([:])
    case 4: .string("")
    case 5: .number(Double(bitPattern: random.oddNumber()))
    default: .integer(Int(truncatingIfNeeded: random.oddNumber()))
    }
  }
}
