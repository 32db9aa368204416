import Synapack
import SynapackSupport
import TestSupport
import Testing

@Suite struct TargetComparisonTests {
  private func comparison(_ path: String, _ targets: [String]) throws -> TargetComparison {
    var report = Report()
    let job = Job(recipe: Recipe(), threads: 1, instruments: .still)
    let request = TargetComparisonRequest(file: Fixtures.path(path), targets: targets)
    return try job.compareTargets(request, &report)
  }

  /// Every target has a row, which is either exact or says what to do.
  @Test func aBundleIsCarriedOrRefusedByEveryTarget() throws {
    let rows = try comparison("bundles/v1/full.synapack", []).rows
    #expect(rows.count > 8)
    for row in rows {
      #expect((row.bytes == nil) == (row.refusal != nil), "\(row.target)")
      #expect(row.refusal.map { !$0.hint.isEmpty } ?? true, "\(row.target)")
    }
    #expect(rows.first { $0.target == "c" }?.refusal == nil)
    #expect(
      try comparison("bundles/v1/full.synapack", ["json", "c"]).rows.map(\.target) == ["json", "c"])
  }

  @Test func linesAndDocumentHaveARowEach() throws {
    let comparison = try comparison("bundles/v1/minimal.synapack", [])
    let starts = comparison.lines.filter { !$0.hasPrefix(" ") }
    #expect(starts.count == comparison.rows.count)
    guard case .object(let members) = comparison.json,
      case .array(let targets) = members["targets"] ?? .null
    else {
      Issue.record("the document has another form")
      return
    }
    #expect(targets.count == comparison.rows.count)
  }

  /// What fits a target's chip has cores there, in the line and in the document.
  @Test func rowsCountTheCoresOfTheirChips() throws {
    let comparison = try comparison("bundles/v1/minimal.synapack", [])
    let counted = comparison.rows.filter { $0.cores != nil }
    #expect(!counted.isEmpty)
    for row in comparison.rows {
      #expect((row.cores == nil) == (row.chip == nil))
      #expect(row.cores.map { $0 > 0 && row.refusal == nil } ?? true, "\(row.target)")
    }
    for row in counted {
      let chip = row.chip ?? ""
      #expect(comparison.lines.contains { $0.hasPrefix(row.target) && $0.contains("of \(chip)") })
    }
  }

  /// Loihi's operations have published costs, those of a processor that runs C have none.
  @Test func publishedCostsGiveAnEnergy() throws {
    var report = Report()
    var recipe = Recipe()
    (recipe.timesteps, recipe.preprocess) = (4, "scale=1/16")
    let request = TargetComparisonRequest(
      file: Fixtures.path("digits/mlp.torchscript17.onnx"), targets: ["loihi1", "c"],
      calibration: Fixtures.path("digits/calibration_x.npy"),
      data: Fixtures.path("digits/test_x.npy"), limit: 8)
    let comparison = try Job(recipe: recipe, threads: 2, instruments: .still)
      .compareTargets(request, &report)
    let loihi = try #require(comparison.rows.first { $0.target == "loihi1" })
    let energy = try #require(loihi.energy, "\(comparison.lines)")
    #expect(energy.table == "loihi" && energy.picojoules > 0)
    #expect(comparison.lines.contains { $0.hasPrefix("loihi1") && $0.contains("nJ estimated") })
    #expect(comparison.rows.first { $0.target == "c" }?.energy == nil)
  }

  @Test func aModelNeedsCalibrationAndTargetsHaveNames() throws {
    var report = Report()
    let job = Job(recipe: Recipe(), threads: 1, instruments: .still)
    let model = Fixtures.path("digits/mlp.torchscript17.onnx")
    let noInputs = #expect(throws: PackError.self) {
      try job.compareTargets(TargetComparisonRequest(file: model, targets: []), &report)
    }
    #expect(noInputs?.code == .badOption)
    let unknown = #expect(throws: PackError.self) {
      try job.compareTargets(TargetComparisonRequest(file: model, targets: ["word"]), &report)
    }
    #expect(unknown?.code == .unknownName)
  }
}
