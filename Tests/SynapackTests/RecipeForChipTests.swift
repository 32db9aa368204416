import SynapackPlace
import SynapackSupport
import Testing

@testable import Synapack

/// Defaults that follow the chip.
struct RecipeForChipTests {
  private func chip(_ neurons: String) throws -> Chip {
    try Chip(
      yaml: """
        id: test
        name: Test
        kind: virtual
        mesh: {width: 2, height: 2}
        resources: [{name: neurons, scope: core, capacity: 9, demand: neurons, source: test}]
        neurons: {\(neurons), source: test}
        """)
  }

  @Test func whatIsNotGivenFollowsTheChip() throws {
    let chip = try chip(
      "resets: [zero], schedules: [tick], weight_bits: [2, 5], membrane_bits: [2, 16], "
        + "bias_bits: [2, 6], threshold_scope: layer")
    var report = Report()
    let recipe = Recipe().following(chip, &report)
    #expect(recipe.reset == "zero" && recipe.schedule == "tick")
    #expect(recipe.weightBits == 5 && recipe.shortcutBits == 5 && recipe.biasBits == 6)
    #expect(recipe.membraneBits == 16 && recipe.readoutBits == 16)
    #expect(recipe.thresholdScope == "layer")
    let note = try #require(report.findings.first)
    #expect(note.code == .chipDefaults && note.severity == .note)
    #expect(note.message.contains("--reset zero") && note.message.contains("--weight-bits 5"))
    _ = try recipe.options()
  }

  @Test func whatIsGivenStays() throws {
    let chip = try chip("schedules: [tick], weight_bits: [2, 5]")
    var report = Report()
    let recipe = try Recipe(yaml: "schedule: accumulate\nweight-bits: 8")
    let followed = recipe.following(chip, &report)
    #expect(followed.schedule == "accumulate" && followed.weightBits == 8)
  }

  @Test func aChipThatCarriesTheDefaultsChangesNothing() throws {
    let chip = try chip("schedules: [wavefront, tick], resets: [zero, subtract]")
    var report = Report()
    #expect(Recipe().following(chip, &report) == Recipe())
    #expect(report.findings.isEmpty)
  }
}
