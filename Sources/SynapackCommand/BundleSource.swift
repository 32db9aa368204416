import Subprocess
import Synapack
import SynapackSupport

/// Where a bundle to compare with comes from.
enum BundleSource {
  /// The most bytes that are taken from git into memory.
  private static let limit = 1 << 30

  /// The file at a path, or the one of `git:REVISION:PATH`, whose path is relative to the work folder.
  ///
  /// - Throws: `SYN0001` for a file, `SYN0732` where git does not have it.
  static func file(_ name: String) async throws -> MappedFile {
    let prefix = "git:"
    guard name.hasPrefix(prefix) else { return try MappedFile(path: name) }
    let parts = name.dropFirst(prefix.count).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].hasPrefix("-") else {
      throw refusal(name, "it is not git:REVISION:PATH")
    }
    // Without ./ git would look from the root of the repository.
    let isAnchored = parts[1].hasPrefix("/") || parts[1].hasPrefix("./")
    let path = isAnchored ? String(parts[1]) : "./" + parts[1]
    let bytes = try await blob("\(parts[0]):\(path)", name)
    return unsafe MappedFile(bytes: bytes.span.bytes, path: name)
  }

  private static func blob(_ object: String, _ name: String) async throws -> [UInt8] {
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: ["cat-file", "blob", object],
        output: .bytes(limit: limit), error: .string(limit: 1 << 16))
      guard result.terminationStatus.isSuccess else {
        throw refusal(name, "git says: \(result.standardError)")
      }
      return result.standardOutput
    } catch let error as PackError {
      throw error
    } catch {
      throw refusal(name, "git cannot be run: \(error)")
    }
  }

  private static func refusal(_ name: String, _ message: String) -> PackError {
    PackError(
      .unknownRevision, message, at: .file(name),
      hint: "fetch the revision first, such as with `git fetch --depth 1 origin main`, and name it "
        + "as git:origin/main:model.synapack")
  }
}
