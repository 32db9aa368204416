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
    watch()
    return true
  }()

  static func watch() {
    // The flag is made before the handler may need it.
    _ = came
    signal(SIGINT) { _ in
      Interrupt.flag.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
  }
}
