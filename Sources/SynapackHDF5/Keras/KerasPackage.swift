internal import SynapackSupport

/// What a Keras file holds, whichever form it has: the configuration and the weights.
struct KerasPackage {
  /// The model as Keras describes it.
  let model: JSON
  /// The version of Keras that wrote it, e.g. `3.15.1`.
  let version: String
  let backend: String
  var weights: KerasWeights

  /// Bytes of a configuration; the largest published models stay below a tenth of it.
  private static let largestConfig = 32 << 20
  /// Levels of arrays and objects; nested models take about four each.
  private static let largestDepth = 100

  init(model: JSON, version: String, backend: String, weights: KerasWeights) {
    self.model = model
    self.version = version
    self.backend = backend
    self.weights = weights
  }

  init(_ file: MappedFile) throws(PackError) {
    self =
      ZipArchive.recognises(file)
      ? try KerasPackage(archive: file) : try KerasPackage(hdf5: file)
  }

  /// A file of Keras 2 or of Keras 3 in the older form: everything in one HDF5 file.
  private init(hdf5 file: MappedFile) throws(PackError) {
    var hdf5 = try HDF5File(file)
    guard let config = try hdf5.attribute("model_config", of: hdf5.root) else {
      throw HDF5.missing("`model_config`: it holds weights without the network")
    }
    let text = try hdf5.texts(of: config).first ?? ""
    model = try KerasPackage.json(text, "model_config")
    version = try KerasPackage.attribute("keras_version", &hdf5)
    backend = try KerasPackage.attribute("backend", &hdf5)
    weights = try KerasWeights(named: hdf5)
  }

  /// A `.keras` archive: configuration and weights are entries.
  private init(archive file: MappedFile) throws(PackError) {
    let archive = try ZipArchive(file)
    let config = try KerasPackage.entry("config.json", archive)
    model = try KerasPackage.json(config.text, "config.json", at: config.place)
    let about = try KerasPackage.entry("metadata.json", archive)
    let metadata = try KerasPackage.json(about.text, "metadata.json", at: about.place)
    version = metadata.member("keras_version")?.string ?? ""
    backend = ""
    guard let entry = archive.entry("model.weights.h5") else {
      throw HDF5.missing("entry `model.weights.h5`")
    }
    let bytes: HDF5Bytes
    if let range = archive.storedRange(entry) {
      try archive.verify(entry)
      bytes = HDF5Bytes(file, range)
    } else {
      var budget = HDF5Budget(fileBytes: file.count)
      try budget.spend(values: entry.size)
      bytes = HDF5Bytes(try archive.data(entry))
    }
    weights = try within(.section(entry.name)) { () throws(PackError) in
      KerasWeights(numbered: try HDF5File(bytes))
    }
  }

  /// The text of an entry and where its bytes lie in the file, compressed or not.
  private static func entry(
    _ name: String, _ archive: ZipArchive
  ) throws(PackError) -> (text: String, place: EntryPlace) {
    guard let entry = archive.entry(name) else { throw HDF5.missing("entry `\(name)`") }
    guard entry.size <= largestConfig else { throw tooLarge(name, entry.size) }
    let place = EntryPlace(range: entry.range, isStored: archive.storedRange(entry) != nil)
    guard let text = utf8Text(try archive.data(entry)) else {
      throw malformed(name, fault: nil, at: place)
    }
    return (text, place)
  }

  /// The bytes of an entry, which can be pointed at one by one where they are stored as they are.
  private struct EntryPlace {
    var range: Range<Int>
    var isStored: Bool

    func place(_ fault: Range<Int>?) -> Range<Int> {
      guard isStored, let fault else { return range }
      return range.lowerBound + fault.lowerBound..<range.lowerBound + fault.upperBound
    }
  }

  /// - Parameter place: where the text lies in the file; `nil` where it lies in pieces.
  private static func json(
    _ text: String, _ name: String, at place: EntryPlace? = nil
  ) throws(PackError) -> JSON {
    guard text.utf8.count <= largestConfig else { throw tooLarge(name, text.utf8.count) }
    guard let json = JSON(parsing: text, depth: largestDepth) else {
      throw malformed(name, fault: JSON.fault(in: text, depth: largestDepth), at: place)
    }
    guard case .object = json else { throw malformed(name, fault: 0..<0, at: place) }
    return json
  }

  private static func attribute(
    _ name: String, _ hdf5: inout HDF5File
  ) throws(PackError) -> String {
    guard let attribute = try hdf5.attribute(name, of: hdf5.root) else { return "" }
    return try hdf5.texts(of: attribute).first ?? ""
  }

  private static func malformed(
    _ name: String, fault: Range<Int>?, at place: EntryPlace?
  ) -> PackError {
    let error = PackError(
      .malformedModel,
      "`\(name)` is no JSON object of at most \(largestDepth) levels"
        + (fault.map { ", as its byte \($0.lowerBound) shows" } ?? ""),
      at: place.map { .bytes($0.place(fault)) } ?? .section(name),
      hint: "the file looks damaged; save the model again")
    return place == nil ? error : error.at(.section(name))
  }

  private static func tooLarge(_ name: String, _ size: Int) -> PackError {
    PackError(
      .modelTooLarge, "`\(name)` has \(size) bytes, at most \(largestConfig) are read",
      at: .section(name), hint: "do not trust this file")
  }
}
