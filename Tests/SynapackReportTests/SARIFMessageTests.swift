import Foundation
import SynapackPolicy
import SynapackReport
import SynapackSupport
import Testing

/// No text of a finding is a link or a placeholder to a viewer of SARIF, and every one reads as it is.
struct SARIFMessageTests {
  /// What a viewer makes of a message: §3.11.5 and §3.11.6, and the words that are left.
  private struct Viewer {
    var words = ""
    var links = 0
    var placeholders = 0

    init(_ message: String) {
      var rest = Substring(message)
      while let next = rest.first {
        if let link = rest.prefixMatch(of: /\[(\\[\\\[\]]|[^\\\[\]])*\]\([^)]*\)/) {
          links += 1
          rest = rest[link.range.upperBound...]
        } else if let escaped = rest.prefixMatch(of: /\\([\\\[\]])|(\{)\{|(\})\}/) {
          words += escaped.output.1 ?? escaped.output.2 ?? escaped.output.3 ?? ""
          rest = rest[escaped.range.upperBound...]
        } else {
          if rest.prefixMatch(of: /\{[0-9]+\}/) != nil { placeholders += 1 }
          words.append(next)
          rest = rest.dropFirst()
        }
      }
    }
  }

  /// The messages of a verdict whose one finding says this.
  private func messages(_ words: String) throws -> [String] {
    var finding = Finding(.policyLimit, .error, words)
    finding.rule = "r"
    let verdict = Verdict(
      bundle: "b", checks: [Check(.policy, "r", findings: [finding])], failOn: .error)
    let data = Data(VerdictFormat.sarif.document(verdict).utf8)
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    return results.compactMap { ($0["message"] as? [String: Any])?["text"] as? String }
  }

  @Test func noTextIsALinkOrAPlaceholderAndEachReadsAsItIs() throws {
    let known = [
      "[a](http://evil)", "\\[a](1)", "a[0]\\[1]", "{0}", "{{0}}", "}{", "[[a]](b)", "\\",
    ]
    #expect(Viewer(known[0]).links == 1 && Viewer(known[3]).placeholders == 1)
    let alphabet: [Character] = ["[", "]", "(", ")", "{", "}", "\\", "0", "a", " "]
    var generator = SeededGenerator(seed: 11)
    let random = (0..<400).map { _ in
      String((0..<12).compactMap { _ in alphabet.randomElement(using: &generator) })
    }
    for text in known + random {
      for message in try messages(text) {
        let viewer = Viewer(message)
        #expect(viewer.links == 0 && viewer.placeholders == 0, "seed 11: \(text): \(message)")
        // A viewer that knows of no escape finds a link by this pair.
        #expect(!message.contains("]("), "seed 11: \(text): \(message)")
        let expected = "b: r: " + text.replacing("](", with: "] (")
        #expect(viewer.words == expected, "seed 11: \(text): \(message)")
      }
    }
  }
}
