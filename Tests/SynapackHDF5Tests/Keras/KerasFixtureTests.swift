import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// Models that Keras 2 and 3 wrote, against the outputs that Keras itself computed.
struct KerasFixtureTests {
  static let files =
    [".keras", ".h5"].flatMap { suffix in
      FixtureFiles.names(in: "keras/models", suffix: suffix).map { $0 + suffix }
    }

  /// `nested` for `nested.h5`, `nested.keras2` for `nested.keras2.keras`.
  private static func stem(_ file: String) -> String {
    [".keras", ".h5"].first { file.hasSuffix($0) }.map { String(file.dropLast($0.count)) } ?? file
  }

  private func arrays(_ stem: String, _ kind: String) throws -> [Tensor] {
    let names = FixtureFiles.names(in: "keras/models", suffix: ".npy").filter {
      $0 == "\(stem).\(kind)" || $0.hasPrefix("\(stem).\(kind)-")
    }
    return try names.map { try NumPyArrayFile.read(path: Fixtures.path("keras/models/\($0).npy")) }
  }

  /// One sample in the order of our wires: channels first where there are planes.
  private func sample(_ index: Int, of tensor: Tensor, hasLines: Bool) throws -> FloatArray {
    let shape = Array(tensor.shape.dimensions.dropFirst())
    let count = shape.reduce(1, *)
    let values = tensor.floats(in: index * count..<(index + 1) * count)
    guard shape.count > 2 || shape.count == 2 && hasLines else {
      return FloatArray(shape: try Shape(shape), values: values)
    }
    let rank = shape.count
    let turned = [shape[rank - 1]] + shape.dropLast()
    let cells = count / shape[rank - 1]
    return FloatArray(
      shape: try Shape(turned),
      values: (0..<count).map { values[$0 % cells * shape[rank - 1] + $0 / cells] })
  }

  @Test(arguments: files)
  func computesWhatKerasComputes(file: String) throws {
    var report = Report()
    let graph = try KerasImporter.graph(
      MappedFile(path: Fixtures.path("keras/models/" + file)), &report)
    let stem = Self.stem(file)
    let hasLines = file.contains("1d")
    let inputs = try arrays(stem, "input")
    let outputs = try arrays(stem, "output")
    #expect(!inputs.isEmpty && graph.inputs.count == inputs.count)
    #expect(!outputs.isEmpty && graph.outputs.count == outputs.count)
    for index in 0..<inputs[0].shape[0] {
      let samples = try inputs.map { try sample(index, of: $0, hasLines: hasLines) }
      let results = try graph.evaluateReference(samples)
      for (result, output) in zip(results, outputs) {
        let expected = try sample(index, of: output, hasLines: hasLines)
        #expect(result.shape == expected.shape)
        for (value, other) in zip(result.values, expected.values) {
          #expect(abs(value - other) <= 2e-5 * max(1, abs(other)), "\(file)")
        }
      }
    }
  }

  @Test func whatActsInTrainingAloneIsReported() throws {
    var report = Report()
    _ = try KerasImporter.graph(
      MappedFile(path: Fixtures.path("keras/models/dropped.keras")), &report)
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.code == .trainingLayer && finding.severity == .note)
    #expect(finding.message.contains("dropout") && finding.message.contains("gaussian_noise"))
  }

  @Test func onlyKerasFilesAreRecognised() throws {
    for file in ["keras/models/nested.keras", "keras/models/nested.keras2.h5"] {
      #expect(KerasImporter.recognises(try MappedFile(path: Fixtures.path(file))))
    }
    for file in ["hdf5/read/latest.h5", "onnx/ops/add-residual-13.onnx"] {
      #expect(!KerasImporter.recognises(try MappedFile(path: Fixtures.path(file))))
    }
  }

  @Test func theSameNetworkInEachFormIsTheSameGraph() throws {
    // Keras 2 and 3 draw the same weights for these; only the forms of one Keras are compared.
    for (first, second) in [
      ("nested.keras", "nested.h5"), ("nested.keras2.keras", "nested.keras2.h5"),
      ("flatten-planes.keras", "flatten-planes.h5"),
    ] {
      var report = Report()
      let graphs = try [first, second].map {
        try KerasImporter.graph(MappedFile(path: Fixtures.path("keras/models/" + $0)), &report)
      }
      #expect(graphs[0].nodes.map(\.op.name) == graphs[1].nodes.map(\.op.name))
      let values = graphs.map { graph in
        graph.nodes.flatMap { $0.op.payload.weightNames }.map { graph.weights[$0]?.floats() }
      }
      #expect(values[0] == values[1])
    }
  }

  /// Flattened planes need no node that puts them in order: the rows of the matrix are turned.
  @Test func flattenIsAbsorbedByTheMatrix() throws {
    var report = Report()
    for file in ["flatten-planes.keras", "flat-branches.keras", "nested.keras"] {
      let graph = try KerasImporter.graph(
        MappedFile(path: Fixtures.path("keras/models/" + file)), &report)
      for node in graph.nodes {
        #expect(!["transpose", "select"].contains(node.op.name), "\(file)")
      }
    }
  }
}
