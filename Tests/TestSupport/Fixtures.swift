/// The files under `fixtures/`, found from this file's own place.
public enum Fixtures {
  /// The root of the project.
  public static let root: String = {
    // #filePath ends in Tests/TestSupport/Fixtures.swift.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The absolute path of a file named below `fixtures/`.
  public static func path(_ name: String) -> String {
    root + "/fixtures/" + name
  }
}
