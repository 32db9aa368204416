public import SynapackGraph
public import SynapackSupport

/// Reads weights from .npz archives by an architecture description, under the arrays' names.
public enum NumPyWeightsImporter: Importer {
  public static let format = ModelFormat(
    id: "npz", name: "NumPy archive", extensions: [".npz"],
    summary: "weights as named arrays; the graph comes from `--architecture`: a ready description "
      + "or a YAML file")

  public static func recognises(_ file: MappedFile) -> Bool {
    NumPyArchive.recognises(file)
  }

  /// - Throws: `SYN0230` to `SYN0234` for the archive, `SYN0010` and `SYN0011` for its arrays,
  ///   `SYN0250` to `SYN0254` for the description and the tensors, `SYN0014`.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    let archive = try NumPyArchive(file)
    var tensors = NamedTensors()
    for name in archive.names {
      try tensors.add(name, try archive.array(name, checked: options.readsWeights))
    }
    do throws(PackError) {
      return try WeightImport.model(tensors, format: format.id, digest: nil, options, &report)
    } catch {
      throw error.isInFile ? error : error.at(.file(file.path))
    }
  }
}
