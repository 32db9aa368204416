#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard streams.
enum Terminal {
  static let output = STDOUT_FILENO
  static let error = STDERR_FILENO

  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
}
