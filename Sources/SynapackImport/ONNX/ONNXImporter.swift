public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Reads ONNX models of opset 7 and newer.
///
/// Weights stay in the mapped file, or in the files beside it that it names, for as long as the
/// graph lives. Shape computations are done here; what is left are our own operators.
public enum ONNXImporter: Importer {
  public static let format = ModelFormat(
    id: "onnx", name: "ONNX", extensions: [".onnx"],
    summary: "opset \(ONNXOpsets.supported.lowerBound) to \(ONNXOpsets.newest), fixed sizes "
      + "but for the batch; weights inside or beside the file")

  /// Whether the file begins with fields of a model: known numbers, each with its wire type.
  public static func recognises(_ file: MappedFile) -> Bool {
    file.withBytes { span in
      guard let model = ONNXSchema.messages.first, span.byteCount > 0 else { return false }
      var position = 0
      // Writers put the version first and the graph within the first few fields.
      for _ in 0..<8 where position < span.byteCount {
        guard let tag = try? WireReader.tag(span, &position, end: span.byteCount),
          let field = model.field(tag.number)
        else { return false }
        switch (tag.number, tag.wireType, field.kind) {
        case (1, 0, .varint): return true
        case (7, 2, .message): return true
        case (_, 2, .bytes), (_, 2, .string), (_, 2, .message):
          guard let length = try? WireReader.length(span, &position, end: span.byteCount) else {
            return false
          }
          position += length
        case (_, 0, .varint):
          guard (try? WireReader.varint(span, &position, end: span.byteCount)) != nil else {
            return false
          }
        default: return false
        }
      }
      return false
    }
  }

  /// Reads the graph of a model.
  ///
  /// - Throws: `SYN0201` to `SYN0203` for bytes that are no sound message, `SYN0204` for all
  ///   operators that are not supported, `SYN0205` to `SYN0213` and `SYN0014` as `explain` says.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    .analog(try graph(file, options: options, &report))
  }

  /// The same, with the graph's phase known.
  public static func graph(
    _ file: MappedFile, options: ImportOptions = ImportOptions(), _ report: inout Report
  ) throws(PackError) -> Graph<Analog> {
    try within(.file(file.path)) { () throws(PackError) in
      let (model, digest) = try file.withBytes { (span: RawSpan) throws(PackError) in
        (try ONNXUnpacking.model(span), Digest(of: file))
      }
      return try ONNXModelReader(model: model, digest: digest).graph(file, options)
    }
  }
}
