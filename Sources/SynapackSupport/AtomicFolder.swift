internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writing several files into one folder so that what fails leaves the folder as it was.
///
/// All of them are written and synced under a name of their own first, where a full disk ends it; then
/// they take their places, which needs no room. A folder that is there stays the same folder, with
/// whatever else it holds.
public enum AtomicFolder {
  /// One file of a set; its name has no slashes.
  public struct File: Sendable, Hashable {
    public var name: String
    public var bytes: [UInt8]

    public init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Writes `files` into the folder `path`, which is made where there is none; its parent must be
  /// there. The last of them takes its place last.
  ///
  /// - Parameter stale: names of files that go once all others are in place.
  /// - Throws: `SYN0004` with the system's word for what failed.
  public static func write(
    _ files: [File], to path: String, removing stale: [String] = []
  ) throws(PackError) {
    let isThere = try isFolder(path)
    let name = ".synapack.\(getpid()).\(UInt32.random(in: 0...(.max)))"
    let parent = FilePath(path).removingLastComponent()
    let stage = isThere ? FilePath(path).appending(name) : parent.appending(name)
    do {
      try fill(stage, with: files, path)
      if isThere {
        try move(files, from: stage, to: path)
        unsafe _ = stage.withPlatformString { unsafe rmdir($0) }
      } else {
        try take(stage, path)
      }
    } catch {
      discard(files, of: stage)
      throw error
    }
    for name in stale {
      unsafe _ = FilePath(path).appending(name).withPlatformString { unsafe unlink($0) }
    }
    AtomicFile.syncFolder(isThere ? FilePath(path) : parent)
  }

  /// Whether there is something of the name in the folder, a link that leads nowhere too.
  public static func holds(_ name: String, in path: String) -> Bool {
    status(FilePath(path).appending(name)) != nil
  }

  /// Whether the name is a file in the folder and not a link to one.
  public static func isFile(_ name: String, in path: String) -> Bool {
    status(FilePath(path).appending(name)) == S_IFREG
  }

  // MARK: -

  /// The type of what has the name, links not followed; `nil` where there is nothing.
  private static func status(_ path: FilePath) -> mode_t? {
    var found = stat()
    guard unsafe path.withPlatformString({ unsafe lstat($0, &found) }) == 0 else { return nil }
    return found.st_mode & S_IFMT
  }

  private static func isFolder(_ path: String) throws(PackError) -> Bool {
    var found = stat()
    guard unsafe FilePath(path).withPlatformString({ unsafe stat($0, &found) }) == 0 else {
      let reason = Errno(rawValue: errno)
      guard reason == .noSuchFileOrDirectory, status(FilePath(path)) == nil else {
        throw AtomicFile.failure(path, "\(reason)")
      }
      return false
    }
    guard found.st_mode & S_IFMT == S_IFDIR else {
      throw AtomicFile.failure(path, "\(Errno.notDirectory)")
    }
    return true
  }

  private static func fill(
    _ stage: FilePath, with files: [File], _ path: String
  ) throws(PackError) {
    guard unsafe stage.withPlatformString({ unsafe mkdir($0, 0o777) }) == 0 else {
      throw AtomicFile.failure(path, "\(Errno(rawValue: errno))")
    }
    for file in files {
      do {
        try AtomicFile.write(file.bytes, to: stage.appending(file.name).string)
      } catch {
        throw PackError(
          error.code, error.message, at: .file(FilePath(path).appending(file.name).string),
          hint: error.hint)
      }
    }
  }

  private static func move(
    _ files: [File], from stage: FilePath, to path: String
  ) throws(PackError) {
    for file in files {
      let target = FilePath(path).appending(file.name)
      do {
        try AtomicFile.rename(stage.appending(file.name), to: target)
      } catch {
        throw AtomicFile.failure(target.string, "\(error)")
      }
    }
  }

  private static func take(_ stage: FilePath, _ path: String) throws(PackError) {
    do {
      try AtomicFile.rename(stage, to: FilePath(path))
    } catch {
      throw AtomicFile.failure(path, "\(error)")
    }
  }

  private static func discard(_ files: [File], of stage: FilePath) {
    for file in files {
      unsafe _ = stage.appending(file.name).withPlatformString { unsafe unlink($0) }
    }
    unsafe _ = stage.withPlatformString { unsafe rmdir($0) }
  }
}
