public import SynapackGraph
public import SynapackSupport

/// Reads weights from safetensors files, alone or in shards, by an architecture description.
///
/// Weights stay in the mapped files. They are read once, to find what is not finite, unless the
/// graph is only to be looked at.
public enum SafetensorsImporter: Importer {
  public static let format = ModelFormat(
    id: "safetensors", name: "safetensors", extensions: [".safetensors", ".index.json"],
    summary: "weights alone or in shards; the graph comes from `--architecture`: a ready "
      + "description or a YAML file")

  public static func recognises(_ file: MappedFile) -> Bool {
    SafetensorsShards.isIndex(file) || SafetensorsFile.recognises(file)
  }

  /// - Throws: `SYN0240` to `SYN0242` for the files, `SYN0250` to `SYN0254` for the description
  ///   and the tensors, `SYN0208` for shards outside the folder, `SYN0014`.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    let tensors =
      SafetensorsShards.isIndex(file)
      ? try SafetensorsShards.read(file) : try SafetensorsFile.read(file)
    do throws(PackError) {
      return try WeightImport.model(
        tensors, format: format.id, digest: nil, options, &report)
    } catch {
      throw error.isInFile ? error : error.at(.file(file.path))
    }
  }
}
