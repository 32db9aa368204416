internal import SynapackSupport
internal import SynapackTensor

/// A model in several safetensors files, listed by `model.safetensors.index.json`.
///
/// The index is an object of `weight_map`, which gives each tensor the name of its file, and
/// `metadata`. The files lie beneath the index's own folder; index and files must agree exactly.
enum SafetensorsShards {
  /// Bytes that an index may have: about 10⁶ tensors.
  private static let largestIndex = 100_000_000
  private static let mostShards = 10_000

  static func isIndex(_ file: MappedFile) -> Bool {
    file.path.hasSuffix(".index.json") && file.prefix(1) == [UInt8(ascii: "{")]
  }

  /// - Throws: `SYN0242` where index and files do not agree, `SYN0208` for a file outside the
  ///   folder, what ``SafetensorsFile/read(_:)`` throws.
  static func read(_ index: MappedFile) throws(PackError) -> NamedTensors {
    let map = try within(.file(index.path)) { () throws(PackError) in try weightMap(index) }
    let folder = index.path.lastIndex(of: "/").map { String(index.path[...$0].dropLast()) } ?? ""
    let beneath = folder.isEmpty && index.path.hasPrefix("/") ? "/" : folder
    var all = NamedTensors()
    for name in Set(map.values).sorted() {
      let file = try within(.file(index.path)) { () throws(PackError) in
        try MappedFile(name, beneath: beneath)
      }
      let shard = try SafetensorsFile.read(file)
      all.producer = shard.producer
      for tensor in shard.names {
        guard map[tensor] == name, let value = shard[tensor] else {
          throw refusal(
            "the index places it in \(map[tensor].map { "`\($0)`" } ?? "no file"), but it lies in "
              + "`\(name)`"
          ).at(.tensor(tensor)).at(.file(index.path))
        }
        try all.add(tensor, value)
      }
    }
    guard all.names.count == map.count else {
      let missing = map.keys.sorted().first { all[$0] == nil } ?? ""
      throw refusal("`\(map[missing] ?? "")` does not hold it").at(.tensor(missing))
        .at(.file(index.path))
    }
    return all
  }

  /// The file of each tensor.
  private static func weightMap(_ index: MappedFile) throws(PackError) -> [String: String] {
    guard index.count <= largestIndex,
      let text = index.withBytes({ utf8Text($0.copy(0..<$0.byteCount)) })
    else { throw refusal("the index is larger than \(largestIndex) bytes or no UTF-8 text") }
    guard let json = JSON(parsing: text) else {
      throw refusal("the index is no strict JSON", at: JSON.fault(in: text))
    }
    guard case .object(let members) = json,
      members.keys.allSatisfy({ $0 == "weight_map" || $0 == "metadata" }),
      case .object(let entries)? = members["weight_map"]
    else {
      throw refusal("the index is no object of `weight_map` and `metadata`", at: 0..<index.count)
    }
    var map: [String: String] = [:]
    for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard case .string(let shard) = value else {
        throw refusal("the index gives it no file name").at(.tensor(name))
      }
      map[name] = shard
    }
    let shards = Set(map.values)
    guard shards.count <= mostShards else { throw refusal("\(shards.count) shards") }
    return map
  }

  private static func refusal(_ message: String, at place: Range<Int>? = nil) -> PackError {
    PackError(
      .malformedShards, message, at: place.map { .bytes($0) },
      hint: "fetch the index and all of its files again")
  }
}
