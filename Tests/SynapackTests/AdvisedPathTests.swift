import Testing

@testable import Synapack

/// Advice that is followed: to options that were not tried, and never over ones that were given.
struct AdvisedPathTests {
  private func path(_ needed: [(String, String)] = [], keeping given: [String] = []) -> AdvisedPath
  {
    AdvisedPath(Recipe(), needed.map { (option: $0.0, value: $0.1) }, keeping: given)
  }

  @Test func optionsStandBetweenBackquotes() {
    #expect(
      AdvisedPath.options(in: "convert again with `--weight-bits 4` and `--shortcut-bits 4`")
        == ["weight-bits": "4", "shortcut-bits": "4"])
    #expect(
      AdvisedPath.options(in: "convert again with `--readout membrane` or `--readout count`")
        == ["readout": "membrane"])
    for hint in [
      "use a smaller network", "list them with `synapack export --list`",
      "accept the loss with --allow SYN0748",
      "convert again without `--gated`, and with `--schedule tick`",
    ] {
      #expect(AdvisedPath.options(in: hint).isEmpty, "\(hint)")
    }
  }

  @Test func whatIsAdvisedIsLaidOverWhatIsNeeded() throws {
    var path = path([("input-bits", "4"), ("reset", "zero")])
    let follows = path.follow("convert again with `--input-bits 2`")
    #expect(follows && path.steps == 1)
    #expect(path.options == ["--input-bits 2", "--reset zero"])
    #expect(path.advised == ["--input-bits 2"])
    let recipe = try path.recipe()
    #expect(recipe.inputBits == 2 && recipe.reset == "zero" && recipe.given.isEmpty)
    path.goBack()
    #expect(path.options == ["--input-bits 4", "--reset zero"] && path.advised.isEmpty)
  }

  /// Two refusals that send each other round end, as does one that advises what was done.
  @Test func noAdviceLeadsRoundInCircles() {
    var path = path([("input-bits", "4")])
    var told: [Bool] = []
    for bits in [4, 2, 4, 2] { told.append(path.follow("convert with `--input-bits \(bits)`")) }
    #expect(told == [false, true, false, false] && path.options == ["--input-bits 2"])
    #expect(path.isSpent("convert with `--input-bits 4`") && !path.isSpent("use fewer layers"))
  }

  @Test func whatWasGivenStays() {
    var path = path(keeping: ["--weight-bits"])
    let both = "convert again with `--weight-bits 4` and `--shortcut-bits 4`"
    let follows = path.follow(both)
    #expect(!follows && path.options.isEmpty && !path.isSpent(both))
  }

  /// No text of a hint ends the work but as a refusal.
  @Test func anOptionThatNoRecipeHasIsRefused() {
    var path = path()
    let follows = path.follow("use `--voltage 3`")
    #expect(follows)
    #expect(throws: (any Error).self) { try path.recipe() }
  }
}
