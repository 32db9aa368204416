import Foundation
import SynapackSupport
import SystemPackage
import TestSupport
import Testing

/// `schemas/policy.example.yaml`: what the page shows, what the schema allows, and what runs.
struct PolicyExampleTests {
  private let example = SourceFiles.text("schemas/policy.example.yaml")
  private let page = SourceFiles.text("schemas/policy.md")

  private func schema() throws -> SchemaForm {
    let text = SourceFiles.text("schemas/policy.schema.json")
    return SchemaForm(
      root: try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]))
  }

  @Test func thePageShowsTheFile() {
    #expect(!example.isEmpty && page.contains("```yaml\n" + example + "```\n"))
  }

  @Test func theFileKeepsTheSchema() throws {
    #expect(try schema().problems(SchemaForm.values(yaml: example)) == [])
  }

  @Test func theSchemaListsTheLosses() throws {
    let loss = (try schema().root["$defs"] as? [String: Any])?["loss"] as? [String: Any]
    #expect(loss?["enum"] as? [String] == ErrorCatalog.losses.map(\.rawValue))
  }

  /// What the reader refuses the schema refuses too, where it can say so.
  @Test(arguments: [
    ("synapack-policy: 1", "synapack-policy: 2"), ("limit: 200", "limit: 0"),
    ("limit: 200", "limt: 200"), ("at-most: 4KiB", "at-most: 4 parrots"),
    ("measure: agreement ", "measure: agreeableness "), ("[SYN0306]", "[SYN0001]"),
    ("severity: warning", "severity: fatal"), ("reason:", "because:"),
    ("    signature:", "    losses: baseline\n    signature:"),
    ("measure: agreement         # with the source model\n    at-least: 95%", "measure: bytes"),
  ])
  func aChangedFileDoesNotKeepTheSchema(part: String, other: String) throws {
    let changed = example.replacingOccurrences(of: part, with: other)
    #expect(changed != example)
    #expect(try !schema().problems(SchemaForm.values(yaml: changed)).isEmpty)
  }

  /// The page's commands, in a folder of their own.
  @Test func theCommandsOfThePageRun() async throws {
    let folder = try Command.temporaryFolder()
    let script = try #require(
      page.components(separatedBy: "```").first { $0.hasPrefix("sh\n") }?.dropFirst(3))
    let path = Command.binary.removingLastComponent().string
    let before = "cd '\(folder)'; PATH='\(path)':$PATH; repository='\(Fixtures.root)'; set -e\n"
    let run = try await Command.shell(before + script)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("waived   size: bytes at-most"), "\(run.output)")
    #expect(run.output.contains("not checked  baseline"))
    let again =
      "synapack validate model.synapack --policy policy.yaml --baseline model.synapack --today "
    let compared = try await Command.shell(before + again + "2027-01-15 --json")
    #expect(compared.status == 0, "\(compared.output)")
    let checks = compared.json?["checks"] as? [[String: Any]] ?? []
    #expect(!checks.contains { $0["status"] as? String == "skipped" })
    let coverage = compared.json?["coverage"] as? [[String: Any]] ?? []
    // Nobody but who has the calibration inputs can tell the rates of a placement.
    let unchecked = coverage.filter { $0["checked"] as? Bool != true }
    #expect(coverage.count == 6 && unchecked.compactMap { $0["subject"] as? String } == ["rates"])
    let late = try await Command.shell(before + again + "2027-02-01")
    #expect(late.status == 1 && late.output.contains("SYN0728"), "\(late.output)")
  }
}
