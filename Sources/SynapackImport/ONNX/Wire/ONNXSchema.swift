internal import COnnxSchema
internal import CProtobufC

/// The ONNX messages as the scan sees them, read from the tables of the generated C.
enum ONNXSchema {
  /// The model comes first.
  static let messages: [MessageSchema] = build()

  /// Fields that are never read; unknown ones are not either.
  private static let dropped: [String: Set<String>] = [
    "onnx.ModelProto": [
      "doc_string", "metadata_props", "training_info", "configuration",
    ],
    "onnx.GraphProto": ["doc_string", "value_info", "quantization_annotation", "metadata_props"],
    "onnx.FunctionProto": ["doc_string", "value_info", "metadata_props"],
    "onnx.NodeProto": ["doc_string", "metadata_props", "device_configurations", "overload"],
    "onnx.AttributeProto": ["doc_string"],
    "onnx.TensorProto": ["doc_string", "metadata_props"],
    "onnx.ValueInfoProto": ["doc_string", "metadata_props"],
    "onnx.TensorShapeProto.Dimension": ["denotation"],
  ]

  private static let leftInFile: [String: Set<String>] = ["onnx.TensorProto": ["raw_data"]]

  private static func build() -> [MessageSchema] {
    var model = unsafe Onnx__ModelProto()
    unsafe onnx__model_proto__init(&model)
    guard let root = unsafe model.base.descriptor else { return [] }
    var found = unsafe [root]
    var messages: [MessageSchema] = []
    // The list grows while it is walked: each type is appended when a field first names it.
    while messages.count < (unsafe found.count) {
      unsafe messages.append(message(found[messages.count], &found))
    }
    return messages
  }

  private static func message(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    _ found: inout [UnsafePointer<ProtobufCMessageDescriptor>]
  ) -> MessageSchema {
    let name = unsafe String(cString: descriptor.pointee.name)
    var fields: [FieldSchema?] = []
    var bits: [UInt32: UInt64] = [:]
    for index in 0..<(unsafe Int(descriptor.pointee.n_fields)) {
      guard let field = unsafe descriptor.pointee.fields?[index] else { break }
      let number = unsafe Int(field.id)
      while fields.count <= number { fields.append(nil) }
      unsafe fields[number] = schema(of: field, in: name, &bits, &found)
    }
    return MessageSchema(
      name: name, byteCount: unsafe descriptor.pointee.sizeof_message, fields: fields)
  }

  private static func schema(
    of field: ProtobufCFieldDescriptor, in message: String, _ bits: inout [UInt32: UInt64],
    _ found: inout [UnsafePointer<ProtobufCMessageDescriptor>]
  ) -> FieldSchema {
    let name = unsafe String(cString: field.name)
    let isRepeated = unsafe field.label == PROTOBUF_C_LABEL_REPEATED
    var bit: UInt64 = 0
    if !isRepeated {
      // The members of a choice share a quantifier, and with it the bit; others get their own.
      let isChoice = unsafe field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
      let group = unsafe isChoice ? UInt32(field.quantifier_offset) : UInt32(field.offset)
      bit = bits[group] ?? 1 << UInt64(bits.count)
      bits[group] = bit
    }
    let dropped = dropped[message]?.contains(name) ?? false
    let left = leftInFile[message]?.contains(name) ?? false
    let kind = unsafe dropped ? .bytes : kind(of: field, &found)
    return unsafe FieldSchema(
      kind: kind, isRepeated: isRepeated, seenBit: bit,
      elementByteCount: isRepeated ? elementByteCount(field.type) : 0,
      treatment: dropped ? .drop : left ? .leaveInFile : .keep)
  }

  private static func kind(
    of field: ProtobufCFieldDescriptor,
    _ found: inout [UnsafePointer<ProtobufCMessageDescriptor>]
  ) -> FieldSchema.Kind {
    switch unsafe field.type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: return .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: return .fixed64
    case PROTOBUF_C_TYPE_STRING: return .string
    case PROTOBUF_C_TYPE_BYTES: return .bytes
    case PROTOBUF_C_TYPE_MESSAGE:
      guard let pointer = unsafe field.descriptor else { return .bytes }
      let sub = unsafe pointer.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      if let index = unsafe found.firstIndex(of: sub) { return .message(index) }
      unsafe found.append(sub)
      return unsafe .message(found.count - 1)
    default: return .varint
    }
  }

  private static func elementByteCount(_ type: ProtobufCType) -> Int {
    switch type {
    case PROTOBUF_C_TYPE_FLOAT, PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_UINT32,
      PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32,
      PROTOBUF_C_TYPE_BOOL, PROTOBUF_C_TYPE_ENUM:
      4
    case PROTOBUF_C_TYPE_BYTES: 2 * MemoryLayout<Int>.size
    default: 8
    }
  }
}
