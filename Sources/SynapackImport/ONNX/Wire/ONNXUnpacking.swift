internal import COnnxSchema
internal import CProtobufC
internal import SynapackSupport

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Decodes a file with libprotobuf-c and copies what we read into values.
///
/// The decoder only ever sees the slim copy that ``ProtobufScan`` has walked, allocates through a
/// capped allocator, and its memory is freed before this returns.
enum ONNXUnpacking {
  /// - Throws: `SYN0201`, `SYN0202` and `SYN0203` as the scan says.
  static func model(_ span: RawSpan) throws(PackError) -> ONNXModel {
    let slim = try ProtobufScan.slim(span, schemas: ONNXSchema.messages)
    var budget = AllocationBudget(left: slim.heapLimit)
    return try unsafe withUnsafeMutablePointer(to: &budget) { (budget) throws(PackError) in
      var allocator = unsafe ProtobufCAllocator(
        alloc: { unsafe allocate($0, $1) }, free: { unsafe release($0, $1) },
        allocator_data: UnsafeMutableRawPointer(budget))
      let unpacked = unsafe slim.bytes.withUnsafeBufferPointer { bytes in
        unsafe onnx__model_proto__unpack(&allocator, bytes.count, bytes.baseAddress)
      }
      guard let unpacked = unsafe unpacked else {
        throw unsafe budget.pointee.isExceeded
          ? PackError(
            .modelTooLarge, "reading this file would need over \(slim.heapLimit) bytes of memory",
            hint: "do not trust this file")
          : WireReader.malformed("the message cannot be decoded", 0..<span.byteCount)
      }
      defer { unsafe onnx__model_proto__free_unpacked(unpacked, &allocator) }
      return try unsafe Reader(bulk: slim.bulk).model(unpacked.pointee)
    }
  }
}

/// What the allocator may still hand out. It counts what was ever asked for, not what is held.
private struct AllocationBudget {
  var left: Int
  var isExceeded = false
}

