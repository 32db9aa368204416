import Synapack
import SynapackSupport
import TestSupport
import Testing

/// A refusal of an export names one action; taking it again and again ends in an export.
struct FollowedAdviceTests {
  @Test(arguments: ["lava", "tinyodin"])
  func leadsToAnExport(target: String) throws {
    let folder = TemporaryFolder()
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (2, "mmse", "scale=1/16")
    var taken: [String] = []
    for _ in 0..<8 {
      var report = Report()
      let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
        model: Fixtures.path("digits/mlp.torchscript17.onnx"),
        calibration: Fixtures.path("digits/calibration_x.npy"), &report)
      try AtomicFile.write(result.bytes, to: folder.path("bundle"))
      do throws(PackError) {
        let files = try ExportJob(target: target, allowed: []).run(folder.path("bundle"), &report)
        #expect(!files.isEmpty)
        return
      } catch {
        let options = FollowedAdviceTests.options(error.hint)
        #expect(!options.isEmpty && !taken.contains(error.hint), "\(target): \(taken), \(error)")
        taken.append(error.hint)
        let yaml = options.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        try FollowedAdviceTests.lay(try Recipe(yaml: yaml), over: &recipe)
      }
    }
    Issue.record("\(target): \(taken) lead nowhere")
  }

  /// The options that a hint names, with their values.
  private static func options(_ hint: String) -> [(String, String)] {
    hint.split(separator: "`").compactMap { part in
      let words = part.split(separator: " ")
      guard words.count == 2, words[0].hasPrefix("--") else { return nil }
      return (String(words[0].dropFirst(2)), String(words[1]))
    }
  }

  private static func lay(_ other: Recipe, over recipe: inout Recipe) throws {
    for key in other.given {
      switch key {
      case "bias-bits": recipe.biasBits = other.biasBits
      case "input": recipe.input = other.input
      case "membrane-bits": recipe.membraneBits = other.membraneBits
      case "reset": recipe.reset = other.reset
      case "schedule": recipe.schedule = other.schedule
      case "start": recipe.start = other.start
      case "threshold-scope": recipe.thresholdScope = other.thresholdScope
      case "weight-bits": recipe.weightBits = other.weightBits
      default: Issue.record("no conversion of this test takes `\(key)`")
      }
    }
  }
}
