import Synapack
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What is said of a model before any work.
struct InspectionTests {
  /// Attention: it runs dense, and is refused node by node.
  private func attention() throws -> Graph<Analog> {
    var b = try GraphBuilder(seed: 1, input: [4, 6])
    let normalized = try b.add(
      .layerNormalization(LayerNormalization(axis: 1, scale: nil, shift: nil, epsilon: 1e-5)),
      b.input, name: "norm")
    let turned = try b.add(.transpose(Transpose(permutation: [1, 0])), normalized, name: "turn")
    let scores = try b.add(.matrixProduct(MatrixProduct()), normalized, turned, name: "scores")
    let weights = try b.add(.softmax(Softmax()), scores, name: "softmax")
    let mixed = try b.add(.matrixProduct(MatrixProduct()), weights, normalized, name: "mix")
    let output = try b.add(.activation(Activation(.gelu)), mixed, name: "gelu")
    return try b.graph(output)
  }

  @Test func denseModelsAreDescribedNodeByNode() throws {
    let json = Inspection.model(try attention())
    guard case .object(let members) = json, case .array(let refused)? = members["refused"],
      case .array(let nodes)? = members["nodes"]
    else {
      Issue.record("an inspection is an object with nodes")
      return
    }
    #expect(members["convertible"] == .bool(false))
    #expect(nodes.count == 6)
    let names = refused.map { entry -> JSON? in
      if case .object(let members) = entry { members["node"] } else { nil }
    }
    #expect(names == ["norm", "scores", "softmax", "mix", "gelu"].map { .string($0) })
  }

  @Test func theDigestOfTheGraphIsTold() throws {
    let graph = try attention()
    let digest = try graph.canonicalDigest()
    guard case .object(let told) = Inspection.model(graph, digest: digest),
      case .object(let untold) = Inspection.model(graph)
    else {
      Issue.record("an inspection is an object")
      return
    }
    #expect(told["graphDigest"] == .string(digest.description))
    #expect(untold["graphDigest"] == .null)
  }
}