private func allocate(_ context: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer?
{
  guard let budget = unsafe context?.assumingMemoryBound(to: AllocationBudget.self) else {
    return nil
  }
  guard size >= 0, unsafe size <= budget.pointee.left else {
    unsafe budget.pointee.isExceeded = true
    return nil
  }
  unsafe budget.pointee.left -= size
  // Cleared, because version 1.4 of the decoder leaves some notes unset on its error paths.
  return unsafe calloc(1, max(size, 1))
}

private func release(_ context: UnsafeMutableRawPointer?, _ memory: UnsafeMutableRawPointer?) {
  unsafe free(memory)
}

/// Copies decoded C structures; a method for each message. Pointers and counts are the decoder's,
/// which keeps them consistent. Subgraphs recurse no deeper than the scan let messages nest.
private struct Reader {
  let bulk: [Range<Int>]

  func model(_ message: Onnx__ModelProto) throws(PackError) -> ONNXModel {
    guard let graph = unsafe message.graph else {
      throw PackError(
        .malformedModel, "the file holds no graph",
        hint: "the file looks damaged or cut off: fetch or export it again")
    }
    let producer = unsafe [string(message.producer_name), string(message.producer_version)]
    return unsafe ONNXModel(
      irVersion: message.ir_version,
      producer: producer.filter { !$0.isEmpty }.joined(separator: " "),
      opsets: pointers(message.opset_import, message.n_opset_import).map {
        unsafe (string($0.pointee.domain), $0.pointee.version)
      },
      graph: try graphValue(graph.pointee),
      functions: try pointers(message.functions, message.n_functions).map {
        (pointer) throws(PackError) in
        unsafe try function(pointer.pointee)
      })
  }

  private func function(_ message: Onnx__FunctionProto) throws(PackError) -> ONNXFunction {
    unsafe ONNXFunction(
      name: string(message.name), domain: string(message.domain),
      inputs: strings(message.input, message.n_input),
      outputs: strings(message.output, message.n_output),
      attributeNames: strings(message.attribute, message.n_attribute),
      attributes: try pointers(message.attribute_proto, message.n_attribute_proto).map {
        (pointer) throws(PackError) in
        unsafe try attribute(pointer.pointee)
      },
      nodes: try pointers(message.node, message.n_node).map { (pointer) throws(PackError) in
        unsafe try node(pointer.pointee)
      },
      opsets: pointers(message.opset_import, message.n_opset_import).map {
        unsafe (string($0.pointee.domain), $0.pointee.version)
      })
  }

  private func graphValue(_ message: Onnx__GraphProto) throws(PackError) -> ONNXGraph {
    unsafe ONNXGraph(
      nodes: try pointers(message.node, message.n_node).map { (pointer) throws(PackError) in
        unsafe try node(pointer.pointee)
      },
      initializers: try pointers(message.initializer, message.n_initializer).map {
        (pointer) throws(PackError) in
        unsafe try tensor(pointer.pointee)
      },
      hasSparseInitializers: message.n_sparse_initializer > 0,
      inputs: pointers(message.input, message.n_input).map { unsafe valueInfo($0.pointee) },
      outputs: pointers(message.output, message.n_output).map { unsafe valueInfo($0.pointee) })
  }

  private func valueInfo(_ message: Onnx__ValueInfoProto) -> ONNXValueInfo {
    var info = unsafe ONNXValueInfo(name: string(message.name), elementType: nil, dimensions: nil)
    guard let type = unsafe message.type?.pointee,
      unsafe type.value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE,
      let tensor = unsafe type.tensor_type?.pointee
    else { return info }
    info.elementType = unsafe tensor.elem_type
    if let shape = unsafe tensor.shape?.pointee {
      info.dimensions = unsafe pointers(shape.dim, shape.n_dim).map {
        unsafe dimension($0.pointee)
      }
    }
    return info
  }

  private func dimension(_ message: Onnx__TensorShapeProto__Dimension) -> ONNXDimension {
    switch unsafe message.value_case {
    case ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE: unsafe .fixed(message.dim_value)
    case ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM:
      unsafe .symbol(string(message.dim_param))
    default: .unknown
    }
  }

  private func node(_ message: Onnx__NodeProto) throws(PackError) -> ONNXNode {
    let domain = unsafe string(message.domain)
    return unsafe ONNXNode(
      name: string(message.name), operatorName: string(message.op_type),
      domain: domain == "ai.onnx" ? "" : domain,
      inputs: strings(message.input, message.n_input),
      outputs: strings(message.output, message.n_output),
      attributes: try pointers(message.attribute, message.n_attribute).map {
        (pointer) throws(PackError) in
        unsafe try attribute(pointer.pointee)
      })
  }

  private func attribute(_ message: Onnx__AttributeProto) throws(PackError) -> ONNXAttribute {
    let value: ONNXAttribute.Value
    switch unsafe try type(of: message) {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT: value = unsafe .float(message.f)
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT: value = unsafe .integer(message.i)
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
      let bytes = unsafe Array(UnsafeBufferPointer(start: message.s.data, count: message.s.len))
      value = utf8Text(bytes).map { .string($0) } ?? .other("bytes that are no text")
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
      guard let tensor = unsafe message.t else {
        value = .other("absent tensor")
        break
      }
      value = unsafe .tensor(try self.tensor(tensor.pointee))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
      value = unsafe .floats(numbers(message.floats, message.n_floats))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
      value = unsafe .integers(numbers(message.ints, message.n_ints))
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH:
      guard let graph = unsafe message.g else {
        value = .other("absent graph")
        break
      }
      value = unsafe .graph(try graphValue(graph.pointee))
    case let type:
      guard type.rawValue <= 14 else {
        throw PackError(
          .malformedModel, "an attribute has the unknown type \(type.rawValue)",
          hint: "the file looks damaged: fetch or export it again")
      }
      value = .other("type \(type.rawValue)")
    }
    return unsafe ONNXAttribute(
      name: string(message.name), value: value, reference: string(message.ref_attr_name))
  }

  /// The type that an attribute states, which is that of the one value it holds.
  ///
  /// The oldest files leave the type out, and some writers leave out zeros and empty lists.
  private func type(
    of message: Onnx__AttributeProto
  ) throws(PackError) -> Onnx__AttributeProto__AttributeType {
    let isHeld = unsafe [
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT, message.has_f != 0),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT, message.has_i != 0),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING, message.has_s != 0),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR, message.t != nil),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH, message.g != nil),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS, message.n_floats > 0),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS, message.n_ints > 0),
      (ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS, message.n_strings > 0),
    ]
    let held = isHeld.filter(\.1).map(\.0)
    let stated = unsafe message.has_type != 0 ? message.type : nil
    guard held.allSatisfy({ $0 == stated ?? held.first }) else {
      let name = unsafe string(message.name)
      throw PackError(
        .malformedModel,
        "the attribute `\(name)` holds values of other types than it states",
        hint: "the file looks damaged: fetch or export it again")
    }
    return stated ?? held.first ?? ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED
  }

  private func tensor(_ message: Onnx__TensorProto) throws(PackError) -> ONNXTensor {
    unsafe ONNXTensor(
      name: string(message.name), dimensions: numbers(message.dims, message.n_dims),
      type: message.data_type, raw: try rawRange(message),
      floats: numbers(message.float_data, message.n_float_data),
      int32s: numbers(message.int32_data, message.n_int32_data),
      int64s: numbers(message.int64_data, message.n_int64_data),
      doubles: numbers(message.double_data, message.n_double_data),
      uint64s: numbers(message.uint64_data, message.n_uint64_data),
      stringCount: message.n_string_data, isSegment: message.segment != nil,
      isExternal: try isExternal(message),
      external: pointers(message.external_data, message.n_external_data).map {
        unsafe (string($0.pointee.key), string($0.pointee.value))
      })
  }

  private func isExternal(_ message: Onnx__TensorProto) throws(PackError) -> Bool {
    switch unsafe message.data_location {
    case ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT: return false
    case ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL: return true
    case let location:
      throw PackError(
        .malformedTensor, "the data location \(location.rawValue) does not exist",
        at: .tensor(unsafe string(message.name)), hint: "the file looks damaged: export it again")
    }
  }

  /// The scan has put the index of the range in the place of the data.
  private func rawRange(_ message: Onnx__TensorProto) throws(PackError) -> Range<Int>? {
    guard unsafe message.has_raw_data != 0 else { return nil }
    let bytes = unsafe Array(
      UnsafeBufferPointer(start: message.raw_data.data, count: message.raw_data.len))
    let index = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count == 4, bulk.indices.contains(index) else {
      throw PackError(
        .defect, "a tensor lost its data while the file was read",
        hint: "please report this model")
    }
    return bulk[index]
  }

  // MARK: - C to Swift

  private func string(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
  }

  private func numbers<Number>(_ pointer: UnsafePointer<Number>?, _ count: Int) -> [Number] {
    unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  private func strings(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int
  ) -> [String] {
    unsafe UnsafeBufferPointer(start: pointer, count: count).map { unsafe string($0) }
  }

  private func pointers<Message>(
    _ pointer: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int
  ) -> [UnsafeMutablePointer<Message>] {
    unsafe UnsafeBufferPointer(start: pointer, count: count).compactMap { unsafe $0 }
  }
}
