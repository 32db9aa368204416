@testable import SynapackSupport

/// Changes the header of a safetensors file. Half of the time offsets and data are laid out anew,
/// so that they agree with the shapes; the stated length of the header is nearly always right.
func mutatedSafetensors(
  _ bytes: [UInt8], _ largest: Int, _ random: inout MutationRandom
) -> [UInt8] {
  let length = bytes.number(at: 0, bytes: 8)
  guard length > 0, length <= bytes.count - 8 else { return [] }
  let header = bytes.part(8, length)
  let data = bytes.part(8 + length, bytes.count)
  guard let text = utf8Text(header), case .object(let members)? = JSON(parsing: text),
    !random.oneIn(4)
  else {
    return safetensors(random.changed(header, atMost: header.count + 64), data, &random)
  }
  var table = SafetensorsTable(members)
  for _ in 0...random.below(3) { table.mutate(&random) }
  var made = data
  if random.oneIn(2) { made = table.laidOut(data, largest) }
  return safetensors(Array(table.text(&random).utf8), made, &random)
}

private func safetensors(
  _ header: [UInt8], _ data: [UInt8], _ random: inout MutationRandom
) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(
    random.oneIn(16) ? Int(truncatingIfNeeded: random.oddNumber()) : header.count, bytes: 8)
  return bytes + header + data
}

/// The entries of a header, in an order of their own.
private struct SafetensorsTable {
  var entries: [(name: String, value: JSON)]

  init(_ members: [String: JSON]) {
    entries = members.sorted { SafetensorsTable.start($0.value) < SafetensorsTable.start($1.value) }
      .map { ($0.key, $0.value) }
  }

  private static func start(_ value: JSON) -> Int {
    guard case .object(let members) = value, case .array(let offsets)? = members["data_offsets"],
      case .integer(let start)? = offsets.first
    else { return -1 }
    return start
  }

  mutating func mutate(_ random: inout MutationRandom) {
    let index = random.below(entries.count)
    guard entries.indices.contains(index) else {
      entries.append(("a", .object(["dtype": .string("F32"), "shape": .array([])])))
      return
    }
    switch random.below(10) {
    case 0: entries.insert(entries[index], at: random.below(entries.count + 1))
    case 1: entries.remove(at: index)
    case 2: entries.swapAt(index, random.below(entries.count))
    case 3: entries[index].name = SafetensorsTable.names[random.below(SafetensorsTable.names.count)]
    case 4:
      set(
        "dtype", .string(SafetensorsTable.types[random.below(SafetensorsTable.types.count)]), index)
    case 5:
      set(
        "data_offsets",
        .array([SafetensorsTable.number(&random), SafetensorsTable.number(&random)]), index)
    case 6: entries[index].value = entries[random.below(entries.count)].value
    default: changeShape(index, &random)
    }
  }

  private static let types = [
    "BOOL", "U8", "I8", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64",
    "F8_E4M3", "F4", "f32", "",
  ]

  private static let names = [
    "__metadata__", "a", "fc1.weight", "fc1.bias", "fc2.weight", "conv1.weight", "conv1.bias",
    "bn1.weight", "bn1.running_mean", "features.0.weight", "0.weight", "0.bias", "2.weight",
    "layer1.0.conv1.weight", "fc.weight", "conv2.weight", "conv2.bias", "fc3.weight", "",
  ]

  private static func number(_ random: inout MutationRandom) -> JSON {
    random.oneIn(3)
      ? .integer(Int(truncatingIfNeeded: random.oddNumber())) : .integer(random.below(64))
  }

  private mutating func set(_ key: String, _ value: JSON, _ index: Int) {
    guard case .object(var members) = entries[index].value else { return }
    members[key] = value
    entries[index].value = .object(members)
  }

  private mutating func changeShape(_ index: Int, _ random: inout MutationRandom) {
    guard case .object(let members) = entries[index].value,
      case .array(var extents)? = members["shape"]
    else { return }
    switch random.below(3) {
    case 0: extents.insert(SafetensorsTable.number(&random), at: random.below(extents.count + 1))
    case 1: if !extents.isEmpty { extents.remove(at: random.below(extents.count)) }
    default:
      if !extents.isEmpty { extents[random.below(extents.count)] = .integer(1 + random.below(8)) }
    }
    set("shape", .array(extents), index)
  }

  /// Gives every entry as many bytes as its shape and type ask for, one after another.
  mutating func laidOut(_ data: [UInt8], _ largest: Int) -> [UInt8] {
    var filled = 0
    for index in entries.indices where entries[index].name != "__metadata__" {
      let count = SafetensorsTable.byteCount(entries[index].value)
      guard count <= largest - filled else { continue }
      set("data_offsets", .array([.integer(filled), .integer(filled + count)]), index)
      filled += count
    }
    return data.part(0, filled) + [UInt8](repeating: 0, count: max(0, filled - data.count))
  }

  private static func byteCount(_ value: JSON) -> Int {
    guard case .object(let members) = value, case .string(let type)? = members["dtype"],
      case .array(let extents)? = members["shape"]
    else { return 0 }
    var count = type.hasSuffix("64") ? 8 : type.hasSuffix("32") ? 4 : type.hasSuffix("16") ? 2 : 1
    for case .integer(let extent) in extents { count = extent.times(count) ?? .max }
    return max(0, count)
  }

  /// The entries in their order, the same name twice where it stands twice.
  func text(_ random: inout MutationRandom) -> String {
    let members = entries.map { JSON.string($0.name).text() + ":" + $0.value.text() }
    return "{" + members.joined(separator: ",") + "}"
      + String(repeating: " ", count: random.below(4))
  }
}
