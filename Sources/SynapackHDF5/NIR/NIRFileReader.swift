internal import SynapackSupport
internal import SynapackTensor

/// Reads the nodes and edges of a NIR file and lays its subgraphs out.
///
/// Source: Pedersen et al., "Neuromorphic intermediate representation", 2024; nir 1.0.
struct NIRFileReader {
  private var file: HDF5File
  private var nodes: [NIRNode] = []
  private var sources: [[Int]] = []
  private var readers: [[Int]] = []
  private var inputs: [Int] = []
  private var outputs: [Int] = []
  private var metadata = NIRDialect()
  private var reader: NIRReader?
  private var readoutStartsElsewhere = false

  private static let largestNodeCount = 1 << 16
  private static let largestEdgeCount = 1 << 18

  static func read(_ mapped: MappedFile) throws(PackError) -> NIRNetwork {
    var reader = NIRFileReader(file: try HDF5File(mapped))
    return try reader.network()
  }

  private init(file: HDF5File) {
    self.file = file
  }

  private mutating func network() throws(PackError) -> NIRNetwork {
    guard let root = try file.object("node", in: file.root) else {
      throw HDF5.missing("group `/node`")
    }
    let version = try file.object("version", in: file.root).map {
      (object) throws(PackError) in try text(object, "version")
    }
    if let group = try file.object("metadata", in: root) { try readMetadata(group) }
    let ends = try graph(root, prefix: "", isOutermost: true)
    (inputs, outputs) = (ends.inputs, ends.outputs)
    return NIRNetwork(
      nodes: nodes, sources: sources, readers: readers, inputs: inputs, outputs: outputs,
      metadata: metadata, reader: reader, readoutStartsElsewhere: readoutStartsElsewhere,
      version: version ?? "")
  }

  // MARK: - Graphs

  /// Where edges enter a node and where they leave it; two nodes for a subgraph.
  private struct Ends {
    var inputs: [Int]
    var outputs: [Int]
  }

  /// Calls itself for subgraphs, as deep as groups are, which is bounded.
  private mutating func graph(
    _ group: HDF5Object, prefix: String, isOutermost: Bool
  ) throws(PackError) -> Ends {
    guard try type(of: group) == "NIRGraph", let list = try file.object("nodes", in: group),
      let edges = try file.object("edges", in: group)
    else { throw NIRFileReader.malformed("\(group.path) is no NIRGraph with nodes and edges") }
    try checkFields(group, ["type", "nodes", "edges", "metadata", "version"])
    var ends: [String: Ends] = [:]
    var own = Ends(inputs: [], outputs: [])
    let links = try file.links(of: list).sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    for link in links {
      guard let object = try file.object(link, in: list) else {
        throw NIRFileReader.malformed("the link `\(link.name)` leads nowhere")
      }
      let name = prefix + link.name
      let type = try within(.node(name)) { () throws(PackError) in try self.type(of: object) }
      if type == "NIRGraph" {
        ends[link.name] = try graph(object, prefix: name + "/", isOutermost: false)
        continue
      }
      let index = try within(.node(name)) { () throws(PackError) in
        try add(object, name: name, type: type)
      }
      ends[link.name] = Ends(inputs: [index], outputs: [index])
      if type == "Input" { own.inputs.append(index) }
      if type == "Output" { own.outputs.append(index) }
    }
    try connect(edges, ends, in: group)
    return own
  }

  private mutating func connect(
    _ edges: HDF5Object, _ ends: [String: Ends], in group: HDF5Object
  ) throws(PackError) {
    let dataset = try file.dataset(edges)
    let shape = dataset.space.dimensions
    // No edges at all may be written as an empty array of any rank.
    guard dataset.space.count == 0 || shape.count == 2 && shape[1] == 2,
      dataset.space.count <= 2 * NIRFileReader.largestEdgeCount
    else { throw NIRFileReader.malformed("the edges of \(group.path) have the shape \(shape)") }
    let names = try file.texts(of: dataset)
    var seen: Set<[String]> = []
    for index in stride(from: 0, to: names.count - 1, by: 2) {
      let (from, to) = (names[index], names[index + 1])
      guard seen.insert([from, to]).inserted else {
        throw NIRFileReader.malformed("the edge from `\(from)` to `\(to)` stands twice")
      }
      guard let source = ends[from], let target = ends[to] else {
        throw NIRFileReader.malformed(
          "an edge leads from `\(from)` to `\(to)`, of which one is no node")
      }
      guard source.outputs.count == 1, target.inputs.count == 1 else {
        throw PackError(
          .unsupportedInterface,
          "an edge from `\(from)` to `\(to)` does not say which input or output it means",
          hint: "use subgraphs of one input and one output")
      }
      sources[target.inputs[0]].append(source.outputs[0])
      readers[source.outputs[0]].append(target.inputs[0])
    }
  }

  // MARK: - Nodes

