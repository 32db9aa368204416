import Synapack
import SynapackImport
import SynapackPolicy
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The library as others call it.
struct JobTests {
  /// The body of this function stands in the README, with plain paths; the test below compares.
  private func readmeExample(model: String, calibration: String, output: String) throws {
    var recipe = Recipe()
    recipe.timesteps = 16
    var report = Report()
    let job = Job(recipe: recipe, threads: 2, instruments: .still)
    let result = try job.convert(model: model, calibration: calibration, &report)
    try AtomicFile.write(result.bytes, to: output)
  }

  @Test func theReadmeExampleRuns() throws {
    let folder = TemporaryFolder()
    try readmeExample(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), output: folder.path("x.synapack"))
    var report = Report()
    let inspected = try Job.inspect(folder.path("x.synapack"), &report)
    guard case .object(let members) = inspected else {
      Issue.record("an inspection is an object")
      return
    }
    #expect(members["kind"] == .string("bundle"))
    #expect(members["timesteps"] == .integer(16))
    let checks = try Job.validate(folder.path("x.synapack"), threads: 2)
    for check in checks {
      #expect(check.findings.allSatisfy { $0.severity == .note }, "\(check.name)")
    }
  }

  @Test func everyByteOfABundleIsAccountedFor() throws {
    let folder = TemporaryFolder()
    try readmeExample(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), output: folder.path("x.synapack"))
    var report = Report()
    guard case .object(let members) = try Job.inspect(folder.path("x.synapack"), &report),
      case .integer(let bytes)? = members["bytes"],
      case .integer(var accounted)? = members["containerBytes"],
      case .integer(let weights)? = members["weightBytes"],
      case .integer(let entropy)? = members["weightEntropyBytes"],
      case .array(let sections)? = members["sections"]
    else {
      Issue.record("an inspection tells the bytes of all parts")
      return
    }
    for case .object(let section) in sections {
      guard case .integer(let stored)? = section["stored"] else { continue }
      accounted += stored
      if section["name"] == "weights" {
        #expect(stored == weights && section["codec"] == "modelled")
      }
    }
    #expect(accounted == bytes)
    #expect(Double(weights) < 1.05 * Double(entropy))
  }

  @Test func theHintNamesTheOptionOfTheKey() throws {
    let folder = TemporaryFolder()
    let array = try Tensor(shape: Shape([1, 1, 8, 8]), floats: Array(repeating: 0, count: 64))
    folder.write(try NumPyArchive.bytes(of: [("a", array), ("b", array)]), to: "x.npz")
    let model = Fixtures.path("digits/mlp.torchscript17.onnx")
    let job = Job(recipe: Recipe(), threads: 1, instruments: .still)
    var report = Report()
    let converted = try #require(throws: PackError.self) {
      try job.convert(model: model, calibration: folder.path("x.npz"), &report)
    }
    #expect(converted.code == .unknownArray && converted.hint.contains("--calibration-key"))
    let evaluated = try #require(throws: PackError.self) {
      try job.evaluate(
        EvaluationRequest(
          file: model, data: folder.path("x.npz"), labels: nil, timesteps: nil, model: nil,
          calibration: nil, limit: nil), preprocess: nil, &report)
    }
    #expect(evaluated.code == .unknownArray && evaluated.hint.contains("--data-key"))
  }

  @Test func inputsWithoutVariationAreNoticed() throws {
    let folder = TemporaryFolder()
    func findings(_ value: Float, last: Float) throws -> [Finding] {
      var values = Array(repeating: value, count: 64 * 32)
      values[values.count - 1] = last
      return try findings(values)
    }
    func findings(_ values: [Float]) throws -> [Finding] {
      let data = try Tensor(shape: Shape([values.count / 64, 1, 8, 8]), floats: values)
      folder.write(NumPyArrayFile.bytes(of: data), to: "x.npy")
      var report = Report()
      var recipe = Recipe()
      recipe.timesteps = 2
      _ = try Job(recipe: recipe, threads: 1, instruments: .still).convert(
        model: Fixtures.path("digits/mlp.torchscript17.onnx"), calibration: folder.path("x.npy"),
        &report)
      return report.findings.filter { $0.code == .constantCalibration }
    }
    let found = try findings(0, last: 0)
    #expect(found.map(\.severity) == [.warning])
    #expect(found.first?.place == .file(folder.path("x.npy")))
    #expect(found.first?.message.contains("--preprocess") == true)
    #expect(try findings(0, last: 1).isEmpty)
    // The same input again and again tells no more than once, and one that differs does.
    let digit = (0..<64).map { Float($0 % 7) / 7 }
    let same = (0..<31).flatMap { _ in digit }
    #expect(try findings(same + digit).count == 1)
    let digits = same + digit.reversed()
    #expect(try findings(digits).isEmpty)
    // Beside such inputs no bias counts, and such inputs count beside no bias.
    for (scale, isWarned) in [(Float(1e30), true), (1e8, true), (16, false), (1e-9, true)] {
      #expect(try findings(digits.map { $0 * scale }).isEmpty != isWarned, "\(scale)")
    }
  }

  @Test func theReadmeShowsThatExample() {
    let readme = SourceFiles.text("README.md").split(separator: "\n").map {
      $0.trimmingPrefix { $0 == " " }
    }
    let body =
      SourceFiles.text("Tests/SynapackTests/JobTests.swift")
      .split(separator: "private func readmeExample").dropFirst().first?
      .split(separator: "\n").dropFirst().prefix { $0 != "  }" } ?? []
    #expect(body.count == 6)
    for line in body {
      let shown = line.trimmingPrefix { $0 == " " }
        .replacing("model: model", with: "model: \"model.onnx\"")
        .replacing("calibration: calibration", with: "calibration: \"x.npy\"")
        .replacing("to: output", with: "to: \"model.synapack\"")
      #expect(readme.contains { $0 == shown }, "\(shown)")
    }
  }

  @Test func aLossOfSeverityErrorIsRefusedUntilItIsAllowed() throws {
    // No stage of this build enters such a loss on these networks, so the rule itself is asked.
    var report = Report()
    report.add(Loss(.maxPoolByTournament, .error, subject: "pool", "rounded"))
    #expect {
      try LossPolicy.check(report, allowed: [])
    } throws: { ($0 as? PackError)?.code == .lossRefused }
    try LossPolicy.check(report, allowed: ["SYN0302"])
  }
}
