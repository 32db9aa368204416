internal import SynapackSupport
internal import SynapackTensor

/// An HDF5 file, read lazily and without the HDF5 library: groups, attributes and datasets of
/// numbers and texts, as models need them.
///
/// Every structure is compared with the bytes that are there before it is followed, nothing
/// outside the file is ever opened, and what reading may cost is bounded over the whole file.
///
/// Source: HDF5 File Format Specification 3.0.
struct HDF5File: Sendable {
  let source: HDF5Source
  private(set) var root: HDF5Object
  private var budget: HDF5Budget
  private var heap = HDF5GlobalHeap()
  /// The links of the groups that were looked into, by address and name: a group is asked for
  /// many names.
  private var known: [Int: [String: HDF5Link]] = [:]

  init(_ file: MappedFile) throws(PackError) { try self.init(HDF5Bytes(file)) }

  /// Reads the superblock and the root group.
  ///
  /// - Throws: `SYN0220` to `SYN0225` as `explain` says, each with the bytes at which it arose.
  init(_ file: HDF5Bytes) throws(PackError) {
    let superblock = try HDF5Superblock(file)
    source = superblock.source
    var budget = HDF5Budget(fileBytes: file.count)
    if let further = superblock.extension {
      let header = try HDF5ObjectHeader(at: further, source, &budget)
      if let driver = header.messages.first(where: { $0.type == HDF5MessageType.driverInfo }) {
        throw HDF5.unsafe("a file driver", driver.body)
      }
    }
    root = HDF5Object(
      address: superblock.root, path: "/", ancestors: [],
      messages: try HDF5ObjectHeader(at: superblock.root, source, &budget).messages)
    self.budget = budget
  }

  /// The links of a group, in the order of the file.
  ///
  /// - Throws: `SYN0222` where one leads to another file, `SYN0220` where two have one name.
  mutating func links(of group: HDF5Object) throws(PackError) -> [HDF5Link] {
    let links = try HDF5Links.of(group, source, &budget)
    var names = Set<String>()
    for link in links where !names.insert(link.name).inserted {
      throw HDF5.malformed("the group \(group.path) has two links `\(link.name)`", group.place)
    }
    return links
  }

  /// The object of a path below `group`, with slashes between names; `nil` where there is none.
  mutating func object(
    _ path: String, in group: HDF5Object
  ) throws(PackError) -> HDF5Object? {
    var followed = 0
    return try resolve(path, from: group, &followed)
  }

  /// The object that a link of `group` leads to.
  mutating func object(_ link: HDF5Link, in group: HDF5Object) throws(PackError) -> HDF5Object? {
    var followed = 0
    return try target(of: link, in: group, &followed)
  }

  private static let longestSoftChain = 16

