internal import SynapackPolicy
public import SynapackSupport

/// A file that a verdict rests on, by the digest of the bytes that were read.
public struct GateInput: Sendable, Hashable {
  public enum Role: String, Sendable, CaseIterable {
    case policy, baseline, chip, inputs, labels, model, key
  }

  public var role: Role
  /// The name of the file without its folder, `git:REVISION:PATH`, or the id of a built-in chip.
  public var name: String
  public var digest: Digest

  init(_ role: Role, _ name: String, _ digest: Digest) {
    self.role = role
    self.name = name
    self.digest = digest
  }

  init(_ role: Role, path: String) throws(PackError) {
    self.init(role, GateInput.name(of: path), Digest(of: try MappedFile(path: path)))
  }

  static func name(of path: String) -> String {
    guard !path.hasPrefix("git:") else { return path }
    return path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Runs `body` between two readings of the files, so that what is stated of them is what it saw.
  ///
  /// - Throws: `SYN0001` where a file changed meanwhile or cannot be read.
  static func unchanged<Result>(
    _ files: [(role: Role, path: String)], _ body: () throws(PackError) -> Result
  ) throws(PackError) -> (Result, [GateInput]) {
    func read() throws(PackError) -> [GateInput] {
      try files.map { (file) throws(PackError) in try GateInput(file.role, path: file.path) }
    }
    let before = try read()
    let result = try body()
    let after = try read()
    for (file, pair) in zip(files, zip(before, after)) where pair.0 != pair.1 {
      throw PackError(
        .unreadableFile, "the file changed while it was used", at: .file(file.path),
        hint: "validate again when nothing writes to it")
    }
    return (result, before)
  }
}
