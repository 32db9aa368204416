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
  /// A link is followed to a file of its own folder. A device or pipe takes the bytes as they come: a
  /// rename would put a file in its place.
  ///
  /// - Throws: `SYN0004` with the system's word for what failed, or for a link to a file of another
  ///   folder; nothing is left behind.
  public static func write(_ bytes: [UInt8], to path: String) throws(PackError) {
    let target = resolved(path)
    var status = stat()
    let exists = unsafe target.withPlatformString { unsafe stat($0, &status) } == 0
    guard exists || errno == ENOENT else { throw failure(path, "\(Errno(rawValue: errno))") }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try pass(bytes, to: target, path)
    }
    try checkLeadsAstray(path, to: target)
    // A file that is replaced keeps who may read it; a new one follows the umask.
    let mode = FilePermissions(rawValue: exists ? status.st_mode & 0o777 : 0o644)
    try replace(target, with: bytes, mode: mode, path)
  }

  /// Makes a new file that only its owner may read, and never replaces one.
  ///
  /// - Throws: `SYN0004`, also where there is something of that name.
  public static func createSecret(_ bytes: [UInt8], at path: String) throws(PackError) {
    do {
      try fill(FilePath(path), with: bytes, [.ownerRead, .ownerWrite])
    } catch .fileExists {
      throw PackError(
        .unwritableFile, "the file is there already, and a secret is never replaced",
        at: .file(path), hint: "choose another name, or remove it")
    } catch {
      throw failure(path, "\(error)")
    }
    syncFolder(FilePath(path).removingLastComponent())
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

  /// What the links of `path` lead to, be it there or not.
  private static func resolved(_ path: String) -> FilePath {
    if let real = unsafe realpath(path, nil) {
      defer { unsafe free(real) }
      return unsafe FilePath(platformString: real)
    }
    // A link that dangles names the file to make; a chain or loop of them is left to the system.
    var buffer = Array(repeating: CChar(0), count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return FilePath(path) }
    let name = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return FilePath(path).removingLastComponent().pushing(FilePath(name))
  }

  /// A link in a checkout may come from anybody, and its file be one that the job's user may write.
  private static func checkLeadsAstray(_ path: String, to target: FilePath) throws(PackError) {
    let name = FilePath(path)
    var status = stat()
    let isLink =
      unsafe name.withPlatformString { unsafe lstat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFLNK
    guard isLink else { return }
    let (own, other) = (folder(of: name), folder(of: target))
    // The system's own names of open streams, such as /dev/stdout.
    let isStream = own.map { $0 == "/dev" || $0.hasPrefix("/proc/") } ?? false
    guard !isStream, own == nil || own != other else { return }
    throw PackError(
      .unwritableFile, "the path is a link to \(target.string), in another folder", at: .file(path),
      hint: "remove the link, or name the file itself")
  }

  /// The folder of a file without links, where there is one.
  private static func folder(of path: FilePath) -> String? {
    let folder = path.removingLastComponent()
    guard let real = unsafe realpath(folder.isEmpty ? "." : folder.string, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
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
    _ target: FilePath, with bytes: [UInt8], mode: FilePermissions, _ path: String
  ) throws(PackError) {
    let folder = target.removingLastComponent()
    guard target.lastComponent != nil else { throw failure(path, "the path names no file") }
    // A name of our own among any number of writers: a process's number comes again. Short, as the target's own name may be as long as names can be.
    let temporary = folder.appending(".synapack.\(getpid()).\(UInt32.random(in: 0...(.max)))")
    do {
      #if os(Linux)
        let isNamed = try !fillUnnamed(folder, as: temporary, with: bytes, mode)
        if isNamed { try fill(temporary, with: bytes, mode) }
      #else
        try fill(temporary, with: bytes, mode)
      #endif
    } catch {
      throw failure(path, "\(error)")
    }
    do {
      try rename(temporary, to: target)
    } catch {
      unsafe _ = temporary.withPlatformString { unsafe unlink($0) }
      throw failure(path, "\(error)")
    }
    syncFolder(folder)
  }

  #if os(Linux)
    /// Fills a file that has no name until all of it is on the disk, so that whatever ends the
    /// process before that leaves nothing behind; `false` where the file system has none.
    private static func fillUnnamed(
      _ folder: FilePath, as temporary: FilePath, with bytes: [UInt8], _ mode: FilePermissions
    ) throws(Errno) -> Bool {
      let place = folder.isEmpty ? "." : folder.string
      // O_TMPFILE, which is two flags in one and has no name in Swift.
      let flags = O_WRONLY | O_CLOEXEC | 0o20_200_000
      let number = unsafe open(place, flags, mode_t(mode.rawValue))
      guard number >= 0 else {
        let reason = Errno(rawValue: errno)
        guard [.notSupported, .isDirectory, .noSuchFileOrDirectory].contains(reason) else {
          throw reason
        }
        return false
      }
      let descriptor = FileDescriptor(rawValue: number)
      var isNamed = false
      do {
        try descriptor.closeAfter {
          try put(bytes, into: descriptor)
          let status = unsafe linkat(
            AT_FDCWD, "/proc/self/fd/\(number)", AT_FDCWD, temporary.string, AT_SYMLINK_FOLLOW)
          guard status == 0 else { throw Errno(rawValue: errno) }
          isNamed = true
        }
      } catch {
        // Closing can still fail, and then the name is there already.
        if isNamed { unsafe _ = temporary.withPlatformString { unsafe unlink($0) } }
        throw error as? Errno ?? .ioError
      }
      return true
    }
  #endif

  /// Fills a new file of that name, and removes what it made where that fails.
  private static func fill(
    _ path: FilePath, with bytes: [UInt8], _ mode: FilePermissions
  ) throws(Errno) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: mode)
    } catch {
      throw error as? Errno ?? .ioError
    }
    do {
      try descriptor.closeAfter { try put(bytes, into: descriptor) }
    } catch {
      unsafe _ = path.withPlatformString { unsafe unlink($0) }
      throw error as? Errno ?? .ioError
    }
  }

  private static func put(_ bytes: [UInt8], into descriptor: FileDescriptor) throws {
    _ = try descriptor.writeAll(bytes)
    guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  static func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
    let status = unsafe source.withPlatformString { from in
      unsafe target.withPlatformString { to in unsafe Glibc.rename(from, to) }
    }
    guard status == 0 else { throw Errno(rawValue: errno) }
  }

  /// Makes the rename itself durable; file systems that cannot sync a folder are left as they are.
  static func syncFolder(_ folder: FilePath) {
    let path = folder.isEmpty ? FilePath(".") : folder
    guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
      return
    }
    _ = fsync(descriptor.rawValue)
    try? descriptor.close()
  }

  static func failure(_ path: String, _ reason: String) -> PackError {
    PackError(
      .unwritableFile, "cannot write the file: \(reason)", at: .file(path),
      hint: "check the folder, its permissions and the free space")
  }
}
