internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How one type of node becomes operators of ours.
struct NIRLowering: Sendable {
  typealias Body =
    @Sendable (NIRNodeContext, inout NIRGraphBuilder) throws(PackError) -> WireID

  let type: String
  /// The datasets that a node of the type may have.
  let fields: Set<String>
  let body: Body

  init(_ type: String, fields: Set<String>, body: @escaping Body) {
    self.type = type
    self.fields = fields
    self.body = body
  }
}

/// The lowerings of one file in Nodes/; the type is named after the file.
protocol NIRNodeFamily: Sendable {
  static var lowerings: [NIRLowering] { get }
}

/// Every file in Nodes/. A test fails for one that is missing here.
let nirNodeFamilies: [any NIRNodeFamily.Type] = [
  AffineNodes.self, ConvolutionNodes.self, CurrentNodes.self, DelayNode.self, FlattenNode.self,
  IntegratorNodes.self, InterfaceNodes.self, LeakyNodes.self, PoolingNodes.self, ScaleNode.self,
  ThresholdNode.self,
]

/// The lowerings by type. A graph inside the graph is laid out before.
let nirLowerings: [String: NIRLowering] = {
  var table: [String: NIRLowering] = [:]
  for family in nirNodeFamilies {
    for lowering in family.lowerings { table[lowering.type] = lowering }
  }
  return table
}()

/// A node as its lowering sees it.
struct NIRNodeContext {
  let node: NIRNode
  /// What flows in: the sum of all edges.
  let input: WireID

  var name: String { node.name }

  func array(_ field: String) throws(PackError) -> Tensor {
    guard let tensor = node.arrays[field] else {
      throw NIRFileReader.malformed("\(node.type) has no numbers in `\(field)`")
    }
    return tensor
  }

  /// A parameter of each neuron of `shape`: as many values, or one for all.
  ///
  /// - Throws: `SYN0210` for another number; `SYN0014` for a value that is not finite.
  func parameter(_ field: String, _ shape: Shape) throws(PackError) -> [Float] {
    let tensor = try array(field)
    guard tensor.shape == shape || tensor.shape.count == 1 else {
      throw wrongShape("`\(field)` is \(tensor.shape) for neurons of \(shape)")
    }
    let values = tensor.floats()
    guard values.allSatisfy(\.isFinite) else {
      throw PackError(
        .notFinite, "`\(field)` holds NaN or an infinite value",
        hint: "find where the value comes from")
    }
    return values
  }

  /// Whole numbers, `count` of them or one for all.
  func sizes(
    _ field: String, _ count: Int, in range: ClosedRange<Int64>
  ) throws(PackError) -> [Int] {
    let values = try array(field).integers()
    guard values.count == count || values.count == 1, values.allSatisfy({ range.contains($0) })
    else { throw wrongShape("`\(field)` is \(values.prefix(8)), \(count) sizes were expected") }
    return (0..<count).map { Int(values[values.count == 1 ? 0 : $0]) }
  }

  func integer(_ field: String, default standard: Int) throws(PackError) -> Int {
    guard node.arrays[field] != nil else { return standard }
    return try sizes(field, 1, in: -64...Int64(Int32.max))[0]
  }

  func wrongShape(_ message: String) -> PackError {
    PackError(.wrongShape, "\(node.type): \(message)", hint: "check this node in the network")
  }

  func unsupported(_ message: String, hint: String) -> PackError {
    PackError(.unsupportedAttribute, "\(node.type): \(message)", hint: hint)
  }
}
