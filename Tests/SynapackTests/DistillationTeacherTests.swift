import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

/// Programs that learn from the program of another bundle, on a digits network.
struct DistillationTeacherTests {
  private static let folder = TemporaryFolder()

  private func convert(
    teacher: String? = nil, checkpoint: String? = nil, model: String = "mlp",
    change: (inout Recipe) -> Void = { _ in }
  ) throws -> (bytes: [UInt8], program: SpikingProgram, id: Digest, losses: [Loss]) {
    var recipe = Recipe()
    (recipe.timesteps, recipe.method, recipe.preprocess) = (2, "mmse", "scale=1/16")
    (recipe.distilSteps, recipe.distilRate) = (12, 0.0002)
    change(&recipe)
    var request = DistillationRequest()
    (request.teacher, request.checkpoint) = (teacher, checkpoint)
    var report = Report()
    let result = try Job(
      recipe: recipe, threads: 2, instruments: .still, distillation: request
    ).convert(
      model: Fixtures.path("digits/\(model).torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    let stored = try BundleReader.read(result.bytes, &report)
    return (result.bytes, stored.bundle.program, stored.contentID, report.losses)
  }

  /// A bundle that was not trained, in a file.
  private func bundle(
    _ name: String, model: String = "mlp", change: (inout Recipe) -> Void = { _ in }
  ) throws -> (path: String, program: SpikingProgram, id: Digest) {
    let made = try convert(model: model) {
      $0.distilSteps = 0
      change(&$0)
    }
    let path = Self.folder.path(name)
    try AtomicFile.write(made.bytes, to: path)
    return (path, made.program, made.id)
  }

  /// Its own answers leave nothing to learn: no loss, no gradient, the same program.
  @Test func aProgramThatTeachesItselfStaysAsItIs() throws {
    let own = try bundle("own")
    let taught = try convert(teacher: own.path) { $0.distilThrough = "ticks" }
    #expect(taught.program == own.program)
    let loss = try #require(taught.losses.first { $0.code == .distilled })
    #expect(loss.message.contains("loss on held inputs 0.0 to 0.0"), "\(loss.message)")
    #expect(loss.message.contains("the program of bundle \(own.id.description.prefix(16))"))
    #expect(loss.measured == 1)
  }

  @Test func moreTicksTeachSomethingElseThanTheNetwork() throws {
    let many = try bundle("many") { $0.timesteps = 16 }
    let one = try convert(teacher: many.path)
    #expect(one.bytes == (try convert(teacher: many.path).bytes))
    #expect(one.program != (try convert().program))
    #expect(one.program.timesteps == 2)
  }

  @Test func aRunOfAnotherTeacherIsNotGoneOnWith() throws {
    let many = try bundle("many-ticks") { $0.timesteps = 16 }
    let state = Self.folder.path("state")
    _ = try convert(teacher: many.path, checkpoint: state)
    #expect {
      _ = try convert(checkpoint: state)
    } throws: { ($0 as? PackError)?.code == .cannotResume }
  }

  @Test func aTeacherOfOtherInputsIsRefused() throws {
    let scaled = try bundle("scaled") { $0.preprocess = "scale=1/8" }
    let others = [
      (scaled.path, "scale=1/16", "`scale=1/8`"),
      (Fixtures.path("bundles/v1/minimal.synapack"), "", "[1] into 10 scores"),
    ]
    for (path, preprocess, words) in others {
      do {
        _ = try convert(teacher: path) { $0.preprocess = preprocess }
        Issue.record("\(path) taught")
      } catch let error as PackError {
        #expect(error.code == .badOption && error.trail == [.option("--distil-teacher")])
        #expect(error.message.contains(words), "\(error.message)")
      }
    }
    do {
      _ = try convert(teacher: Fixtures.path("digits/calibration_x.npy"))
      Issue.record("an array taught")
    } catch let error as PackError {
      #expect(error.code != .badOption)
    }
  }
}
