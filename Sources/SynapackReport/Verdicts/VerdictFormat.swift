public import SynapackPolicy
internal import SynapackSupport

/// The forms in which CI systems take a verdict. Names from a bundle or policy steer none of them.
public enum VerdictFormat: String, Sendable, CaseIterable {
  case text, json, junit, sarif, github, gitlab, markdown

  /// The verdict in this form, with a line end behind it.
  ///
  /// - Parameters:
  ///   - day: the one on which waivers were looked at, where that is known.
  ///   - tree: where the forms for GitHub and GitLab look for the files of findings.
  public func document(
    _ verdict: Verdict, on day: CalendarDay? = nil, in tree: SourceTree = .asGiven
  ) -> String {
    switch self {
    case .text: VerdictText.document(verdict)
    case .json: VerdictJSON.document(verdict, on: day).text(indent: true) + "\n"
    case .junit: JUnit.document(verdict)
    case .sarif: SARIF.document(verdict, in: tree).text(indent: true) + "\n"
    case .github: GitHubCommands.document(verdict, in: tree)
    case .gitlab: GitLabCodeQuality.document(verdict, in: tree).text(indent: true) + "\n"
    case .markdown: MarkdownSummary.document(verdict)
    }
  }
}
