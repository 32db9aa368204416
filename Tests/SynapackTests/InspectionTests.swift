import Synapack
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What is said of a model before any work.
struct InspectionTests {
  /// Attention, which neurons compute by multiplying, and a function that none computes.
  private func attention() throws -> Graph<Analog> {
    var b = try GraphBuilder(seed: 1, input: [4, 6])
    let normalized = try b.add(
      .layerNormalization(LayerNormalization(axis: 1, scale: nil, shift: nil, epsilon: 1e-5)),
      b.input, name: "norm")
    let turned = try b.add(.transpose(Transpose(permutation: [1, 0])), normalized, name: "turn")
    let scores = try b.add(.matrixProduct(MatrixProduct()), normalized, turned, name: "scores")
    let weights = try b.add(.softmax(Softmax()), scores, name: "softmax")
    let mixed = try b.add(.matrixProduct(MatrixProduct()), weights, normalized, name: "mix")
    let gated = try b.add(.activation(Activation(.gelu)), mixed, name: "gelu")
    let output = try b.add(.activation(Activation(.sine)), gated, name: "sine")
    return try b.graph(output)
  }

  @Test func modelsAreDescribedNodeByNode() throws {
    let json = Inspection.model(try attention())
    guard case .object(let members) = json, case .array(let refused)? = members["refused"],
      case .array(let nodes)? = members["nodes"]
    else {
      Issue.record("an inspection is an object with nodes")
      return
    }
    #expect(members["convertible"] == .bool(false))
    #expect(nodes.count == 7)
    func told(_ entries: [JSON], _ key: String, where isTold: ([String: JSON]) -> Bool) -> [JSON?] {
      entries.compactMap { entry in
        guard case .object(let members) = entry, isTold(members) else { return nil }
        return members[key]
      }
    }
    #expect(told(refused, "node") { _ in true } == [.string("sine")])
    #expect(
      told(nodes, "name") { $0["compensated"] == .bool(true) }
        == ["norm", "scores", "softmax", "mix", "gelu"].map { .string($0) })
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
