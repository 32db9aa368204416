internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension MappedFile {
  /// Maps the file that a model names by a path relative to its own folder.
  ///
  /// The path comes from a hostile file, so it is walked component by component, each opened
  /// relative to the one before and never through a link: what is checked is what is opened, and
  /// nothing can be swapped in between. A file with a second hard link is refused, because the
  /// other name may lie anywhere.
  ///
  /// - Throws: `SYN0208` for a path that is absolute, leaves the folder, passes a link, or names
  ///   no regular file with a single name.
  public convenience init(_ relativePath: String, beneath folder: String) throws(PackError) {
    let components = try containedComponents(relativePath)
    var descriptor = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0 else { throw refusal(relativePath, "its folder cannot be opened") }
    for (index, component) in components.enumerated() {
      let isLast = index == components.count - 1
      // Non-blocking, so that a pipe cannot hold up the open; a pipe is refused below.
      let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (isLast ? O_NONBLOCK : O_DIRECTORY)
      let next = unsafe openat(descriptor, component, flags)
      guard next >= 0 else {
        let reason = Errno(rawValue: errno)
        let link = reason == .tooManySymbolicLinkLevels || reason == .notDirectory
        throw refusal(
          relativePath, link ? "`\(component)` is a link or no folder" : "\(component): \(reason)")
      }
      close(descriptor)
      descriptor = next
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw refusal(relativePath, "it is no regular file")
    }
    guard status.st_nlink == 1 else {
      throw refusal(relativePath, "it has \(status.st_nlink) hard links")
    }
    try self.init(
      descriptor: descriptor, path: folder.isEmpty ? relativePath : folder + "/" + relativePath)
  }
}

/// The components of a path that stays in its folder on every system.
private func containedComponents(_ path: String) throws(PackError) -> [String] {
  guard !path.isEmpty, path.utf8.count <= 4096 else {
    throw refusal(path, "the path is empty or longer than 4096 bytes")
  }
  guard !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
    throw refusal(path, "the path holds control characters")
  }
  guard !path.contains("\\"), !path.contains(":"), !path.hasPrefix("/") else {
    throw refusal(path, "the path is absolute, names a drive or has a backslash")
  }
  let components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    .filter { $0 != "." }
  guard !components.isEmpty, components.allSatisfy({ !$0.isEmpty && $0 != ".." }) else {
    throw refusal(path, "the path has empty components or `..`")
  }
  return components
}

private func refusal(_ path: String, _ reason: String) -> PackError {
  PackError(
    .unsafeExternalData, "external data at `\(path)`: \(reason)",
    hint: "place the data file beside the model, or store the weights inside it")
}
