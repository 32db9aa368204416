internal import SynapackSupport
internal import SynapackTensor

/// A TFLite file as values: what the lowerings read.
///
/// Source of the field numbers: TensorFlow, lite/schema/schema.fbs, version 3.
struct TFLiteModel {
  var version: UInt32
  var description: String
  var operatorCodes: [OperatorCode]
  var graph: Graph
  /// The bytes of each buffer in the file; empty for tensors that are computed.
  var buffers: [Range<Int>]

  struct OperatorCode {
    var code: Int32
    var custom: String
  }

  struct Graph {
    var tensors: [TFLiteTensor]
    var inputs: [Int32]
    var outputs: [Int32]
    var operators: [TFLiteOperator]
  }
}

struct TFLiteTensor {
  var name: String
  /// The full shape, batch first.
  var shape: [Int32]
  /// The shape with −1 where a dimension is open; empty where none is. `shape` has 1 there.
  var signature: [Int32]
  var type: Int8
  var buffer: UInt32
  var isVariable: Bool
  var quantization: Quantization?

  struct Quantization {
    var scales: [Float]
    var zeroPoints: [Int64]
    var dimension: Int32
  }
}

struct TFLiteOperator {
  var code: UInt32
  /// Tensors by number; −1 is an input left out.
  var inputs: [Int32]
  var outputs: [Int32]
  /// The kind of the options, and the table of them.
  var optionsType: UInt8
  var options: FlatBuffer.Table?
}

extension TFLiteModel {
  /// Reads and verifies a whole file but the options of its operators, which are read where they
  /// are used.
  ///
  /// - Throws: `SYN0260` for offsets that leave the file, `SYN0205` for another version.
  init(_ buffer: inout FlatBuffer) throws(PackError) {
    let root = try buffer.root()
    version = try buffer.scalar(root, 0, default: 0)
    guard version == 3 else {
      throw PackError(
        .unsupportedVersion, "the file is of version \(version), 3 is read",
        hint: "convert the model again")
    }
    description = try buffer.text(root, 3)
    operatorCodes = try buffer.tables(root, 1) { (buffer, table) throws(PackError) in
      let short: Int8 = try buffer.scalar(table, 0, default: 0)
      let code: Int32 = try buffer.scalar(table, 3, default: 0)
      // Older files have the short code alone; codes over 127 have the long one alone.
      return OperatorCode(code: max(code, Int32(short)), custom: try buffer.text(table, 1))
    }
    buffers = try buffer.tables(root, 4) { (buffer, table) throws(PackError) in
      try TFLiteModel.data(&buffer, table)
    }
    let graphs = try buffer.tables(root, 2) { (buffer, table) throws(PackError) in
      try TFLiteModel.graph(&buffer, table)
    }
    guard let graph = graphs.first, graphs.count == 1 else {
      throw PackError(
        .unsupportedInterface, "the file holds \(graphs.count) graphs, one is read",
        hint: "convert the model without control flow")
    }
    self.graph = graph
  }

  /// Buffer: data 0, or offset 1 and size 2 where the bytes lie behind the tables.
  private static func data(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(PackError) -> Range<Int> {
    let vector = try buffer.vector(table, 0, width: 1, charged: false)
    let offset: UInt64 = try buffer.scalar(table, 1, default: 0)
    let size: UInt64 = try buffer.scalar(table, 2, default: 0)
    guard offset > 1 else { return vector.start..<vector.start + vector.count }
    guard vector.count == 0, let start = Int(exactly: offset), let count = Int(exactly: size),
      let end = start.adding(count), end <= buffer.file.count
    else {
      throw buffer.refusal(
        "a buffer of \(size) bytes at \(offset) leaves the file", table.position, table.size)
    }
    return start..<end
  }

  /// SubGraph: tensors 0, inputs 1, outputs 2, operators 3.
  private static func graph(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(PackError) -> Graph {
    Graph(
      tensors: try buffer.tables(table, 0) { (buffer, table) throws(PackError) in
        try tensor(&buffer, table)
      },
      inputs: try buffer.integers(table, 1, Int32.self),
      outputs: try buffer.integers(table, 2, Int32.self),
      operators: try buffer.tables(table, 3) { (buffer, table) throws(PackError) in
        TFLiteOperator(
          code: try buffer.scalar(table, 0, default: 0),
          inputs: try buffer.integers(table, 1, Int32.self),
          outputs: try buffer.integers(table, 2, Int32.self),
          optionsType: try buffer.scalar(table, 3, default: 0),
          options: try buffer.child(table, 4))
      })
  }

  /// Tensor: shape 0, type 1, buffer 2, name 3, quantization 4, is_variable 5, sparsity 6,
  /// shape_signature 7.
  private static func tensor(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(PackError) -> TFLiteTensor {
    let name = try buffer.text(table, 3)
    guard try buffer.child(table, 6) == nil else {
      throw PackError(
        .unsupportedAttribute, "the tensor is stored sparsely", at: .tensor(name),
        hint: "convert the model with dense weights")
    }
    return TFLiteTensor(
      name: name, shape: try buffer.integers(table, 0, Int32.self),
      signature: try buffer.integers(table, 7, Int32.self),
      type: try buffer.scalar(table, 1, default: 0),
      buffer: try buffer.scalar(table, 2, default: 0),
      isVariable: try buffer.scalar(table, 5, default: UInt8(0)) != 0,
      quantization: try quantization(&buffer, table))
  }

  /// QuantizationParameters: scale 2, zero_point 3, details 4 and 5, quantized_dimension 6.
  private static func quantization(
    _ buffer: inout FlatBuffer, _ table: FlatBuffer.Table
  ) throws(PackError) -> TFLiteTensor.Quantization? {
    guard let table = try buffer.child(table, 4) else { return nil }
    guard try buffer.scalar(table, 4, default: UInt8(0)) == 0 else {
      throw PackError(
        .unsupportedAttribute, "a tensor is quantized by a custom rule",
        hint: "convert the model with affine quantization")
    }
    let scales = try buffer.integers(table, 2, UInt32.self).map { Float(bitPattern: $0) }
    let zeroPoints = try buffer.integers(table, 3, Int64.self)
    guard !scales.isEmpty else {
      guard zeroPoints.isEmpty else {
        throw PackError(
          .malformedQuantization, "a tensor has \(zeroPoints.count) zero points and no scale",
          hint: "convert the model again")
      }
      return nil
    }
    return TFLiteTensor.Quantization(
      scales: scales, zeroPoints: zeroPoints,
      dimension: try buffer.scalar(table, 6, default: 0))
  }
}
