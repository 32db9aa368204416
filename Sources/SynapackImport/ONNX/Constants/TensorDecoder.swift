internal import SynapackSupport
internal import SynapackTensor

/// Turns the tensors of a file into checked ones. Raw and external data stay in their files.
struct TensorDecoder {
  private let file: MappedFile
  private let folder: String
  private var dataFiles: [String: MappedFile] = [:]
  /// Bytes of the model and of every data file opened so far.
  private(set) var mappedByteCount: Int

  private static let largestDataFileCount = 1000

  init(file: MappedFile) {
    self.file = file
    let slash = file.path.lastIndex(of: "/")
    folder = slash.map { $0 == file.path.startIndex ? "/" : String(file.path[..<$0]) } ?? ""
    mappedByteCount = file.count
  }

  /// - Throws: `SYN0207` where shape, type and data do not agree or data stands in two places,
  ///   `SYN0208` for external data that may not be read.
  mutating func decode(_ tensor: ONNXTensor) throws(PackError) -> Tensor {
    do {
      return try decodeChecked(tensor)
    } catch {
      // Raw data is the one part of a tensor whose place in the file is kept.
      let placed = tensor.raw.map { error.at(.bytes($0)) } ?? error
      throw placed.at(.tensor(tensor.name))
    }
  }

  private mutating func decodeChecked(_ tensor: ONNXTensor) throws(PackError) -> Tensor {
    let type = try elementType(tensor.type)
    let shape = try Shape(dimensions(tensor.dimensions))
    guard !tensor.isSegment, tensor.stringCount == 0 else {
      throw malformed("the tensor is a segment or holds text")
    }
    let typedForms = [
      tensor.floats.count, tensor.int32s.count, tensor.int64s.count, tensor.doubles.count,
      tensor.uint64s.count,
    ].count { $0 > 0 }
    guard typedForms + (tensor.raw == nil ? 0 : 1) + (tensor.isExternal ? 1 : 0) <= 1 else {
      throw malformed("the data stands in more than one place")
    }
    if tensor.isExternal { return try external(tensor, shape, type) }
    guard tensor.external.isEmpty else {
      throw malformed("external data is named, but the data is said to lie in the model")
    }
    if let range = tensor.raw {
      return try Tensor(shape: shape, type: type, file: file, range: range)
    }
    return try typed(tensor, shape, type)
  }

  private func dimensions(_ values: [Int64]) throws(PackError) -> [Int] {
    guard values.count <= 32 else { throw malformed("the tensor has \(values.count) dimensions") }
    return values.map { Int($0) }
  }

  private func malformed(_ message: String) -> PackError {
    PackError(.malformedTensor, message, hint: "the file looks damaged: export it again")
  }

  // MARK: - Typed fields

  private func typed(
    _ tensor: ONNXTensor, _ shape: Shape, _ type: ElementType
  ) throws(PackError) -> Tensor {
    let bytes: [UInt8]?
    switch type {
    case .float32: bytes = littleEndian(tensor.floats.map(\.bitPattern))
    case .float64: bytes = littleEndian(tensor.doubles.map(\.bitPattern))
    case .int64: bytes = littleEndian(tensor.int64s)
    case .uint64: bytes = littleEndian(tensor.uint64s)
    case .uint32: bytes = narrowed(tensor.uint64s, UInt32.self)
    case .int32: bytes = littleEndian(tensor.int32s)
    case .int16: bytes = narrowed(tensor.int32s, Int16.self)
    case .int8: bytes = narrowed(tensor.int32s, Int8.self)
    case .uint8: bytes = narrowed(tensor.int32s, UInt8.self)
    case .uint16, .float16, .bfloat16: bytes = narrowed(tensor.int32s, UInt16.self)
    case .bool:
      bytes =
        tensor.int32s.allSatisfy { $0 == 0 || $0 == 1 }
        ? narrowed(tensor.int32s, UInt8.self) : nil
    }
    guard let bytes else { throw malformed("a value does not fit the type \(type.rawValue)") }
    return try Tensor(shape: shape, type: type, bytes: bytes)
  }

  private func narrowed<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(
    _ values: [Wide], _ type: Narrow.Type
  ) -> [UInt8]? {
    var result: [Narrow] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let narrow = Narrow(exactly: value) else { return nil }
      result.append(narrow)
    }
    return littleEndian(result)
  }

  private func littleEndian<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * Value.bitWidth / 8)
    for value in values {
      for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
      }
    }
    return bytes
  }

  // MARK: - External data

  private mutating func external(
    _ tensor: ONNXTensor, _ shape: Shape, _ type: ElementType
  ) throws(PackError) -> Tensor {
    let entries = try entries(tensor.external)
    guard let location = entries["location"] else { throw refused("no location is given") }
    let offset = try number(entries["offset"], "offset") ?? 0
    let stated = try number(entries["length"], "length")
    let data = try dataFile(location)
    guard offset <= data.count, let end = offset.adding(stated ?? data.count - offset),
      end <= data.count
    else {
      throw refused(
        "the data at \(offset) of \(stated.map { "\($0) bytes" } ?? "any length") lies past the "
          + "end of `\(location)`, which has \(data.count) bytes")
    }
    return try Tensor(shape: shape, type: type, file: data, range: offset..<end)
  }

  private func entries(
    _ pairs: [(key: String, value: String)]
  ) throws(PackError) -> [String: String] {
    var entries: [String: String] = [:]
    for (key, value) in pairs {
      guard ["location", "offset", "length", "checksum"].contains(key) else {
        throw refused("the entry `\(key)` is unknown")
      }
      guard entries.updateValue(value, forKey: key) == nil else {
        throw refused("the entry `\(key)` stands twice")
      }
    }
    return entries
  }

  /// Plain decimal digits; signs, blanks and other bases are refused.
  private func number(_ text: String?, _ key: String) throws(PackError) -> Int? {
    guard let text else { return nil }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else {
      throw refused("the \(key) `\(text)` is no count of bytes")
    }
    return value
  }

  private mutating func dataFile(_ location: String) throws(PackError) -> MappedFile {
    if let known = dataFiles[location] { return known }
    guard dataFiles.count < TensorDecoder.largestDataFileCount else {
      throw refused("the weights lie in more than \(TensorDecoder.largestDataFileCount) files")
    }
    let file = try MappedFile(location, beneath: folder)
    dataFiles[location] = file
    mappedByteCount = mappedByteCount.adding(file.count) ?? .max
    return file
  }

  private func refused(_ message: String) -> PackError {
    PackError(
      .unsafeExternalData, message,
      hint: "place the data file beside the model, or store the weights inside it")
  }
}

/// The element type of an ONNX code.
func elementType(_ code: Int32) throws(PackError) -> ElementType {
  switch code {
  case 1: return .float32
  case 2: return .uint8
  case 3: return .int8
  case 4: return .uint16
  case 5: return .int16
  case 6: return .int32
  case 7: return .int64
  case 9: return .bool
  case 10: return .float16
  case 11: return .float64
  case 12: return .uint32
  case 13: return .uint64
  case 16: return .bfloat16
  default:
    throw PackError(
      .malformedTensor, "the element type \(code) is unknown or not supported",
      hint: "export the model with float32 weights")
  }
}
