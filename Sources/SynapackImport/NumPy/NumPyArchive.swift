public import SynapackSupport
public import SynapackTensor

/// Reads archives of arrays that `numpy.savez` and `numpy.savez_compressed` wrote: .npz.
///
/// Every entry is one .npy file. Entries that are stored as they are stay in the mapped file.
public struct NumPyArchive: Sendable {
  private let archive: ZipArchive
  /// The names of the arrays, without `.npy`, in the order in which they lie in the file.
  public let names: [String]
  private let entries: [String: ZipArchive.Entry]

  /// - Parameter naming: what the names of the arrays are; names of layers are labels.
  /// - Throws: `SYN0230` to `SYN0232` for the archive, `SYN0010` for an entry that is no array.
  public init(_ file: MappedFile, naming: ZipArchive.Naming = .paths) throws(PackError) {
    archive = try ZipArchive(file, naming: naming)
    var names: [String] = []
    var entries: [String: ZipArchive.Entry] = [:]
    for entry in archive.entries {
      guard entry.name.hasSuffix(".npy") else {
        throw PackError(
          .malformedArrayFile, "the entry `\(entry.name)` is no .npy file",
          at: .bytes(entry.range), hint: "write the arrays again with numpy.savez"
        ).at(.file(file.path))
      }
      let name = String(entry.name.dropLast(4))
      names.append(name)
      entries[name] = entry
    }
    self.names = names
    self.entries = entries
  }

  /// Whether the file is a zip archive whose first entry is an array.
  public static func recognises(_ file: MappedFile) -> Bool {
    guard ZipArchive.recognises(file) else { return false }
    let header = file.prefix(30)
    guard header.count == 30 else { return false }
    let count = Int(header[26]) | Int(header[27]) << 8
    return file.prefix(30 + count).suffix(4).elementsEqual(".npy".utf8)
  }

  /// The array of that name.
  ///
  /// - Parameter checked: whether the checksum of an entry that stays in the file is compared,
  ///   which reads all of it; one that is inflated is always checked.
  /// - Throws: `SYN0235` where there is none; `SYN0233` and `SYN0234` for damaged data; `SYN0010`
  ///   and `SYN0011` as a .npy file.
  public func array(_ name: String, checked: Bool = true) throws(PackError) -> Tensor {
    guard let entry = entries[name] else { throw unknown("there is no array `\(name)`") }
    let source: NumPyArrayFile.Source
    if let range = archive.storedRange(entry) {
      if checked { try archive.verify(entry) }
      source = .file(archive.file, range)
    } else {
      source = .bytes(try archive.data(entry))
    }
    do throws(PackError) {
      return try NumPyArrayFile.read(source)
    } catch {
      throw located(error, entry).at(.section(entry.name)).at(.file(archive.file.path))
    }
  }

  /// An error of an array at bytes of the file: what was inflated has no place there of its own,
  /// so that its whole entry is named.
  private func located(_ error: PackError, _ entry: ZipArchive.Entry) -> PackError {
    guard archive.storedRange(entry) == nil else { return error }
    var message = error.message
    if case .bytes(let range)? = error.trail.first {
      message += ", at byte \(range.lowerBound) of the inflated entry"
    }
    return PackError(error.code, message, at: .bytes(entry.range), hint: error.hint)
  }

  /// The array of that name, or the only one where no name is given.
  ///
  /// - Parameter option: the option that gives the name; `nil` where there is none.
  /// - Throws: `SYN0235` where that decides nothing, with the names; else as ``array(_:checked:)``.
  func chosen(_ name: String?, option: String?) throws(PackError) -> Tensor {
    let only = names.count == 1 ? names.first : nil
    guard let chosen = name ?? only, entries[chosen] != nil else {
      let hint =
        option.map { "name one array of the archive with \($0)" }
        ?? "give an archive of one array, or a .npy file"
      throw unknown(
        name.map { "there is no array `\($0)`" } ?? "the archive holds \(names.count) arrays",
        hint: hint)
    }
    return try array(chosen)
  }

  private func unknown(
    _ message: String, hint: String = "check how the archive was written"
  ) -> PackError {
    let shown = names.prefix(16).map { "`\($0)`" }.joined(separator: ", ")
    return PackError(
      .unknownArray, names.isEmpty ? message : "\(message); it has \(shown)",
      at: .file(archive.file.path), hint: hint)
  }
}

/// Arrays of data, however numpy stored them.
public enum NumPyData {
  /// The array of a .npy file, or the one called `key` of a .npz archive.
  ///
  /// - Parameter option: the option that gives the key, for messages; `nil` where there is none.
  /// - Throws: `SYN0235` where the key is missing, unknown or out of place; what the readers throw.
  public static func read(
    path: String, key: String? = nil, option: String? = nil
  ) throws(PackError) -> Tensor {
    let file = try MappedFile(path: path)
    if ZipArchive.recognises(file) { return try NumPyArchive(file).chosen(key, option: option) }
    guard key == nil else {
      throw PackError(
        .unknownArray, "the file is one array without a name", at: .file(path),
        hint: "leave out the key, or give a .npz archive")
    }
    return try NumPyArrayFile.read(file)
  }
}
