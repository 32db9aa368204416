public import SynapackPolicy
internal import SynapackSupport

/// The forms in which CI systems take a verdict. Names from a bundle or policy steer none of them.
public enum VerdictFormat: String, Sendable, CaseIterable {
  case text, json, junit, sarif, github, gitlab, markdown

  /// The verdict in this form, with a line end behind it.
  public func document(_ verdict: Verdict) -> String {
    switch self {
    case .text: VerdictText.document(verdict)
    case .json: VerdictJSON.document(verdict).text(indent: true) + "\n"
    case .junit: JUnit.document(verdict)
    case .sarif: SARIF.document(verdict).text(indent: true) + "\n"
    case .github: GitHubCommands.document(verdict)
    case .gitlab: GitLabCodeQuality.document(verdict).text(indent: true) + "\n"
    case .markdown: MarkdownSummary.document(verdict)
    }
  }
}
