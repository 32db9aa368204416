import Foundation
import SynapackPolicy
import SynapackReport
import SynapackSupport
import Testing

/// Verdicts against the forms of SARIF and GitLab, with every member known and nothing left out.
struct DocumentFormTests {
  private static let empty = Verdict(bundle: "b.synapack", checks: [], failOn: .error)

  private func json(_ format: VerdictFormat, _ verdict: Verdict) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(format.document(verdict).utf8))
  }

  @Test func verdictsKeepTheFormsOfTheirReaders() throws {
    // No argument of the test: its name in a log would be the hostile words themselves.
    for verdict in [HostileVerdict.verdict, Self.empty] {
      #expect(SARIFForm.document.problems(try json(.sarif, verdict)) == [])
      #expect(GitLabForm.document.problems(try json(.gitlab, verdict)) == [])
    }
  }

  /// The forms must be able to fail: each member renamed in turn, and each value replaced.
  @Test func aChangedMemberIsNoticed() throws {
    for (format, form) in [
      (VerdictFormat.sarif, SARIFForm.document), (.gitlab, GitLabForm.document),
    ] {
      let document = try json(format, HostileVerdict.verdict)
      var places = 0
      Self.changes(document) { changed in
        places += 1
        #expect(!form.problems(changed).isEmpty, "\(format): \(changed)")
      }
      #expect(places > 10)
    }
  }

  /// The document with one member of its first items renamed, or one value made a nonsense, at a
  /// time.
  private static func changes(_ value: Any, _ body: (Any) -> Void) {
    if let members = value as? [String: Any] {
      for (name, member) in members {
        var renamed = members
        renamed[name] = nil
        renamed["x-" + name] = member
        body(renamed)
        changes(member) { changed in
          var whole = members
          whole[name] = changed
          body(whole)
        }
      }
    } else if let items = value as? [Any] {
      body(["no": "list"])
      if let first = items.first {
        changes(first) { changed in body([changed] + items.dropFirst()) }
      }
    } else {
      body([Double.pi])
    }
  }
}
