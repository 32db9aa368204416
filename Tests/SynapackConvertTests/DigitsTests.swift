import SynapackConvert
import SynapackDense
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Trained networks keep their accuracy with 8-bit weights and integrate-and-fire neurons.
struct DigitsTests {
  struct Case: Sendable, CustomStringConvertible {
    var model: String
    var timesteps: Int
    var schedule: Schedule
    /// Percentage points of accuracy that the program may lose against its network.
    var tolerance: Double
    /// Test images run, from the first.
    var images: Int
    var payloads = 0...1
    var description: String { "\(model) \(schedule) T=\(timesteps)" }
  }

  /// All 500 images at T = 16, otherwise 200, and 64 to calibrate: for the time of a debug build.
  static let cases = ["cnn-average", "cnn-residual"].flatMap { model in
    [
      Case(model: model, timesteps: 16, schedule: .wavefront, tolerance: 1, images: 500),
      Case(model: model, timesteps: 64, schedule: .wavefront, tolerance: 0.5, images: 200),
      Case(model: model, timesteps: 15, schedule: .accumulate, tolerance: 0.5, images: 200),
    ]
  }

  @Test(arguments: cases) func accuracyIsKept(_ test: Case) throws {
    var report = Report()
    let path = Fixtures.path("digits/\(test.model).torchscript17.onnx")
    let graph = try ONNXImporter.graph(MappedFile(path: path), &report)
    let calibration = try Self.pixels("calibration_x", count: 64)
    let options = ConversionOptions(
      timesteps: test.timesteps, schedule: test.schedule, payloads: test.payloads)
    let conversion = try Conversion(graph, calibration, options)
    let images = try Self.pixels("test_x", count: test.images)
    let labels = try NumPyArrayFile.read(path: Fixtures.path("digits/test_y.npy")).integers()
    let dense = try DenseNetwork(graph).output(images, count: test.images)
    let simulator = try Simulator(conversion.program)
    let encoded = conversion.encode(images)
    let decisions = try parallelUnits(count: test.images, threads: 2) {
      (index) throws(PackError) in
      try simulator.run(encoded[index]).decision
    }
    var (kept, original) = (0, 0)
    for index in 0..<test.images {
      let scores = dense[index * 10..<(index + 1) * 10]
      let best = scores.indices.max { scores[$0] < scores[$1] }.map { $0 - scores.startIndex }
      if best == Int(labels[index]) { original += 1 }
      if decisions[index] == Int(labels[index]) { kept += 1 }
    }
    let lost = Double(original - kept) / Double(test.images) * 100
    #expect(lost <= test.tolerance, "\(test): \(kept) of \(original) right in \(test.images)")
  }

  /// A vision transformer of two blocks, with 8-bit weights and payloads of 8 bits and a sign.
  @Test func aTransformerKeepsItsAccuracy() throws {
    try accuracyIsKept(
      Case(
        model: "vit", timesteps: 8, schedule: .wavefront, tolerance: 1, images: 500,
        payloads: 0...255))
  }

  static func pixels(_ name: String, count: Int) throws -> [Float] {
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/\(name).npy"))
    return images.floats(in: 0..<count * 64).map { $0 / 16 }
  }
}
