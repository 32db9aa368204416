public import SynapackSupport
public import SynapackTensor

extension NumPyArrayFile {
  /// The bytes of a .npy file of version 1.0 with the tensor's elements, row-major.
  ///
  /// The header is padded so that the data begins at a multiple of 64, as numpy does it. BF16,
  /// which numpy does not know, is written as float32, exactly.
  public static func bytes(of tensor: Tensor) -> [UInt8] {
    let dimensions = tensor.shape.dimensions.map(String.init).joined(separator: ", ")
    let shape = tensor.shape.rank == 1 ? "(\(dimensions),)" : "(\(dimensions))"
    var header = Array(
      "{'descr': '\(description(tensor.type))', 'fortran_order': False, 'shape': \(shape), }".utf8)
    let padding = 63 - (10 + header.count) % 64
    header += Array(repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    bytes += [
      UInt8(truncatingIfNeeded: header.count), UInt8(truncatingIfNeeded: header.count >> 8),
    ]
    bytes += header
    guard tensor.type == .bfloat16 else {
      bytes.reserveCapacity(bytes.count + tensor.byteCount)
      tensor.withBytes { $0.append(0..<$0.byteCount, to: &bytes) }
      return bytes
    }
    for value in tensor.floats() {
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
      }
    }
    return bytes
  }

  private static func description(_ type: ElementType) -> String {
    switch type {
    case .bool: "|b1"
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .float16: "<f2"
    case .float32, .bfloat16: "<f4"
    case .float64: "<f8"
    }
  }
}

extension NumPyArchive {
  /// The bytes of a .npz archive of named arrays, stored as they are.
  ///
  /// - Throws: `SYN0231` for a name that is no plain relative path or is given twice.
  public static func bytes(
    of arrays: [(name: String, tensor: Tensor)]
  ) throws(PackError) -> [UInt8] {
    var writer = ZipWriter()
    for (name, tensor) in arrays {
      try writer.add(name + ".npy", NumPyArrayFile.bytes(of: tensor))
    }
    return writer.finish()
  }
}
