public import SynapackGraph
public import SynapackSupport

/// Reads networks that spike already from NIR files.
///
/// All node types of NIR 1.0 are read; several edges into one node are summed, subgraphs are laid
/// out, cycles are refused. What NIR leaves open is read as `ImportOptions.dialect` says, as the
/// file's metadata or producer imply, or as a documented rule assumes, which is then reported.
///
/// Source: Pedersen et al., "Neuromorphic intermediate representation: a unified instruction set
/// for interoperable brain-inspired computing", Nature Communications 2024; nir 1.0.
public enum NIRImporter: Importer {
  public static let format = ModelFormat(
    id: "nir", name: "NIR", extensions: [".nir"],
    summary: "networks that spike already, all node types of NIR 1.0; `--dialect` states reset, "
      + "time step and units; recurrent networks are refused")

  /// Whether the file is HDF5 with a node at its root.
  public static func recognises(_ file: MappedFile) -> Bool {
    guard HDF5Superblock.start(HDF5Bytes(file)) != nil, var hdf5 = try? HDF5File(file) else {
      return false
    }
    return (try? hdf5.object("node/type", in: hdf5.root)) != nil
  }

  /// Reads the network of a file.
  ///
  /// - Throws: `SYN0220` to `SYN0226` for the file, `SYN0271` for the dialect, `SYN0272` for a
  ///   cycle, `SYN0274` for nodes that NIR does not know in this form, `SYN0203` to `SYN0213` and
  ///   `SYN0014` as `explain` says.
  public static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel {
    .spiking(try graph(file, options: options, &report))
  }

  /// The same, with the graph's phase known.
  public static func graph(
    _ file: MappedFile, options: ImportOptions = ImportOptions(), _ report: inout Report
  ) throws(PackError) -> Graph<Spiking> {
    do throws(PackError) {
      let digest = file.withBytes { Digest(of: $0) }
      return try NIRGraphReader.graph(
        NIRFileReader.read(file), digest: digest, fileBytes: file.count,
        dialect: options.dialect, &report)
    } catch {
      throw error.isInFile ? error : error.at(.file(file.path))
    }
  }
}
