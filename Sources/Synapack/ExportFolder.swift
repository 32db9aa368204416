public import SynapackSupport

/// The folder of an export of several files, and what an earlier export left in it.
///
/// `export.json` (schema `synapack.export-folder/1`) lists the files with their digests. Another export
/// to the same target, or to any where that is forced, replaces those that are still as they were written
/// and removes what it no longer writes; whatever else lies in the folder stays. It names the losses that
/// were accepted, too.
public struct ExportFolder: Sendable {
  /// The name of the list.
  public static let list = "export.json"

  public let path: String
  public let target: String
  /// What the export loses and was accepted by name.
  public let losses: [Loss]

  public init(_ path: String, target: String, losses: [Loss] = []) {
    self.path = path
    self.target = target
    self.losses = losses.filter { $0.severity == .error }
  }

  /// Writes all files or none.
  ///
  /// - Parameter force: replaces files of the same names that no export wrote, or that were changed.
  /// - Throws: `SYN0004` for such a file without `force`, for an export to another target, for a file where
  ///   the folder belongs, and where the system cannot write.
  public func write(_ files: [ExportJob.File], force: Bool) throws(PackError) {
    guard (try? MappedFile(path: path)) == nil else {
      throw PackError(
        .unwritableFile,
        "`\(target)` writes a folder of \(files.count) files, and this is a file",
        at: .file(path), hint: "name a folder with `-o`")
    }
    let earlier = earlier()
    if !force { try check(files, against: earlier) }
    let written = Set(files.map(\.name))
    let stale = earlier.files.filter { !written.contains($0.key) && isUnchanged($0.key, $0.value) }
    // The list takes its place last: until then it tells of no file that is not there.
    try AtomicFolder.write(
      files.map { AtomicFolder.File($0.name, $0.bytes) }
        + [AtomicFolder.File(ExportFolder.list, Array(document(files).text(indent: true).utf8))],
      to: path, removing: stale.keys.sorted())
  }

  private func check(
    _ files: [ExportJob.File], against earlier: Earlier
  ) throws(PackError) {
    if let other = earlier.target, other != target {
      throw refused("the folder holds an export to `\(other)`", path)
    }
    for name in files.map(\.name) + [ExportFolder.list] where AtomicFolder.holds(name, in: path) {
      if name == ExportFolder.list, earlier.target != nil { continue }
      guard let digest = earlier.files[name] else {
        throw refused("no export wrote this file, which would be replaced", path + "/" + name)
      }
      guard isUnchanged(name, digest) else {
        throw refused("the file was changed since it was exported", path + "/" + name)
      }
    }
  }

  private func refused(_ message: String, _ place: String) -> PackError {
    PackError(
      .unwritableFile, message, at: .file(place),
      hint: "name another folder with `-o`, or replace it with `--force`")
  }

  // MARK: - What is there

  /// What the list in the folder says; nothing where there is none that can be read.
  private struct Earlier {
    var target: String?
    var files: [String: String] = [:]
  }

  private func earlier() -> Earlier {
    guard AtomicFolder.isFile(ExportFolder.list, in: path),
      let bytes = try? MappedFile(path: path + "/" + ExportFolder.list).copy, bytes.count < 1 << 20,
      let document = JSON(parsing: String(decoding: bytes, as: UTF8.self)),
      document.member("schema")?.string == ExportFolder.schema,
      let target = document.member("target")?.string,
      case .array(let entries) = document.member("files")
    else { return Earlier() }
    var earlier = Earlier(target: target)
    for entry in entries {
      // The list of a checkout may be anybody's: it speaks of files beside it alone.
      guard let name = entry.member("name")?.string, let digest = entry.member("digest")?.string,
        !name.isEmpty, !name.contains("/"), !name.contains("\0"), name != ".", name != ".."
      else { continue }
      earlier.files[name] = digest
    }
    return earlier
  }

  private func isUnchanged(_ name: String, _ digest: String) -> Bool {
    guard AtomicFolder.isFile(name, in: path),
      let file = try? MappedFile(path: path + "/" + name)
    else { return false }
    return Digest(of: file).description == digest
  }

  private static let schema = "synapack.export-folder/1"

  private func document(_ files: [ExportJob.File]) -> JSON {
    .object([
      "schema": .string(ExportFolder.schema), "target": .string(target),
      "files": .array(files.map(\.json)), "losses": .array(losses.map(\.json)),
    ])
  }
}
