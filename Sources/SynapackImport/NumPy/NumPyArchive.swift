public import SynapackSupport
public import SynapackTensor

/// Writes arrays that `numpy.load` reads.
extension NumPyArrayFile {
  /// A .npy file of version 1.0, its data aligned to 64 bytes.
  public static func bytes(of tensor: Tensor) -> [UInt8] {
    let kinds: [ElementType: String] = [
      .bool: "|b1", .int8: "|i1", .uint8: "|u1", .int16: "<i2", .uint16: "<u2", .int32: "<i4",
      .uint32: "<u4", .int64: "<i8", .uint64: "<u8", .float16: "<f2", .float32: "<f4",
      .float64: "<f8",
    ]
    let dimensions = tensor.shape.dimensions.map { "\($0)," }.joined(separator: " ")
    let kind = kinds[tensor.type] ?? "<u2"
    var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(dimensions)), }"
    let padding = 63 - (10 + header.utf8.count) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let length = header.utf8.count
    var bytes: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    bytes += Array(header.utf8)
    tensor.withBytes { $0.append(0..<$0.byteCount, to: &bytes) }
    return bytes
  }
}

public enum NumPyArchive {
  /// A .npz file of named arrays.
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
