public import SynapackSupport
public import SynapackTensor

/// What a node of a NIR recording sent.
public enum NIRObservable: Sendable {
  /// [samples, ticks, neurons…]
  case gridded(Tensor)
  /// The neuron and the time of each event, [samples, events], with what it carried; −1 for none.
  case events(neurons: Tensor, times: Tensor, values: Tensor?, neuronCount: Int, end: Double)
}

/// Reads the spikes that `nir.write_data` stored.
///
/// Source: nir 1.0.8, `NIRGraphData` with nodes, each with observables of the kinds
/// `TimeGriddedData`, `EventData` and `ValuedEventData`.
public struct NIRRecordingReader {
  private var file: HDF5File
  private static let largestNodeCount = 1 << 16

  /// Whether the file is one of HDF5.
  public static func recognises(_ file: MappedFile) -> Bool {
    HDF5Superblock.start(HDF5Bytes(file)) != nil
  }

  /// The observables of every node, by the path of the node; of several of one node, `spikes`.
  ///
  /// - Throws: `SYN0232` and its neighbours for a damaged file, `SYN0012` for one that is no
  ///   recording.
  public static func read(_ mapped: MappedFile) throws(PackError) -> [String: NIRObservable] {
    try within(.file(mapped.path)) { () throws(PackError) in
      var reader = NIRRecordingReader(file: try HDF5File(mapped))
      var found: [String: NIRObservable] = [:]
      try reader.graph(reader.file.root, prefix: "", into: &found)
      try reader.checkRoot()
      return found
    }
  }

  /// Calls itself for subgraphs, as deep as groups are, which is bounded.
  private mutating func graph(
    _ group: HDF5Object, prefix: String, into found: inout [String: NIRObservable]
  ) throws(PackError) {
    guard try kind(of: group) == "NIRGraphData", let nodes = try file.object("nodes", in: group)
    else { throw malformed("\(group.path) is no NIRGraphData with nodes") }
    for link in try file.links(of: nodes) {
      guard found.count < NIRRecordingReader.largestNodeCount,
        let node = try file.object(link, in: nodes)
      else { throw malformed("the link `\(link.name)` leads nowhere") }
      let name = prefix + link.name
      if try kind(of: node) == "NIRGraphData" {
        try graph(node, prefix: name + "/", into: &found)
      } else {
        found[name] = try within(.node(name)) { () throws(PackError) in try observable(of: node) }
      }
    }
  }

  /// A name that begins with a slash makes a group of the root.
  private mutating func checkRoot() throws(PackError) {
    for link in try file.links(of: file.root) where link.name != "nodes" {
      guard let object = try file.object(link, in: file.root) else { continue }
      if try kind(of: object) == "NIRNodeData" { throw misplaced(object.path) }
      if let inner = try slashed(object) { throw misplaced(object.path + "/" + inner) }
    }
  }

  /// The rest of the name of a node whose name had slashes, so that it lies in groups of groups.
  ///
  /// Calls itself as deep as groups are, which is bounded.
  private mutating func slashed(_ group: HDF5Object) throws(PackError) -> String? {
    for link in try file.links(of: group) {
      guard let object = try file.object(link, in: group) else { continue }
      if try kind(of: object) == "NIRNodeData" { return link.name }
      if let inner = try slashed(object) { return link.name + "/" + inner }
    }
    return nil
  }

  private func misplaced(_ path: String) -> PackError {
    PackError(
      .wrongDataShape, "HDF5 took the slashes of a name for folders: there is a node at \(path)",
      hint: "name nodes percent-encoded, urllib.parse.quote(name, safe=\"\"), or record .npz")
  }

  private mutating func observable(of node: HDF5Object) throws(PackError) -> NIRObservable {
    guard let group = try file.object("observables", in: node) else {
      if let inner = try slashed(node) { throw misplaced(node.path + "/" + inner) }
      throw malformed("there are no observables")
    }
    let links = try file.links(of: group)
    guard let link = links.count == 1 ? links.first : links.first(where: { $0.name == "spikes" }),
      let object = try file.object(link, in: group)
    else { throw malformed("there are \(links.count) observables and none is called `spikes`") }
    switch try kind(of: object) {
    case "TimeGriddedData": return .gridded(try array("data", of: object))
    case "EventData": return try events(object, hasValues: false)
    case "ValuedEventData": return try events(object, hasValues: true)
    case let other: throw malformed("`\(other)` is no kind of observable")
    }
  }

  private mutating func events(
    _ object: HDF5Object, hasValues: Bool
  ) throws(PackError) -> NIRObservable {
    let count = try number("n_neurons", of: object)
    guard let neurons = Int(exactly: count), neurons >= 0 else {
      throw malformed("\(count) neurons")
    }
    return .events(
      neurons: try array("idx", of: object), times: try array("time", of: object),
      values: hasValues ? try array("value", of: object) : nil, neuronCount: neurons,
      end: try number("t_max", of: object))
  }

  private mutating func array(
    _ name: String, of group: HDF5Object
  ) throws(PackError) -> Tensor {
    guard let object = try file.object(name, in: group) else {
      throw malformed("there is no `\(name)`")
    }
    return try file.tensor(of: try file.dataset(object))
  }

  private mutating func number(
    _ name: String, of group: HDF5Object
  ) throws(PackError) -> Double {
    guard let attribute = try file.attribute(name, of: group) else {
      throw malformed("there is no `\(name)`")
    }
    let tensor = try file.tensor(of: attribute)
    if let whole = try? tensor.integers().first { return Double(whole) }
    guard let value = tensor.floats().first else { throw malformed("`\(name)` has no value") }
    return Double(value)
  }

  private mutating func kind(of object: HDF5Object) throws(PackError) -> String {
    guard let attribute = try file.attribute("__type__", of: object) else { return "" }
    return try file.texts(of: attribute).first ?? ""
  }

  private func malformed(_ message: String) -> PackError {
    PackError(
      .wrongDataShape, message, hint: "write the recording with nir.write_data, or as .npz")
  }
}
