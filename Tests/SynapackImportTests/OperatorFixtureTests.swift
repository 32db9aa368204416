import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Every model below fixtures/onnx/ops against the output that another runtime gave for it.
@Suite struct OperatorFixtureTests {
  /// Cases that are refused by intent.
  static let refused: [String: ErrorCode] = [
    "clip-attributes-06": .unsupportedVersion
  ]

  static let names = FixtureFiles.names(in: "onnx/ops", suffix: ".onnx")

  @Test func theFixturesAreThere() {
    #expect(OperatorFixtureTests.names.count >= 154)
  }

  @Test(arguments: names) func outputsAgree(name: String) throws {
    var report = Report()
    let path = Fixtures.path("onnx/ops/\(name).onnx")
    if let code = OperatorFixtureTests.refused[name] {
      let error = #expect(throws: PackError.self) {
        try ONNXImporter.graph(MappedFile(path: path), &report)
      }
      #expect(error?.code == code)
      return
    }
    let graph = try ONNXImporter.graph(MappedFile(path: path), &report)
    let inputs = try NumPyArrayFile.read(path: Fixtures.path("onnx/ops/\(name).input.npy"))
    let expected = try NumPyArrayFile.read(path: Fixtures.path("onnx/ops/\(name).output.npy"))
    let worst = try largestDeviation(of: graph, inputs, expected, samples: inputs.shape[0])
    #expect(worst <= 1e-4)
  }

  @Test(arguments: ["cnn-average", "cnn-residual", "mlp"]) func digitsAgree(model: String) throws {
    let names = FixtureFiles.names(in: "digits", suffix: ".onnx").filter { $0.hasPrefix(model) }
    #expect(names.count >= 2)
    let bytes = try NumPyArrayFile.read(path: Fixtures.path("digits/test_x.npy"))
    let pixels = try Tensor(shape: bytes.shape, floats: bytes.floats().map { $0 / 16 })
    let logits = try NumPyArrayFile.read(path: Fixtures.path("digits/\(model).logits.npy"))
    for name in names {
      var report = Report()
      let path = Fixtures.path("digits/\(name).onnx")
      let graph = try ONNXImporter.graph(MappedFile(path: path), &report)
      #expect(try largestDeviation(of: graph, pixels, logits, samples: 3) <= 1e-4)
    }
  }

  /// The largest difference between outputs, relative to the larger of 1 and the expected value.
  private func largestDeviation(
    of graph: Graph<Analog>, _ inputs: Tensor, _ expected: Tensor, samples: Int
  ) throws -> Float {
    let shape = graph.shape(of: graph.inputs[0])
    let size = expected.shape.count / expected.shape[0]
    var worst: Float = 0
    for sample in 0..<samples {
      let values = inputs.floats(in: sample * shape.count..<(sample + 1) * shape.count)
      let outputs = try graph.evaluateReference(FloatArray(shape: shape, values: values))
      let wanted = expected.floats(in: sample * size..<(sample + 1) * size)
      let output = try #require(outputs.first)
      #expect(output.shape.dimensions == Array(expected.shape.dimensions.dropFirst()))
      for (got, want) in zip(output.values, wanted) {
        let deviation = abs(got - want) / max(1, abs(want))
        worst = max(worst, deviation.isNaN ? .infinity : deviation)
      }
    }
    return worst
  }
}
