import SynapackPolicy
import SynapackReport
import SynapackSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The day, which the library is only ever given.
enum Today {
  /// - Throws: `SYN0701` where the option is no day.
  static func day(_ option: String?) throws(PackError) -> CalendarDay {
    guard let option else {
      var time = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &time)
      if let day = CalendarDay(secondsSince1970: Int(time.tv_sec)) { return day }
      throw PackError(
        .badOption, "the clock of this machine shows no day of our calendar",
        at: .option("--today"), hint: "give the day, such as 2027-01-31")
    }
    guard let day = CalendarDay(option) else {
      throw PackError(
        .badOption, "`\(option)` is no day", at: .option("--today"),
        hint: "write it as 2027-01-31")
    }
    return day
  }
}

/// The folder in which the command was started.
enum WorkFolder {
  /// A path below the folder as it reads from there, which is short; other paths as they are.
  static func relative(_ path: String) -> String {
    guard let folder = real(".") else { return path }
    if path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.count + 1)) }
    return path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }

  /// The work tree of git around the folder, else the folder.
  static var sources: SourceTree {
    guard let folder = real(".") else { return .asGiven }
    var root = folder
    // The work trees that git adds and submodules have a file of this name.
    while !MappedFile.exists(root + "/.git") {
      guard let slash = root.lastIndex(of: "/") else {
        return SourceTree(root: folder, absolute: absolute)
      }
      root = String(root[..<slash])
    }
    return SourceTree(root: root, absolute: absolute)
  }

  /// The path from the root of the file system. A link that the path itself is stays, since git has
  /// it by that name.
  @Sendable private static func absolute(_ path: String) -> String {
    let slash = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let folder = real(slash == path.startIndex ? "." : String(path[..<slash]))
    return folder.map { $0 + "/" + path[slash...] } ?? path
  }

  /// An absolute path without links; `nil` where nothing is there.
  private static func real(_ path: String) -> String? {
    guard let buffer = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }
}

/// The three descriptors that every process expects to be given.
enum StandardStreams {
  /// Puts something in the place of those that are closed, so that no file which is opened later
  /// takes their number and gets what is printed; writing and reading there go on failing.
  static func hold() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is taken, which is this one.
      unsafe _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
