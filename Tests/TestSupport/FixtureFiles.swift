#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What lies in the folders of fixtures.
public enum FixtureFiles {
  /// The names in a folder below `fixtures/` that end in `suffix`, without it, ascending.
  public static func names(in folder: String, suffix: String) -> [String] {
    names(inFolder: Fixtures.path(folder), suffix: suffix)
  }

  /// The same for any folder.
  public static func names(inFolder path: String, suffix: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
    }
    return names.sorted()
  }
}
