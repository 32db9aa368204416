import SynapackImport
import SynapackSupport
import TestSupport

/// Writes protobuf's wire format, so that tests can build models that no exporter would.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func tag(_ number: UInt64, _ wireType: UInt64) -> [UInt8] {
    varint(number << 3 | wireType)
  }

  func integer(_ number: UInt64, _ value: Int64) -> WireWriter {
    raw(WireWriter.tag(number, 0) + WireWriter.varint(UInt64(bitPattern: value)))
  }

  func block(_ number: UInt64, _ content: [UInt8]) -> WireWriter {
    raw(WireWriter.tag(number, 2) + WireWriter.varint(UInt64(content.count)) + content)
  }

  func text(_ number: UInt64, _ content: String) -> WireWriter {
    block(number, Array(content.utf8))
  }

  func message(_ number: UInt64, _ content: WireWriter) -> WireWriter {
    block(number, content.bytes)
  }

  func raw(_ content: [UInt8]) -> WireWriter {
    var copy = self
    copy.bytes += content
    return copy
  }
}

/// Small ONNX messages; numbers are those of schemas/onnx.proto.
enum ONNXWriter {
  static func tensor(_ name: String, _ dimensions: [Int64], type: Int64 = 1) -> WireWriter {
    dimensions.reduce(WireWriter()) { $0.integer(1, $1) }.integer(2, type).text(8, name)
  }

  /// A float32 tensor with its values as raw data.
  static func tensor(_ name: String, _ dimensions: [Int64], floats: [Float]) -> WireWriter {
    tensor(name, dimensions).block(
      9, floats.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } })
  }

  static func integers(_ name: String, _ values: [Int64]) -> WireWriter {
    values.reduce(tensor(name, [Int64(values.count)], type: 7)) { $0.integer(7, $1) }
  }

  static func external(_ tensor: WireWriter, _ entries: [(String, String)]) -> WireWriter {
    entries.reduce(tensor.integer(14, 1)) {
      $0.message(13, WireWriter().text(1, $1.0).text(2, $1.1))
    }
  }

  static func node(
    _ type: String, _ inputs: [String], _ output: String, name: String = "",
    attributes: [WireWriter] = []
  ) -> WireWriter {
    var node = inputs.reduce(WireWriter()) { $0.text(1, $1) }.text(2, output)
    if !name.isEmpty { node = node.text(3, name) }
    return attributes.reduce(node.text(4, type)) { $0.message(5, $1) }
  }

  static func attribute(_ name: String, _ value: Int64) -> WireWriter {
    WireWriter().text(1, name).integer(3, value).integer(20, 2)
  }

  static func attribute(_ name: String, list: [Int64]) -> WireWriter {
    list.reduce(WireWriter().text(1, name)) { $0.integer(8, $1) }.integer(20, 7)
  }

  /// An input or output; a negative extent is written as a dynamic one.
  static func value(_ name: String, _ dimensions: [Int64], type: Int64 = 1) -> WireWriter {
    let shape = dimensions.reduce(WireWriter()) {
      $0.message(1, $1 < 0 ? WireWriter().text(2, "d\(-$1)") : WireWriter().integer(1, $1))
    }
    let tensor = WireWriter().integer(1, type).message(2, shape)
    return WireWriter().text(1, name).message(2, WireWriter().message(1, tensor))
  }

  static func model(
    opset: Int64 = 17, nodes: [WireWriter], initializers: [WireWriter] = [],
    inputs: [WireWriter] = [value("x", [-1, 6])], outputs: [WireWriter] = [value("y", [-1, 4])]
  ) -> [UInt8] {
    var graph = nodes.reduce(WireWriter()) { $0.message(1, $1) }.text(2, "test")
    graph = initializers.reduce(graph) { $0.message(5, $1) }
    graph = inputs.reduce(graph) { $0.message(11, $1) }
    graph = outputs.reduce(graph) { $0.message(12, $1) }
    return WireWriter().integer(1, 8).message(7, graph)
      .message(8, WireWriter().text(1, "").integer(2, opset)).bytes
  }

  /// y = x · weight, with the tensor given as the weight [6, 4].
  static func matrixModel(_ weight: WireWriter) -> [UInt8] {
    model(nodes: [node("MatMul", ["x", "weight"], "y")], initializers: [weight])
  }
}
