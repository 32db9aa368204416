import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

/// Damaged files are refused or read; nothing ends the process.
@Suite struct HostileFileTests {
  /// Reads a model and, where it can be read, its shapes; a thrown error is as good.
  private func survives(_ bytes: [UInt8], _ folder: TemporaryFolder) {
    _ = try? readModel(bytes, folder: folder)
  }

  @Test func truncatedModelsAreRefused() throws {
    let bytes = try fixtureBytes("digits/cnn-residual.torchscript17.onnx")
    let folder = TemporaryFolder()
    let lengths = Set(0..<600).union(stride(from: 600, to: bytes.count, by: 97))
    for length in lengths.sorted() {
      let result = code { () throws(PackError) in
        _ = try readModel(Array(bytes[..<length]), folder: folder)
      }
      #expect(result != nil, "\(length) bytes")
    }
  }

  @Test(arguments: ["chain-opset-13", "reshape-from-shape-cast-13"])
  func everyByteMayBeWrong(name: String) throws {
    let bytes = try fixtureBytes("onnx/ops/\(name).onnx")
    let folder = TemporaryFolder()
    for index in bytes.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] ^= change
        survives(damaged, folder)
      }
    }
  }

  @Test func everyShortFileIsSurvived() {
    let folder = TemporaryFolder()
    for first in UInt8.min...UInt8.max {
      survives([first], folder)
      survives([first, 0xFF], folder)
      survives([0x3A, 0x02, first, 0x00], folder)
    }
  }

  @Test(arguments: ["MatMul", "Conv", "Transpose"])
  func emptyWeightsWithHugeExtentsAreRefused(type: String) {
    let huge: [Int64] = [1 << 39, 1 << 40, 1 << 62, .max]
    for extent in huge {
      for dimensions in [
        [0, extent], [0, 1, extent], [extent, 0, 1], [0, extent, extent, extent],
      ] {
        let weight = ONNXWriter.tensor("weight", dimensions, floats: [])
        var nodes = [ONNXWriter.node(type, ["x", "weight"], "y")]
        if type == "Transpose" {
          nodes = [
            ONNXWriter.node(type, ["weight"], "turned"),
            ONNXWriter.node("MatMul", ["x", "turned"], "y"),
          ]
        }
        let inputs = [ONNXWriter.value("x", type == "Conv" ? [-1, 1, 6] : [-1, 6])]
        let bytes = ONNXWriter.model(nodes: nodes, initializers: [weight], inputs: inputs)
        #expect(code { () throws(PackError) in _ = try readModel(bytes) } != nil)
      }
    }
  }

  @Test func derivedWeightsAreBounded() throws {
    let file = try MappedFile(path: Fixtures.path("onnx/ops/relu-13.onnx"))
    var builder = ONNXGraphBuilder(
      origin: Origin(format: "onnx", digest: nil, producer: "", version: ""), batch: .open,
      useCounts: [:], decoder: TensorDecoder(file: file))
    let result = code { () throws(PackError) in
      // A thousand copies of a matrix of a million elements, as many nodes could ask for.
      for _ in 0..<1000 { try builder.reserve(elements: 1 << 20) }
    }
    #expect(result == .modelTooLarge)
  }

  @Test func oneWeightInManyNodesIsStoredOnce() throws {
    let weight = ONNXWriter.tensor("w", [6, 6], floats: (0..<36).map { Float($0) })
    let nodes = [("x", "a"), ("a", "b"), ("b", "y")].map {
      ONNXWriter.node("MatMul", [$0.0, "w"], $0.1)
    }
    let graph = try readModel(ONNXWriter.model(nodes: nodes, initializers: [weight]))
    #expect(graph.nodes.count == 3)
    #expect(graph.weights.names == ["w"])
  }

  @Test func manyNodesOfOneNameTakeLinearTime() throws {
    let count = 20_000
    let nodes = (0..<count).map {
      ONNXWriter.node(
        "Relu", [$0 == 0 ? "x" : "v\($0)"], $0 == count - 1 ? "y" : "v\($0 + 1)", name: "same")
    }
    let graph = try readModel(ONNXWriter.model(nodes: nodes))
    #expect(graph.nodes.count == count)
  }
}
