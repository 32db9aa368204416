import SynapackSupport
import TestSupport
import Testing

@testable import Synapack

/// A refusal of an export names one action; taking it again and again ends in an export.
struct FollowedAdviceTests {
  @Test(arguments: ["akida2", "lava", "tinyodin"])
  func leadsToAnExport(target: String) throws {
    let folder = TemporaryFolder()
    var plain = Recipe()
    (plain.timesteps, plain.method, plain.preprocess) = (2, "mmse", "scale=1/16")
    var path = AdvisedPath(plain, [], keeping: [])
    for _ in 0..<8 {
      var report = Report()
      let result = try Job(recipe: try path.recipe(), threads: 2, instruments: .still).convert(
        model: Fixtures.path("digits/mlp.torchscript17.onnx"),
        calibration: Fixtures.path("digits/calibration_x.npy"), &report)
      try AtomicFile.write(result.bytes, to: folder.path("bundle"))
      do throws(PackError) {
        let files = try ExportJob(target: target, allowed: []).run(folder.path("bundle"), &report)
        #expect(!files.isEmpty)
        return
      } catch {
        let leadsOn = path.follow(error.hint)
        #expect(leadsOn, "\(target): \(path.options), \(error)")
      }
    }
    Issue.record("\(target): \(path.options) lead nowhere")
  }
}