  private func checkCount() throws(PackError) {
    guard nodes.count < NIRFileReader.largestNodeCount else {
      throw PackError(
        .modelTooLarge, "the network has more than 2¹⁶ nodes", hint: "do not trust this file")
    }
  }

  private mutating func add(
    _ object: HDF5Object, name: String, type: String
  ) throws(PackError) -> Int {
    try checkCount()
    guard let lowering = nirLowerings[type] else {
      throw PackError(
        .unsupportedOperators, "nodes of the type \(type) are not supported",
        hint: "use the node types of NIR 1.0: "
          + nirLowerings.keys.sorted().joined(separator: ", "))
    }
    try checkFields(object, lowering.fields.union(["type", "metadata"]))
    var arrays: [String: Tensor] = [:]
    var texts: [String: String] = [:]
    for field in lowering.fields.sorted() {
      guard let part = try file.object(field, in: object) else { continue }
      let dataset = try file.dataset(part)
      if dataset.space.isNull { continue }
      if dataset.type.numbers == nil {
        texts[field] = try text(part, field)
      } else {
        arrays[field] = try file.tensor(of: dataset)
      }
    }
    nodes.append(
      NIRNode(
        name: name, type: type, arrays: arrays, texts: texts, notes: try notes(of: object)))
    sources.append([])
    readers.append([])
    return nodes.count - 1
  }

  /// What a node's metadata say, in files of ours alone: the same words mean anything elsewhere.
  private mutating func notes(of node: HDF5Object) throws(PackError) -> NIRNodeNotes {
    var notes = NIRNodeNotes()
    guard metadata.producer == "synapack", let group = try file.object("metadata", in: node)
    else { return notes }
    if let object = try file.object("reset", in: group) {
      let name = try text(object, "reset")
      guard let reset = NIRDialect.Reset(rawValue: name) else {
        throw NIRFileReader.malformed("the metadata say: reset is `\(name)`")
      }
      notes.reset = reset
    }
    notes.starts = try numbers("starts", in: group)
    return notes
  }

  private mutating func numbers(
    _ field: String, in group: HDF5Object
  ) throws(PackError) -> [Float]? {
    guard let object = try file.object(field, in: group) else { return nil }
    let values = try file.tensor(of: try file.dataset(object)).floats()
    guard values.allSatisfy(\.isFinite) else {
      throw NIRFileReader.malformed("`\(field)` holds NaN or an infinite value")
    }
    return values
  }

  /// - Throws: `SYN0274` for a field that the type does not know.
  private mutating func checkFields(
    _ object: HDF5Object, _ known: Set<String>
  ) throws(PackError) {
    guard !file.isDataset(object) else {
      throw NIRFileReader.malformed("\(object.path) is no group")
    }
    for link in try file.links(of: object) where !known.contains(link.name) {
      throw NIRFileReader.malformed(
        "\(object.path) has the field `\(link.name)`, which its type does not know")
    }
  }

  private mutating func type(of object: HDF5Object) throws(PackError) -> String {
    guard let type = try file.object("type", in: object) else {
      throw NIRFileReader.malformed("\(object.path) states no type")
    }
    return try text(type, "type")
  }

  private mutating func text(
    _ object: HDF5Object, _ field: String
  ) throws(PackError) -> String {
    let dataset = try file.dataset(object)
    guard dataset.space.count == 1, let text = try file.texts(of: dataset).first else {
      throw NIRFileReader.malformed("`\(field)` is not one text")
    }
    return text
  }

  /// Metadata are free; the keys that say how the file is to be read are taken, others are not.
  private mutating func readMetadata(_ group: HDF5Object) throws(PackError) {
    let keys = [
      ("dt", "dt"), ("tau_unit", "tau"), ("reset_mode", "reset"), ("producer", "producer"),
      ("integration", "integration"),
    ]
    for (field, key) in keys {
      guard let object = try file.object(field, in: group), file.isDataset(object) else {
        continue
      }
      let dataset = try file.dataset(object)
      guard dataset.space.count == 1 else { continue }
      let value: String
      if dataset.type.numbers == nil {
        value = try text(object, field)
      } else {
        // Through float32 a step such as 10⁻⁴ would no longer be that.
        value = try file.number(of: dataset).description
      }
      // A producer that nothing is known of is no reason to refuse its file.
      let isKnown = NIRDialect.producers.contains { $0.name == value.lowercased() }
      guard key != "producer" || isKnown else { continue }
      do {
        try metadata.set(key, value)
      } catch {
        throw NIRFileReader.malformed("the metadata say: \(error.message)")
      }
    }
    guard metadata.producer == "synapack" else { return }
    if let object = try file.object("reader", in: group) {
      reader = NIRReader(rawValue: try text(object, "reader"))
    }
    readoutStartsElsewhere =
      try numbers("readout_starts", in: group)?.contains { $0 != 0 } ?? false
  }

  static func malformed(_ message: String) -> PackError {
    PackError(.malformedNIR, message, hint: "write the file again with `nir.write`")
  }
}
