/// An ONNX file as values: what the lowerings read. Nothing of it points into C memory.
struct ONNXModel {
  var irVersion: Int64
  var producer: String
  /// Version by domain; the standard operators have the empty domain.
  var opsets: [(domain: String, version: Int64)]
  var graph: ONNXGraph
  var functions: [ONNXFunction]
}

/// A local function: nodes that stand for every node of its name.
struct ONNXFunction {
  var name: String
  var domain: String
  var inputs: [String]
  var outputs: [String]
  /// Attributes that a call must or may give, without and with a default.
  var attributeNames: [String]
  var attributes: [ONNXAttribute]
  var nodes: [ONNXNode]
  var opsets: [(domain: String, version: Int64)]
}

struct ONNXGraph {
  var nodes: [ONNXNode]
  var initializers: [ONNXTensor]
  var hasSparseInitializers: Bool
  var inputs: [ONNXValueInfo]
  var outputs: [ONNXValueInfo]
}

/// The name and type of an input or output.
struct ONNXValueInfo {
  var name: String
  /// The code of the element type; `nil` where the value is no tensor.
  var elementType: Int32?
  /// The full shape, batch first; `nil` where the file does not say.
  var dimensions: [ONNXDimension]?
}

enum ONNXDimension: Hashable {
  case fixed(Int64)
  case symbol(String)
  case unknown
}

struct ONNXNode {
  var name: String
  var operatorName: String
  var domain: String
  /// An empty name is an input left out.
  var inputs: [String]
  var outputs: [String]
  var attributes: [ONNXAttribute]
  /// The version of the operators where a function states its own.
  var opset: Int? = nil

  /// Every name that the node depends on, those that its subgraphs take from outside included.
  var reads: [String] {
    var names = inputs
    for attribute in attributes {
      guard case .graph(let graph) = attribute.value else { continue }
      for node in graph.nodes { names += node.reads }
      names += graph.outputs.map(\.name)
    }
    return names
  }
}

struct ONNXAttribute {
  var name: String
  var value: Value
  /// Inside a function, the attribute of the call whose value this one takes; else empty.
  var reference = ""

  indirect enum Value {
    case float(Float)
    case integer(Int64)
    case string(String)
    case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int64])
    case graph(ONNXGraph)
    /// A kind that no supported operator takes, by its name.
    case other(String)
  }
}

/// A tensor as the file states it; nothing is checked yet.
struct ONNXTensor {
  var name: String
  var dimensions: [Int64]
  /// The code of the element type.
  var type: Int32
  /// Where the raw data lies in the file.
  var raw: Range<Int>?
  var floats: [Float]
  var int32s: [Int32]
  var int64s: [Int64]
  var doubles: [Double]
  var uint64s: [UInt64]
  var stringCount: Int
  var isSegment: Bool
  var isExternal: Bool
  var external: [(key: String, value: String)]
}
