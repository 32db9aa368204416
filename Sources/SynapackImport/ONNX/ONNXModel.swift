/// An ONNX file as values: what the lowerings read. Nothing of it points into C memory.
struct ONNXModel {
  var irVersion: Int64
  var producer: String
  /// Version by domain; the standard operators have the empty domain.
  var opsets: [(domain: String, version: Int64)]
  var graph: ONNXGraph
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
}

struct ONNXAttribute {
  var name: String
  var value: Value

  enum Value {
    case float(Float)
    case integer(Int64)
    case string(String)
    case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int64])
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
