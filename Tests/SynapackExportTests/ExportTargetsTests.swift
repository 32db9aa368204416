import SynapackExport
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@Suite struct ExportTargetsTests {
  @Test func idsAreUniqueAndInOrder() {
    let ids = ExportTargets.all.map(\.id)
    #expect(ids == Array(Set(ids)).sorted())
    #expect(throws: PackError.self) { try ExportTargets.named("word") }
  }

  /// A file `XTarget.swift` stands for a type that a registry line names.
  @Test func everyTargetIsRegistered() {
    let files = SourceFiles.paths(below: "Sources/SynapackExport/Targets", suffix: "Target.swift")
    let registry = SourceFiles.text("Sources/SynapackExport/ExportTargets.swift")
    #expect(!files.isEmpty)
    for file in files {
      let type = file.split(separator: "/").last.map { $0.dropLast(".swift".count) } ?? ""
      #expect(registry.contains("\(type)("), "\(file)")
    }
  }

  /// Whatever the program, a target writes the same bytes twice or says why it does not.
  @Test(arguments: ExportTargets.all.map(\.id))
  func equalSourcesGiveEqualBytes(id: String) throws {
    let target = try ExportTargets.named(id)
    var written = 0
    for seed in UInt64(1)...40 {
      var programs = RandomProgram(seed: seed, compensates: seed % 3 == 0)
      let source = ExportSource(program: try programs.next())
      do throws(PackError) {
        var reports = [Report(), Report()]
        let first = try ExportTargets.export(source, to: target, &reports[0])
        #expect(try ExportTargets.export(source, to: target, &reports[1]) == first)
        #expect(reports[0] == reports[1] && !first.isEmpty, "seed \(seed)")
        written += 1
      } catch {
        #expect("SYN0741"..."SYN0747" ~= error.code.rawValue, "seed \(seed): \(error)")
        #expect(!error.trail.isEmpty && !error.hint.isEmpty, "seed \(seed): \(error)")
      }
    }
    // The corners that random programs reach are refused by targets for simple neurons.
    if target.capability.features.count > 5 { #expect(written > 10) }
  }

  @Test func theTableHasARowForEachTarget() {
    let rows = CapabilityTable.rows
    #expect(rows.count == ExportTargets.all.count + 1)
    #expect(rows.allSatisfy { $0.count == rows[0].count })
    #expect(CapabilityTable.lines.count == rows.count)
    guard case .object(let members) = CapabilityTable.json,
      case .array(let targets) = members["targets"] ?? .null
    else {
      Issue.record("the table has another form")
      return
    }
    #expect(targets.count == ExportTargets.all.count)
  }
}
