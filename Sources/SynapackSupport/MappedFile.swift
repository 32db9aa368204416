internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file mapped read-only into memory; unmapped when the last reference goes.
///
/// Only regular files are mapped, so a pipe or a device cannot block or grow. The mapping is
/// private, but a file that another process truncates while it is mapped makes the system end
/// this process with SIGBUS: importers therefore copy what they keep, except weights, which are
/// read from the mapping for as long as the graph lives.
@safe
public final class MappedFile: Sendable {
  public let path: String
  public let count: Int
  private let base: UInt
  /// Whether the bytes are a mapping of a file, and not memory that this object allocated.
  private let isMapping: Bool

  /// Maps the file at `path`.
  ///
  /// - Throws: `SYN0001` where it cannot be opened, `SYN0002` where it is no regular file.
  public init(path: String) throws(PackError) {
    let descriptor: FileDescriptor
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
    } catch {
      throw PackError(
        .unreadableFile, "cannot open the file: \(error)", at: .file(path),
        hint: "check the path and its permissions")
    }
    defer { try? descriptor.close() }
    self.path = path
    isMapping = true
    (base, count) = try MappedFile.map(descriptor.rawValue, path)
  }

  /// Holds bytes that are in memory already, such as a part of an archive that had to be inflated,
  /// as if they were a file of their own; `path` is what messages call it.
  ///
  /// The bytes are copied into memory of exactly their size, so that a sanitizer sees any reading
  /// past their end.
  public init(bytes: RawSpan, path: String) {
    self.path = path
    isMapping = false
    count = bytes.byteCount
    guard count > 0 else {
      base = 0
      return
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
    base = UInt(bitPattern: memory.baseAddress)
  }

  /// Maps the open file `descriptor`, which stays the caller's; `path` is what messages call it.
  init(descriptor: Int32, path: String) throws(PackError) {
    self.path = path
    isMapping = true
    (base, count) = try MappedFile.map(descriptor, path)
  }

  private static func map(
    _ descriptor: Int32, _ path: String
  ) throws(PackError) -> (base: UInt, count: Int) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PackError(
        .notARegularFile, "the path does not name a regular file", at: .file(path),
        hint: "give the path of a file, not of a folder, pipe or device")
    }
    let count = Int(status.st_size)
    guard count > 0 else { return (0, 0) }
    guard
      let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe address != MAP_FAILED
    else {
      throw PackError(
        .unreadableFile, "cannot map \(count) bytes: \(Errno(rawValue: errno))", at: .file(path),
        hint: "check that the file system supports mapping and that memory is left")
    }
    return (UInt(bitPattern: address), count)
  }

  deinit {
    guard let address = unsafe UnsafeMutableRawPointer(bitPattern: base) else { return }
    if isMapping {
      unsafe munmap(address, count)
    } else {
      unsafe address.deallocate()
    }
  }

  /// Whether something is at `path`, whatever it is.
  public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// A copy of the bytes of the whole file.
  public var copy: [UInt8] {
    withBytes { span in unsafe span.withUnsafeBytes { unsafe Array($0) } }
  }

  /// Lends the bytes of the whole file.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let pointer = unsafe UnsafeRawPointer(bitPattern: base)
    let buffer = unsafe UnsafeRawBufferPointer(start: pointer, count: count)
    return try body(unsafe buffer.bytes)
  }

  /// Tells the system that the pages of `range` are not needed for now, so that reading a large
  /// file once does not keep all of it in memory; later reads bring them back from the file.
  public func release(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<count)
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    // Pages of memory that is no mapping would come back as zeros.
    guard isMapping, page > 0, !range.isEmpty else { return }
    let start = range.lowerBound / page * page
    if let address = unsafe UnsafeMutableRawPointer(bitPattern: base + UInt(start)) {
      // Advice only: a failure changes nothing.
      unsafe _ = madvise(address, range.upperBound - start, MADV_DONTNEED)
    }
  }
}
