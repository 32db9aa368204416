import Foundation
import SynapackPolicy
import TestSupport
import Testing

/// `schemas/policy.schema.json` and `schemas/policy.md` against what is read.
struct PolicySchemaTests {
  private func schema() throws -> [String: Any] {
    let text = SourceFiles.text("schemas/policy.schema.json")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func theSchemaNamesEveryMeasureAndNoOther() throws {
    let definitions = try schema()["$defs"] as? [String: Any]
    let rule = (definitions?["rule"] as? [String: Any])?["properties"] as? [String: Any]
    let measure = (rule?["measure"] as? [String: Any])?["oneOf"] as? [[String: Any]]
    #expect(measure?[0]["enum"] as? [String] == Measure.Name.allCases.map(\.rawValue))
  }

  @Test func thePageNamesEveryMeasure() {
    let page = SourceFiles.text("schemas/policy.md")
    for name in Measure.Name.allCases { #expect(page.contains("`\(name.rawValue)`"), "\(name)") }
  }

  @Test func theExampleOfThePageIsAPolicy() throws {
    let page = SourceFiles.text("schemas/policy.md")
    let parts = page.components(separatedBy: "```")
    let example = try #require(parts.first { $0.hasPrefix("yaml\n") }?.dropFirst(5))
    let policy = try Policy(yaml: String(example), path: "schemas/policy.md")
    #expect(policy.rules.count == 9 && policy.waivers.count == 1 && policy.data?.limit == 200)
  }
}
