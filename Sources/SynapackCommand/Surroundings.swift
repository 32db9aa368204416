import SynapackPolicy
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
  /// A path below the folder as it reads from there, because reports must name files of a
  /// repository relative to its root; other paths as they are.
  static func relative(_ path: String) -> String {
    var buffer = Array(repeating: CChar(0), count: Int(PATH_MAX))
    guard unsafe getcwd(&buffer, buffer.count) != nil else { return path }
    let end = buffer.firstIndex(of: 0) ?? buffer.count
    let folder = String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.utf8.count + 1)) }
    return path.hasPrefix("./") ? String(path.dropFirst(2)) : path
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
