#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A new empty folder that is removed, with everything in it, when the last reference goes.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() {
    var template = Array("/tmp/synapack-test-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, let made = unsafe mkdtemp(start) else {
        return "/tmp"
      }
      return unsafe String(cString: made)
    }
  }

  deinit {
    guard path != "/tmp" else { return }
    // A folder that is not empty stays, is emptied, and is tried again behind its contents.
    var open = [path]
    while let next = open.popLast() {
      guard unsafe remove(next) != 0 else { continue }
      let names = FixtureFiles.names(inFolder: next, suffix: "").filter { $0 != "." && $0 != ".." }
      guard !names.isEmpty else { continue }
      open.append(next)
      open += names.map { next + "/" + $0 }
    }
  }

  /// The path of a name inside the folder.
  public func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file without syncing it, which tests with thousands of files could not wait for.
  public func write(_ bytes: [UInt8], to name: String) {
    guard let file = unsafe fopen(path(name), "wb") else { return }
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
  }

  public func makeFolder(_ name: String) {
    unsafe mkdir(path(name), 0o755)
  }

  public func makeLink(_ name: String, to target: String) {
    unsafe symlink(target, path(name))
  }

  public func makeHardLink(_ name: String, to target: String) {
    unsafe link(path(target), path(name))
  }

  public func makePipe(_ name: String) {
    unsafe mkfifo(path(name), 0o600)
  }
}
