import Synapack
import SynapackSupport

/// Where a bundle to compare with comes from.
enum BundleSource {
  /// The most bytes that are taken from git into memory.
  private static let limit = 1 << 30

  /// The file at a path, or the one of `git:REVISION:PATH`, whose path is relative to the work folder.
  ///
  /// - Throws: `SYN0001` for a file, `SYN0732` where the repository does not have it, `SYN0733` where
  ///   git cannot be asked, `SYN0005` where the repository has a pointer of git-LFS instead.
  static func file(_ name: String) async throws -> MappedFile {
    let prefix = "git:"
    guard name.hasPrefix(prefix) else { return try MappedFile(path: name) }
    let parts = name.dropFirst(prefix.count).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].hasPrefix("-") else {
      throw PackError(
        .unknownRevision, "it is not git:REVISION:PATH", at: .file(name),
        hint: "write it as git:origin/main:model.synapack")
    }
    let (revision, path) = (String(parts[0]), String(parts[1]))
    do {
      let bytes = try await blob(revision, path)
      if let pointer = LFSPointer(bytes) {
        throw pointer.refusal(
          hint: "`git cat-file blob \(ShellWord.quoted("\(revision):./\(path)")) | git lfs smudge "
            + "> old.synapack` gives the file itself; name that instead")
      }
      return unsafe MappedFile(bytes: bytes.span.bytes, path: name)
    } catch let error as PackError {
      throw error.at(.file(name))
    }
  }

  /// The same, with what ``file(_:)`` throws as a value.
  static func result(_ name: String) async throws -> Result<MappedFile, PackError> {
    do {
      return .success(try await file(name))
    } catch let error as PackError {
      return .failure(error)
    }
  }

  private static func blob(_ revision: String, _ path: String) async throws -> [UInt8] {
    // Without ./ git would look from the root of the repository.
    let isAnchored = path.hasPrefix("/") || path.hasPrefix("./") || path.hasPrefix("../")
    let anchored = "\(revision):\(isAnchored ? path : "./" + path)"
    let answer = try await Git.run("cat-file", "blob", anchored, limit: limit)
    if answer.isSuccess { return answer.output }
    return try await diagnose(revision, path, anchored)
  }

  /// Says which part of the name is wrong, asked step by step.
  private static func diagnose(
    _ revision: String, _ path: String, _ object: String
  ) async throws -> [UInt8] {
    let place = try await Git.run("rev-parse", "--is-inside-work-tree", "--is-shallow-repository")
    guard place.isSuccess, place.lines.count == 2 else {
      throw PackError(
        .gitUnavailable, "the work folder is in no repository that git reads: \(place.complaint)",
        hint: "run in a clone, or give the bundle as a file")
    }
    // A bare repository has no folder in which the path could begin.
    if place.lines[0] == "false" {
      let bare = try await Git.run("cat-file", "blob", "\(revision):\(path)", limit: limit)
      if bare.isSuccess { return bare.output }
    }
    guard try await Git.run("rev-parse", "--verify", "--quiet", revision + "^{tree}").isSuccess
    else { throw unknown(revision, isShallow: place.lines[1] == "true") }
    guard try await Git.run("rev-parse", "--verify", "--quiet", object).isSuccess else {
      let folder = try await Git.run("rev-parse", "--show-prefix").lines.first ?? ""
      let start = folder.isEmpty ? "the root" : "`\(folder)`"
      throw PackError(
        .unknownRevision, "revision `\(revision)` has no `\(path)`, seen from \(start)",
        hint: "`git ls-tree -r --name-only \(ShellWord.quoted(revision))` lists what it has; for a "
          + "first bundle there is nothing to compare with (--without-baseline)")
    }
    let kind = try await Git.run("cat-file", "-t", object)
    guard kind.lines.first != "tree" else {
      throw PackError(
        .unknownRevision, "`\(path)` is a folder in revision `\(revision)`",
        hint: "name the bundle in it")
    }
    throw PackError(
      .unknownRevision,
      "the contents of `\(path)` of `\(revision)` are not here: \(kind.complaint)",
      hint: "fetch them; a partial clone leaves contents out")
  }

  private static func unknown(_ revision: String, isShallow: Bool) -> PackError {
    guard isShallow else {
      return PackError(
        .unknownRevision, "the repository has no revision `\(revision)`",
        hint: "check its name, or fetch it: git fetch origin \(ShellWord.quoted(revision))")
    }
    return PackError(
      .unknownRevision, "this clone is shallow and does not have revision `\(revision)`",
      hint:
        "fetch the history with `git fetch --unshallow`, and another branch with `git fetch origin "
        + "BRANCH:refs/remotes/origin/BRANCH`; in CI set fetch-depth 0 of actions/checkout or GIT_DEPTH 0 "
        + "of GitLab")
  }
}
