internal import SynapackBundle
internal import SynapackGraph
internal import SynapackSupport

/// What a file is that somebody gave for another: told with what to do with it.
enum FoundFile {
  /// What the file is, in words; `nil` for no format of this build.
  static func words(_ file: MappedFile) -> String? {
    guard !BundleReader.recognises(file) else { return "a bundle" }
    return ModelImporters.all.first { $0.recognises(file) }.map { "a model (\($0.format.name))" }
  }

  /// Reads a bundle; a model that stands in its place is called one.
  ///
  /// - Throws: what ``BundleReader/read(_:leavesWeights:_:)`` throws.
  static func bundle(
    _ file: MappedFile, leavesWeights: Bool = false, _ report: inout Report
  ) throws(PackError) -> StoredBundle {
    guard !BundleReader.recognises(file), let words = words(file) else {
      return try BundleReader.read(file, leavesWeights: leavesWeights, &report)
    }
    throw PackError(
      .notABundle, "the file is \(words), not a bundle", at: .file(file.path),
      hint: "convert it first: `synapack convert MODEL --calibration X.npy -o OUT.synapack`")
  }
}
