import Synapack
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Inputs, labels and methods that a user meant otherwise are told of, and sound ones are not.
struct MistakenInputTests {
  private static let model = Fixtures.path("digits/mlp.torchscript17.onnx")
  private let folder = TemporaryFolder()

  private func converted(
    _ calibration: String, _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> (path: String, findings: [Finding]) {
    var recipe = Recipe()
    (recipe.timesteps, recipe.preprocess) = (8, "scale=1/16")
    change(&recipe)
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: MistakenInputTests.model, calibration: calibration, &report)
    folder.write(result.bytes, to: "x.synapack")
    return (folder.path("x.synapack"), report.findings)
  }

  private var calibration: String { Fixtures.path("digits/calibration_x.npy") }

  private func findings(_ bundle: String, data: String) throws -> [Finding] {
    var report = Report()
    _ = try Job(recipe: Recipe(), threads: 2, instruments: .still).evaluate(
      EvaluationRequest(
        file: bundle, data: data, labels: nil, timesteps: nil, model: nil, calibration: nil,
        limit: nil), preprocess: nil, &report)
    return report.findings
  }

  /// The test images with every value times a factor.
  private func scaled(_ factor: Float) throws -> String {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/test_x.npy"))
    let tensor = try Tensor(shape: images.shape, floats: images.floats().map { $0 * factor })
    folder.write(NumPyArrayFile.bytes(of: tensor), to: "scaled.npy")
    return folder.path("scaled.npy")
  }

  @Test(arguments: [(1, false), (10, true), (-1, true), (0.0625, true)] as [(Float, Bool)])
  func dataOfAnotherScaleIsToldOf(factor: Float, isWarned: Bool) throws {
    let bundle = try converted(calibration).path
    let found = try findings(bundle, data: scaled(factor)).filter { $0.code == .clippedInput }
    #expect(found.contains { $0.severity == .warning } == isWarned, "\(found)")
    for finding in found where finding.severity == .warning {
      #expect(finding.message.contains("check") && finding.message.contains("--preprocess"))
      #expect(finding.place == .file(folder.path("scaled.npy")))
    }
  }

  @Test func fewCalibrationInputsAreToldOf() throws {
    let images = try NumPyArrayFile.read(path: calibration)
    for (count, isWarned) in [(1, true), (31, true), (32, false)] {
      let tensor = try Tensor(
        shape: Shape([count, 1, 8, 8]), floats: images.floats(in: 0..<count * 64))
      folder.write(NumPyArrayFile.bytes(of: tensor), to: "few.npy")
      let found = try converted(folder.path("few.npy")).findings
      #expect(found.contains { $0.code == .constantCalibration } == isWarned, "\(found)")
    }
  }

  /// A method that keeps less than three of four decisions says so, and names what keeps more.
  @Test func aMethodThatLosesDecisionsIsToldOf() throws {
    let poor = try converted(calibration) { ($0.method, $0.timesteps) = ("spike-norm", 2) }
    let found = try #require(poor.findings.first { $0.code == .lostDecisions })
    #expect(found.severity == .warning && found.message.contains("use --method refit"))
    #expect(try converted(calibration).findings.allSatisfy { $0.code != .lostDecisions })
  }

  @Test func labelsInRowsAreReadOrExplained() throws {
    let labels = try NumPyArrayFile.read(path: Fixtures.path("digits/test_y.npy")).integers()
    func read(_ shape: [Int], _ values: [Float]) throws -> [Int] {
      folder.write(
        NumPyArrayFile.bytes(of: try Tensor(shape: Shape(shape), floats: values)), to: "y.npy")
      return try Labels.read(
        path: folder.path("y.npy"), count: labels.count, of: labels.count, classes: 10)
    }
    var rows = Array(repeating: Float(0), count: labels.count * 10)
    for (row, label) in labels.enumerated() { rows[row * 10 + Int(label)] = 1 }
    let refused = #expect(throws: PackError.self) { try read([labels.count, 10], rows) }
    #expect(refused?.code == .wrongLabels && refused?.hint.contains("argmax") == true)
    // Rows that are scores are no labels either, and nothing says what they mean.
    rows[0] = 0.5
    let scores = #expect(throws: PackError.self) { try read([labels.count, 10], rows) }
    #expect(scores?.hint.contains("argmax") == false)
  }
}
