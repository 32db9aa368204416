/// The short text that git keeps in the place of a file which git-LFS holds elsewhere.
///
/// Source: git-lfs/git-lfs, docs/spec.md.
public struct LFSPointer: Sendable, Hashable {
  private static let version = Array("version https://git-lfs.github.com/spec/v1\n".utf8)
  /// The most bytes of a pointer.
  private static let limit = 1024
  /// SHA-256 of the file that is meant, as the pointer states it.
  public let object: String

  /// `nil` for the beginning of a file that is no pointer.
  public init?(_ head: [UInt8]) {
    guard head.starts(with: LFSPointer.version) else { return nil }
    let text = String(decoding: head.prefix(LFSPointer.limit), as: UTF8.self)
    let prefix = "oid sha256:"
    let line = text.split(separator: "\n").first { $0.hasPrefix(prefix) }
    object = String(line?.dropFirst(prefix.count).prefix(64) ?? "an unknown digest")
  }

  /// - Parameter hint: how to get the file itself.
  public func refusal(
    hint: String = "fetch the file itself, such as with `git lfs pull`"
  ) -> PackError {
    PackError(
      .lfsPointer, "the file is a pointer of git-LFS, to a file with SHA-256 \(object)", hint: hint)
  }
}
