internal import SynapackImport
public import SynapackSupport
public import SynapackTensor

/// Arrays as files that NumPy reads.
public enum ArrayOutput {
  /// The bytes of a .npz file, or of a .npy file where the path ends so.
  ///
  /// - Throws: `SYN0701` for more than one array in a .npy file.
  public static func bytes(
    _ arrays: [(name: String, tensor: Tensor)], path: String
  ) throws(PackError) -> [UInt8] {
    guard path.lowercased().hasSuffix(".npy") else { return try NumPyArchive.bytes(of: arrays) }
    guard let array = arrays.first, arrays.count == 1 else {
      throw PackError(
        .badOption, "\(arrays.count) arrays do not fit into one .npy file", at: .option("--output"),
        hint: "write a .npz file")
    }
    return NumPyArrayFile.bytes(of: array.tensor)
  }
}
