#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The project's own text files, for tests that hold the sources to a rule.
public enum SourceFiles {
  /// The paths below `folder`, relative to the root, of all files whose name ends in `suffix`;
  /// ascending.
  public static func paths(below folder: String, suffix: String) -> [String] {
    var found: [String] = []
    var open = [folder]
    while let path = open.popLast() {
      for name in FixtureFiles.names(inFolder: Fixtures.root + "/" + path, suffix: "")
      where !name.hasPrefix(".") {
        let below = path + "/" + name
        // Only a folder has names in it, if only its own.
        if !FixtureFiles.names(inFolder: Fixtures.root + "/" + below, suffix: "").isEmpty {
          open.append(below)
        } else if name.hasSuffix(suffix) {
          found.append(below)
        }
      }
    }
    return found.sorted()
  }

  /// The text of a file, empty where there is none.
  public static func text(_ path: String) -> String {
    guard let file = unsafe fopen(Fixtures.root + "/" + path, "r") else { return "" }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 65_536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
