import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// Models that must be refused, each with its own code and fast.
@Suite struct RefusalTests {
  static let fixtures: [String: ErrorCode] = [
    "custom-domain-operator": .unsupportedOperators, "dims-fewer-than-bytes": .malformedTensor,
    "dims-more-than-bytes": .malformedTensor, "dims-negative": .malformedTensor,
    "dims-product-overflow": .malformedTensor, "dims-product-wraps-to-zero": .malformedTensor,
    "duplicate-initializer-names": .malformedGraph, "duplicate-output-names": .malformedGraph,
    "empty-initializers": .modelTooLarge, "external-path-absolute": .unsafeExternalData,
    "external-path-parent": .unsafeExternalData, "graph-cycle": .malformedGraph,
    "input-undefined": .malformedGraph, "nested-messages": .modelTooDeep,
    "unsupported-operators": .unsupportedOperators, "weights-infinite": .notFinite,
    "weights-not-a-number": .notFinite,
  ]

  @Test func everyFixtureHasItsCode() {
    let names = FixtureFiles.names(in: "onnx/refused", suffix: ".onnx")
    #expect(Set(names) == Set(RefusalTests.fixtures.keys))
  }

  @Test(arguments: fixtures.sorted { $0.key < $1.key })
  func fixtureIsRefused(name: String, code: ErrorCode) throws {
    var report = Report()
    let path = Fixtures.path("onnx/refused/\(name).onnx")
    let error = try #require(
      throws: PackError.self, "refused"
    ) { try ONNXImporter.graph(MappedFile(path: path), &report) }
    #expect(error.code == code)
    #expect(!error.hint.isEmpty)
    #expect(error.trail.last == .file(path))
  }

  @Test func allUnsupportedOperatorsAreNamedAtOnce() throws {
    let bytes = try fixtureBytes("onnx/refused/unsupported-operators.onnx")
    let error = try #require(throws: PackError.self) { try readModel(bytes) }
    for text in ["lstm_first", "LSTM", "nonzero_second", "NonZero", "feed-forward"] {
      #expect(error.message.contains(text))
    }
  }

  @Test func theElementThatIsNotANumberIsNamed() throws {
    let bytes = try fixtureBytes("onnx/refused/weights-not-a-number.onnx")
    let error = try #require(throws: PackError.self) { try readModel(bytes) }
    #expect(error.trail.contains(.tensor("weight")))
    #expect(error.message.contains("element 11 of [6, 4]"))
  }

  @Test func dynamicExtentsAndInterfacesAreRefused() {
    let relu = ONNXWriter.node("Relu", ["x"], "y")
    func read(_ inputs: [[Int64]], type: Int64 = 1) -> ErrorCode? {
      let values = inputs.enumerated().map { index, shape in
        ONNXWriter.value(index == 0 ? "x" : "x\(index)", shape, type: type)
      }
      let bytes = ONNXWriter.model(nodes: [relu], inputs: values)
      return code { () throws(PackError) in _ = try readModel(bytes) }
    }
    #expect(read([[-1, 6]]) == nil)
    #expect(read([[-1, -2]]) == .unknownShape)
    #expect(read([[-1, 0]]) == .unknownShape)
    #expect(read([[]]) == .unsupportedInterface)
    #expect(read([[2, 6], [3, 6]]) == .unsupportedInterface)
    #expect(read([[-1, 6]], type: 2) == .unsupportedInterface)
    #expect(read([]) == .malformedGraph)
    #expect(read([[1, 1 << 40, 1 << 40]]) == .malformedTensor)
    #expect(read([[1, 1 << 30]]) == .modelTooLarge)
  }

  @Test(arguments: [-1, 0, 6, 29, 1_000_000_000])
  func otherOperatorSetsAreRefused(opset: Int64) {
    let bytes = ONNXWriter.model(opset: opset, nodes: [ONNXWriter.node("Relu", ["x"], "y")])
    #expect(code { () throws(PackError) in _ = try readModel(bytes) } == .unsupportedVersion)
  }

  @Test func formsThatAreNotReadAreRefused() {
    func read(_ node: WireWriter, _ more: [WireWriter] = []) -> ErrorCode? {
      let image = [ONNXWriter.value("x", [-1, 3, 4, 4])]
      let bytes = ONNXWriter.model(nodes: [node], initializers: more, inputs: image)
      return code { () throws(PackError) in _ = try readModel(bytes) }
    }
    let attribute = ONNXWriter.attribute("frobnicate", 1)
    #expect(
      read(ONNXWriter.node("Relu", ["x"], "y", attributes: [attribute])) == .unsupportedAttribute)
    let order = ONNXWriter.attribute("perm", list: [1, 0, 2, 3])
    // The batch may travel, but not end anywhere else than in front.
    #expect(
      read(ONNXWriter.node("Transpose", ["x"], "y", attributes: [order])) == .unsupportedInterface)
    let shape = ONNXWriter.integers("shape", [48, -1])
    #expect(
      read(ONNXWriter.node("Reshape", ["x", "shape"], "y"), [shape]) == .unsupportedAttribute)
    let kernel = ONNXWriter.attribute("kernel_shape", list: [5, 5])
    #expect(read(ONNXWriter.node("MaxPool", ["x"], "y", attributes: [kernel])) == .wrongShape)
    let zero = ONNXWriter.attribute("strides", list: [0, 1])
    #expect(
      read(
        ONNXWriter.node(
          "MaxPool", ["x"], "y",
          attributes: [zero, ONNXWriter.attribute("kernel_shape", list: [2, 2])]))
        == .unsupportedAttribute)
    let batchAxis = ONNXWriter.attribute("axis", 0)
    for name in ["Softmax", "Concat"] {
      let node = ONNXWriter.node(name, ["x"], "y", attributes: [batchAxis])
      #expect(read(node) == .unsupportedAttribute)
    }
    #expect(read(ONNXWriter.node("If", ["x"], "y")) == .unsupportedAttribute)
  }

  /// The shape that the file states would be lost, because samples are put one behind the other.
  @Test func anOutputThatMergesTheBatchIsRefused() throws {
    let shape = ONNXWriter.integers("shape", [-1, 28])
    let back = ONNXWriter.integers("back", [-1, 6, 28])
    let axis = ONNXWriter.attribute("axis", 2)
    let merging = [
      ONNXWriter.node("Reshape", ["x", "shape"], "y"),
      ONNXWriter.node("Flatten", ["x"], "y", attributes: [axis]),
    ]
    for (node, rows) in zip(merging, [6, 3]) {
      for batch in [-1, 2] as [Int64] {
        let image = [ONNXWriter.value("x", [batch, 3, 7, 8])]
        let bytes = ONNXWriter.model(nodes: [node], initializers: [shape], inputs: image)
        let error = try #require(throws: PackError.self) { try readModel(bytes) }
        #expect(error.code == .unsupportedInterface)
        #expect(error.message.contains("[\(rows)·N, "))
      }
    }
    // Within the network the axes may meet and part again.
    let nodes = [
      ONNXWriter.node("Reshape", ["x", "shape"], "rows"),
      ONNXWriter.node("Reshape", ["rows", "back"], "y"),
    ]
    let graph = try readModel(
      ONNXWriter.model(
        nodes: nodes, initializers: [shape, back], inputs: [ONNXWriter.value("x", [-1, 3, 7, 8])]))
    #expect(graph.shape(of: graph.outputs[0]).dimensions == [6, 28])
  }

  @Test func dataInTwoPlacesIsRefused() {
    let weight = ONNXWriter.tensor("weight", [6, 4], floats: Array(repeating: 1, count: 24))
    let typed = weight.block(4, Array(repeating: 0, count: 96))
    for tensor in [typed, ONNXWriter.external(weight, [("location", "a")])] {
      let bytes = ONNXWriter.matrixModel(tensor)
      #expect(code { () throws(PackError) in _ = try readModel(bytes) } == .malformedTensor)
    }
  }
}
