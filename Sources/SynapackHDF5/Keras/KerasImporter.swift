public import SynapackGraph
public import SynapackSupport

/// Reads Keras models: `.h5` of Keras 2 and 3, `.keras` archives of both.
///
/// The configuration is data: layers are looked up in a table, and nothing in it is evaluated.
/// Keras lays its values channels last; the graph has them channels first, kernels and the rows of
/// dense layers are turned once, here.
public enum KerasImporter: Importer {
  public static let format = ModelFormat(
    id: "keras", name: "Keras", extensions: [".keras", ".h5", ".hdf5"],
    summary: "Sequential and functional models of Keras 2 and 3 with fixed sizes, channels last; "
      + "Lambda layers and custom objects are refused")

  /// Whether the file is an archive with a configuration, or HDF5 with a model's attributes.
  public static func recognises(_ file: MappedFile) -> Bool {
    if ZipArchive.recognises(file) {
      guard let archive = try? ZipArchive(file) else { return false }
      return archive.entry("config.json") != nil && archive.entry("model.weights.h5") != nil
    }
    guard HDF5Superblock.start(HDF5Bytes(file)) != nil, var hdf5 = try? HDF5File(file) else {
      return false
    }
    let attributes = ["model_config", "keras_version", "layer_names"]
    return attributes.contains { (try? hdf5.attribute($0, of: hdf5.root)) != nil }
      || (try? hdf5.object("model_weights", in: hdf5.root)) != nil
  }

  /// Reads the graph of a model.
  ///
  /// - Throws: `SYN0220` to `SYN0226` for the file, `SYN0230` to `SYN0234` for the archive,
  ///   `SYN0227` for what would have to be run, `SYN0204` for all layers that are not supported,
  ///   `SYN0201` to `SYN0213` and `SYN0014` as `explain` says.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    .analog(try graph(file, options: options, &report))
  }

  /// The same, with the graph's phase known.
  public static func graph(
    _ file: MappedFile, options: ImportOptions = ImportOptions(), _ report: inout Report
  ) throws(PackError) -> Graph<Analog> {
    do throws(PackError) {
      guard options.batch == .leading else {
        throw PackError(
          .unsupportedInterface, "the first axis of a Keras model is always the batch",
          at: .option("--batch"), hint: "leave the option out")
      }
      let digest = file.withBytes { Digest(of: $0) }
      var reader = try KerasGraphReader(
        KerasPackage(file), digest: digest, fileBytes: file.count,
        readsWeights: options.readsWeights)
      return try reader.graph(&report)
    } catch {
      throw error.isInFile ? error : error.at(.file(file.path))
    }
  }
}