  private mutating func resolve(
    _ path: String, from group: HDF5Object, _ followed: inout Int
  ) throws(PackError) -> HDF5Object? {
    var current = path.hasPrefix("/") ? root : group
    for name in path.split(separator: "/") where name != "." {
      if known[current.address] == nil {
        let links = try links(of: current)
        known[current.address] = Dictionary(
          links.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      }
      guard let link = known[current.address]?[String(name)],
        let next = try target(of: link, in: current, &followed)
      else { return nil }
      current = next
    }
    return current
  }

  private mutating func target(
    of link: HDF5Link, in group: HDF5Object, _ followed: inout Int
  ) throws(PackError) -> HDF5Object? {
    switch link.target {
    case .object(let address): return try open(address, link.name, in: group)
    case .path(let path):
      followed += 1
      guard followed <= HDF5File.longestSoftChain else {
        throw HDF5.cycle("the soft link `\(link.name)` leads to further soft links without end")
      }
      return try resolve(path, from: group, &followed)
    }
  }

  private static let largestDepth = 64

  private mutating func open(
    _ address: Int, _ name: String, in group: HDF5Object
  ) throws(PackError) -> HDF5Object {
    let path = group.path == "/" ? "/" + name : group.path + "/" + name
    let ancestors = group.ancestors + [group.address]
    guard !ancestors.contains(address) else {
      throw HDF5.cycle("the group \(path) contains itself")
    }
    guard ancestors.count <= HDF5File.largestDepth else {
      throw HDF5.cycle("the group \(path) is nested more than \(HDF5File.largestDepth) deep")
    }
    return HDF5Object(
      address: address, path: path, ancestors: ancestors,
      messages: try HDF5ObjectHeader(at: address, source, &budget).messages)
  }

  // MARK: - Values

  /// The attribute of that name; `nil` where there is none.
  mutating func attribute(_ name: String, of object: HDF5Object) throws(PackError) -> HDF5Attribute?
  {
    if let message = try object.message(HDF5MessageType.attributeInfo) {
      var cursor = try source.cursor(message.body, "attribute information")
      _ = try cursor.version(0...0)
      let flags = try cursor.byte()
      try cursor.skip(flags & 1 != 0 ? 2 : 0)
      guard try cursor.address() == nil else {
        throw HDF5.unsupported("dense storage of attributes", message.body)
      }
    }
    for message in object.messages where message.type == HDF5MessageType.attribute {
      // An object may have very many attributes and be asked for many names.
      try budget.spend(structure: message.body.count + 8)
      guard !message.isShared else { throw HDF5.unsupported("a shared attribute", message.body) }
      let attribute = try HDF5Attribute(message, source)
      if attribute.name == name { return attribute }
    }
    return nil
  }

  /// The texts of an attribute, row-major.
  mutating func texts(of attribute: HDF5Attribute) throws(PackError) -> [String] {
    try budget.spend(values: attribute.values.count)
    return try texts(
      source.bytes(attribute.values), attribute.type, attribute.space.count, attribute.values)
  }

  /// The numbers of an attribute.
  mutating func tensor(of attribute: HDF5Attribute) throws(PackError) -> Tensor {
    try budget.spend(values: attribute.values.count)
    return try tensor(
      source.bytes(attribute.values), attribute.type, attribute.space, attribute.values)
  }

  /// Whether an object holds an array.
  func isDataset(_ object: HDF5Object) -> Bool {
    object.messages.contains { $0.type == HDF5MessageType.layout }
  }

  func dataset(_ object: HDF5Object) throws(PackError) -> HDF5Dataset {
    try within(.tensor(object.path)) { () throws(PackError) in try HDF5Dataset(object, source) }
  }

  /// The numbers of a dataset. Little-endian ones in one piece stay in the mapped file.
  ///
  /// - Throws: `SYN0221` where they are texts; `SYN0224` where they are more than the file explains.
  mutating func tensor(of dataset: HDF5Dataset) throws(PackError) -> Tensor {
    do {
      if let numbers = dataset.type.numbers, !numbers.isBigEndian,
        let range = try dataset.mappedRange(source)
      {
        // Nothing is made here, but whoever reads the tensor will.
        try budget.spend(values: range.count)
        let shape = try Shape(dataset.space.dimensions + numbers.dimensions)
        return try source.file.tensor(range, shape, numbers.type)
      }
      return try tensor(bytes(of: dataset), dataset.type, dataset.space, dataset.typePlace)
    } catch {
      throw error.at(.tensor(dataset.path))
    }
  }

  /// The single number of a dataset: the decimal that its float32 is written as, or its float64.
  mutating func number(of dataset: HDF5Dataset) throws(PackError) -> Double {
    let tensor = try tensor(of: dataset)
    guard tensor.type == .float64 else {
      return tensor.floats().first.flatMap { Double($0.description) } ?? 0
    }
    let bits = tensor.withBytes { span in
      (0..<min(8, span.byteCount)).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64(span.byte(at: $1))
      }
    }
    return Double(bitPattern: bits)
  }

  /// The texts of a dataset, row-major.
  mutating func texts(of dataset: HDF5Dataset) throws(PackError) -> [String] {
    do {
      let range = try dataset.mappedRange(source)
      return try texts(bytes(of: dataset), dataset.type, dataset.space.count, range)
    } catch {
      throw error.at(.tensor(dataset.path))
    }
  }

  private mutating func bytes(of dataset: HDF5Dataset) throws(PackError) -> [UInt8] {
    if case .chunked(let chunks) = dataset.layout {
      return try HDF5ChunkedData(dataset, chunks, source).bytes(&budget)
    }
    let count = dataset.byteCount ?? 0
    try budget.spend(values: count)
    guard let range = try dataset.mappedRange(source) else {
      return HDF5ChunkedData.filled(dataset.fill, count)
    }
    return source.bytes(range)
  }

  private func tensor(
    _ bytes: [UInt8], _ type: HDF5Datatype, _ space: HDF5Dataspace, _ place: Range<Int>?
  ) throws(PackError) -> Tensor {
    guard let numbers = type.numbers else {
      throw HDF5.unsupported("texts where numbers are expected", place ?? 0..<0)
    }
    let size = numbers.type.byteCount
    var bytes = bytes
    if numbers.isBigEndian {
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<start + size].reverse()
      }
    }
    return try Tensor(
      shape: Shape(space.dimensions + numbers.dimensions), type: numbers.type, bytes: bytes)
  }

  private mutating func texts(
    _ bytes: [UInt8], _ type: HDF5Datatype, _ count: Int, _ place: Range<Int>?
  ) throws(PackError) -> [String] {
    let place = place ?? 0..<0
    // An empty list of texts is written as an empty list of numbers.
    guard count > 0 else { return [] }
    var texts: [String] = []
    let size = type.byteCount
    for start in stride(from: 0, to: bytes.count, by: size) where texts.count < count {
      var content = Array(bytes[start..<min(start + size, bytes.count)])
      switch type.kind {
      case .fixedText(let padding):
        content = Array(content.prefix { $0 != 0 })
        while padding == .spaces, content.last == 0x20 { content.removeLast() }
      case .text: content = try heap.bytes(content, at: place, source, &budget)
      case .number, .array:
        throw HDF5.unsupported("numbers where texts are expected", place)
      }
      guard let text = utf8Text(content) else {
        throw HDF5.malformed("a text is not UTF-8", place)
      }
      texts.append(text)
    }
    return texts
  }
}
