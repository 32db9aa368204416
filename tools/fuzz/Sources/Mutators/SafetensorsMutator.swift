/// Mutations of safetensors: the header is changed as text and its length made right, or a new
/// header is written whose offsets follow each other, half of the time with one thing wrong.
enum SafetensorsMutator {
  private static let names = [
    "fc.weight", "fc.bias", "fc1.weight", "fc1.bias", "conv1.weight", "bn1.weight", "bn1.bias",
    "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "layer1.0.conv1.weight",
    "features.0.weight", "features.0.bias", "classifier.weight", "__metadata__", "a", "",
  ]
  private static let types = [
    ("F32", 4), ("F16", 2), ("BF16", 2), ("F64", 8), ("I64", 8), ("I32", 4), ("I8", 1), ("U8", 1),
    ("BOOL", 1), ("U64", 8), ("F8_E4M3", 1), ("F4", 1),
  ]

  static func mutate(
    _ input: [UInt8], _ capacity: Int, _ random: inout MutationRandom
  ) -> [UInt8]? {
    switch random.below(3) {
    case 0: fresh(capacity, &random)
    default: edited(input, &random)
    }
  }

  private static func edited(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    let length = input.number(at: 0, bytes: 8)
    guard input.count > 8, length <= UInt64(input.count - 8) else { return nil }
    var header = Array(input[8..<8 + Int(length)])
    var data = Array(input[(8 + Int(length))...])
    if random.below(6) == 0 { data = mutated(data) } else { header = mutated(header) }
    return file(header, data)
  }

  private static func file(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(UInt64(header.count), bytes: 8)
    return bytes + header + data
  }

  private static func fresh(_ capacity: Int, _ random: inout MutationRandom) -> [UInt8] {
    var entries: [String] = []
    var offset = 0
    for _ in 0..<random.below(6) {
      let (type, width) = random.element(types)
      let shape = (0..<random.below(5)).map { _ in random.below(6) }
      let end = offset + shape.reduce(width, *)
      entries.append(
        "\"\(random.element(names))\":{\"dtype\":\"\(type)\",\"shape\":[\(list(shape))],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    if random.below(2) == 0 { header = mutated(header) }
    let count = min(offset + random.below(20) / 19, max(0, capacity - header.count - 8))
    return file(header, (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  private static func list(_ values: [Int]) -> String {
    values.map(String.init).joined(separator: ",")
  }
}
