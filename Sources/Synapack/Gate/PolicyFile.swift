internal import SynapackSupport

/// A policy on disk, and the files that it names beside it.
enum PolicyFile {
  /// - Throws: `SYN0001` where the file cannot be read, `SYN0721` where it is no text.
  static func text(_ path: String) throws(PackError) -> String {
    try TextFile.read(path, refusal: .malformedPolicy)
  }

  /// A path that is written in the policy at `policy`, from here.
  static func resolved(_ path: String, in policy: String) -> String {
    guard !path.hasPrefix("/"), let slash = policy.lastIndex(of: "/") else { return path }
    return policy[...slash] + path
  }
}
