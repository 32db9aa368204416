internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writing a file so that a reader sees the old one or the whole new one, never a part.
public enum AtomicFile {
  /// Writes beside `path`, syncs, renames over it and syncs the folder.
  ///
  /// A link is followed to what it names. A device or pipe takes the bytes as they come: a rename
  /// would put a file in its place.
  ///
  /// - Throws: `SYN0004` with the system's word for what failed; nothing is left behind.
  public static func write(_ bytes: [UInt8], to path: String) throws(PackError) {
    let target = resolved(path)
    var status = stat()
    let exists = unsafe target.withPlatformString { unsafe stat($0, &status) } == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try pass(bytes, to: target, path)
    }
    try replace(target, with: bytes, path)
  }

  /// Whether both paths lead to one file that exists.
  public static func isSame(_ path: String, as other: String) -> Bool {
    var first = stat()
    var second = stat()
    let found = [
      unsafe FilePath(path).withPlatformString { unsafe stat($0, &first) },
      unsafe FilePath(other).withPlatformString { unsafe stat($0, &second) },
    ]
    return found == [0, 0] && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// What the links of `path` lead to; the path itself where nothing stands there yet.
  private static func resolved(_ path: String) -> FilePath {
    guard let real = unsafe realpath(path, nil) else { return FilePath(path) }
    defer { unsafe free(real) }
    return unsafe FilePath(platformString: real)
  }

  private static func pass(
    _ bytes: [UInt8], to target: FilePath, _ path: String
  ) throws(PackError) {
    do {
      let descriptor = try FileDescriptor.open(target, .writeOnly, options: .closeOnExec)
      _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
    } catch {
      throw failure(path, "\(error)")
    }
  }

  private static func replace(
    _ target: FilePath, with bytes: [UInt8], _ path: String
  ) throws(PackError) {
    let folder = target.removingLastComponent()
    guard let name = target.lastComponent?.string else {
      throw failure(path, "the path names no file")
    }
    // The process identifier keeps concurrent writers apart; `.exclusiveCreate` keeps the name ours.
    let temporary = folder.appending(".\(name).\(getpid()).partial")
    do {
      try fill(temporary, with: bytes)
      try rename(temporary, to: target)
    } catch {
      unsafe _ = temporary.withPlatformString { unsafe unlink($0) }
      throw failure(path, "\(error)")
    }
    syncFolder(folder)
  }

  private static func fill(_ path: FilePath, with bytes: [UInt8]) throws(Errno) {
    do {
      let descriptor = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try descriptor.closeAfter {
        _ = try descriptor.writeAll(bytes)
        guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
  }

  private static func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
    let status = unsafe source.withPlatformString { from in
      unsafe target.withPlatformString { to in unsafe Glibc.rename(from, to) }
    }
    guard status == 0 else { throw Errno(rawValue: errno) }
  }

  /// Makes the rename itself durable; file systems that cannot sync a folder are left as they are.
  private static func syncFolder(_ folder: FilePath) {
    let path = folder.isEmpty ? FilePath(".") : folder
    guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return
    }
    _ = fsync(descriptor.rawValue)
    try? descriptor.close()
  }

  private static func failure(_ path: String, _ reason: String) -> PackError {
    PackError(
      .unwritableFile, "cannot write the file: \(reason)", at: .file(path),
      hint: "check the folder, its permissions and the free space")
  }
}
