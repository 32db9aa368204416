import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The first interrupt asks long work to end with what it has; the second ends the process.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)

  static var came: Bool { flag.load(ordering: .relaxed) }

  /// Whoever asks makes the first interrupt a wish; before that it ends the process.
  static let isWatched: Bool = {
    install()
    return true
  }()

  /// Once: a second interrupt ends the process, whatever asks again.
  static func watch() { _ = isWatched }

  private static func install() {
    // Both are made before the handler, which may make nothing, needs them.
    _ = (came, notice.utf8CodeUnitCount)
    signal(SIGINT) { _ in
      Interrupt.flag.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
      _ = unsafe write(
        STDERR_FILENO, Interrupt.notice.utf8Start, Interrupt.notice.utf8CodeUnitCount)
    }
  }

  private static let notice: StaticString =
    "\ninterrupted: ending with the best so far; a second interrupt ends at once\n"
}
