import SynapackDense
import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Imported models against the outputs that other runtimes gave for them.
struct DenseFixtureTests {
  /// Cases that no importer takes.
  static let refused: Set = ["clip-attributes-06"]

  static let cases = FixtureFiles.names(in: "onnx/ops", suffix: ".onnx")
    .filter { !refused.contains($0) }

  @Test(arguments: cases) func operatorsAgree(name: String) throws {
    var report = Report()
    let path = Fixtures.path("onnx/ops/\(name)")
    let graph = try ONNXImporter.graph(MappedFile(path: path + ".onnx"), &report)
    let inputs = try NumPyArrayFile.read(path: path + ".input.npy")
    let expected = try NumPyArrayFile.read(path: path + ".output.npy").floats()
    let outputs = try DenseNetwork(graph).output(inputs.floats(), count: inputs.shape[0])
    try #require(outputs.count == expected.count)
    #expect(largestDeviation(outputs, expected) <= 1e-4)
  }

  static let digits = FixtureFiles.names(in: "digits", suffix: ".onnx")

  @Test(arguments: digits) func digitsAgreeOnEveryTestImage(name: String) throws {
    var report = Report()
    let graph = try ONNXImporter.graph(
      MappedFile(path: Fixtures.path("digits/\(name).onnx")), &report)
    let network = try DenseNetwork(graph)
    let images = try NumPyArrayFile.read(path: Fixtures.path("digits/test_x.npy"))
    let pixels = images.floats().map { $0 / 16 }
    let model = try #require(name.split(separator: ".").first)
    let logits = try NumPyArrayFile.read(path: Fixtures.path("digits/\(model).logits.npy"))
    try #require(logits.shape.dimensions == [500, 10])
    let outputs = try network.output(pixels, count: 500)
    #expect(largestDeviation(outputs, logits.floats()) <= 1e-4)
    // Kernels may round otherwise for another number of columns, so the batches agree closely.
    let eight = try network.output(Array(pixels[..<512]), count: 8)
    #expect(largestDeviation(eight, Array(outputs[..<80])) <= 1e-5)
    for sample in 0..<8 {
      let one = try network.output(Array(pixels[sample * 64..<(sample + 1) * 64]), count: 1)
      #expect(largestDeviation(one, Array(outputs[sample * 10..<(sample + 1) * 10])) <= 1e-5)
      #expect(one == (try network.output(Array(pixels[sample * 64..<(sample + 1) * 64]), count: 1)))
    }
  }

  @Test func allDigitsModelsAreThere() {
    #expect(DenseFixtureTests.digits.count >= 7)
    #expect(DenseFixtureTests.cases.count >= 150)
  }

  /// The largest difference, relative to the larger of 1 and the expected value.
  private func largestDeviation(_ values: [Float], _ expected: [Float]) -> Float {
    zip(values, expected).reduce(0) { worst, pair in
      let deviation = abs(pair.0 - pair.1) / max(1, abs(pair.1))
      return max(worst, deviation.isNaN ? .infinity : deviation)
    }
  }
}
