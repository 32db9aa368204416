import Foundation
import Synapack
import SynapackBundle
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

/// A rectifier passes scales on: a source network may carry a channel as 100 times what another one
/// carries and be the same function. However wild the scales are, the program is the same.
struct ChannelScaleTests {
  private static let model = Fixtures.path("digits/mlp.torchscript17.onnx")

  @Test(arguments: 0..<3, [8, 3])
  func scalesOfChannelsChangeNothing(seed: Int, bits: Int) throws {
    let folder = TemporaryFolder()
    try folder.write(scaledModel(seed: UInt64(seed)), to: "one.onnx")
    try folder.write(scaledModel(seed: UInt64(seed) + 100), to: "other.onnx")
    let one = try program(folder.path("one.onnx"), bits: bits)
    #expect(
      try program(folder.path("other.onnx"), bits: bits) == one, "seed \(seed), \(bits) bits")
  }

  private func program(_ path: String, bits: Int) throws -> SpikingProgram {
    var recipe = Recipe()
    (recipe.timesteps, recipe.preprocess) = (8, "scale=1/16")
    recipe.weightBits = bits
    recipe.sparsity = bits < 8 ? 0.5 : 0
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: path, calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    return try BundleReader.read(result.bytes, &report).bundle.program
  }

  private func graph() throws -> Graph<Analog> {
    var report = Report()
    return try ONNXImporter.graph(MappedFile(path: Self.model), &report)
  }

  private func layers(_ graph: Graph<Analog>) throws -> [(weight: String, bias: String)] {
    try graph.nodes.compactMap { node in
      guard case .linear(let linear) = node.op else { return nil }
      return (linear.weight, try #require(linear.bias))
    }
  }

  /// The model with each hidden channel times a power of two, by which its readers divide.
  private func scaledModel(seed: UInt64) throws -> [UInt8] {
    var bytes = try MappedFile(path: Self.model).copy
    let graph = try graph()
    var random = SeededGenerator(seed: seed)
    var scales: [Float] = []
    for layer in try layers(graph) {
      let weights = try graph.weights.floats(layer.weight)
      let bias = try graph.weights.floats(layer.bias)
      let columns = weights.count / bias.count
      let own: [Float] =
        bias.count == 10
        ? Array(repeating: 1, count: 10)
        : bias.map { _ in
          Float(sign: .plus, exponent: .random(in: -4...4, using: &random), significand: 1)
        }
      let scaled = weights.enumerated().map { place, value in
        value * own[place / columns] / (scales.isEmpty ? 1 : scales[place % columns])
      }
      #expect(scaled != weights)
      try replace(weights, by: scaled, in: &bytes)
      try replace(bias, by: zip(bias, own).map { $0 * $1 }, in: &bytes)
      scales = own
    }
    return bytes
  }

  /// Raw data of ONNX are float32, little-endian.
  private func replace(_ old: [Float], by new: [Float], in bytes: inout [UInt8]) throws {
    func raw(_ values: [Float]) -> Data {
      Data(
        values.flatMap { value in
          (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
        })
    }
    let range = try #require(Data(bytes).range(of: raw(old)))
    bytes.replaceSubrange(range, with: raw(new))
  }
}
