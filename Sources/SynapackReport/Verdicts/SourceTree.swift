internal import SynapackPolicy
internal import SynapackSupport

/// The folder that the places of annotations are relative to.
///
/// GitHub and GitLab show an annotation at a path from the root of the repository, wherever in it the
/// command ran.
public struct SourceTree: Sendable {
  /// Where a file lies.
  enum Place: Equatable {
    /// The path from the root.
    case inside(String)
    /// The absolute path of a file that no annotation can be shown at.
    case outside(String)
  }

  /// The root, and what makes a path absolute; `nil` where every path is shown as it is given.
  private let base: (root: String, absolute: @Sendable (String) -> String)?

  /// - Parameters:
  ///   - root: the absolute path of the root, without links.
  ///   - absolute: makes a path as users give it absolute, without links in its folders.
  public init(root: String, absolute: @escaping @Sendable (String) -> String) {
    base = (SourceTree.normal(root), absolute)
  }

  /// Every path as it is given, for a verdict that is shown nowhere.
  public static let asGiven = SourceTree()

  private init() { base = nil }

  func place(of path: String) -> Place {
    guard let base else { return .inside(path) }
    let path = SourceTree.normal(base.absolute(path))
    let folder = base.root == "/" ? "/" : base.root + "/"
    guard path.hasPrefix(folder), path != folder else { return .outside(path) }
    return .inside(String(path.dropFirst(folder.count)))
  }

  /// An absolute path without empty parts, `.` and `..`.
  private static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

/// Where a finding is shown: at the line of the policy, else at the bundle, whichever lies in the tree.
struct Annotation: Equatable {
  var place: SourceTree.Place
  /// From 1.
  var line: Int
  /// The line of the policy in words, where it is shown nowhere.
  var aside: String

  init(_ finding: Finding, of bundle: String, in tree: SourceTree) {
    let bundle = SourceLine(path: bundle, line: 1)
    let wanted = finding.line ?? bundle
    let places = [wanted, bundle].map { (place: tree.place(of: $0.path), source: $0) }
    let shown = places.first { if case .inside = $0.place { true } else { false } }
    place = shown?.place ?? tree.place(of: wanted.path)
    line = shown?.source.line ?? wanted.line
    aside = finding.line.map { shown?.source == $0 ? "" : " [\($0.path):\($0.line)]" } ?? ""
  }
}
