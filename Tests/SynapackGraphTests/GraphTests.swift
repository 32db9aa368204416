import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The invariants of a graph.
struct GraphTests {
  /// x → first → second
  private func draft() throws -> GraphDraft {
    var b = try GraphBuilder(seed: 1, input: [4])
    let first = try b.linear(b.input, 4, name: "first")
    let second = try b.relu(first, name: "second")
    b.draft.outputs = [second]
    return b.draft
  }

  private func code(_ change: (inout GraphDraft) throws -> Void) throws -> ErrorCode? {
    var draft = try draft()
    try change(&draft)
    do {
      _ = try Graph<Analog>(verifying: draft)
      return nil
    } catch { return error.code }
  }

  @Test func theUnchangedDraftIsAGraph() throws {
    #expect(try code { _ in } == nil)
    let graph = try Graph<Analog>(verifying: draft())
    #expect(graph.parameterCount == 20)
    #expect(graph.producer(of: graph.outputs[0])?.name == "second")
    #expect(graph.producer(of: graph.inputs[0]) == nil)
    #expect(graph.consumers(of: graph.inputs[0]).map { $0.name } == ["first"])
  }

  @Test func orderAndCycles() throws {
    #expect(try code { $0.nodes.swapAt(0, 1) } == .malformedGraph)
    #expect(try code { $0.nodes[0].inputs = [$0.nodes[1].output] } == .malformedGraph)
    #expect(try code { $0.nodes[1].inputs = [$0.nodes[1].output] } == .malformedGraph)
  }

  @Test func namesAndDrivers() throws {
    #expect(try code { $0.nodes[1].name = "first" } == .malformedGraph)
    #expect(try code { $0.nodes[1].output = $0.nodes[0].output } == .malformedGraph)
    #expect(try code { $0.nodes[0].output = $0.inputs[0] } == .malformedGraph)
    #expect(try code { $0.inputs.append($0.inputs[0]) } == .malformedGraph)
  }

  @Test(arguments: [-1, 3, Int.max]) func wiresThatDoNotExist(index: Int) throws {
    let wire = WireID(index: index)
    #expect(try code { $0.inputs = [wire] } == .malformedGraph)
    #expect(try code { $0.outputs = [wire] } == .malformedGraph)
    #expect(try code { $0.nodes[0].inputs = [wire] } == .malformedGraph)
    #expect(try code { $0.nodes[1].output = wire } == .malformedGraph)
  }

  @Test func outputs() throws {
    #expect(try code { $0.outputs = [] } == .malformedGraph)
    #expect(try code { $0.outputs = [$0.addWire("loose", try Shape([4]))] } == .malformedGraph)
    #expect(try code { $0.outputs = $0.inputs } == nil)
  }

  @Test func shapesAndWeights() throws {
    #expect(try code { $0.wires[1].shape = try Shape([5]) } == .wrongShape)
    #expect(try code { $0.wires[2].shape = try Shape([2, 2]) } == .wrongShape)
    #expect(try code { $0.weights["w"] = nil } == .missingWeight)
    let other = try Tensor(shape: Shape([4, 3]), floats: Array(repeating: 0, count: 12))
    #expect(try code { $0.weights["w"] = other } == .wrongShape)
  }

  @Test func phases() throws {
    let spike = Op.spike(
      Spike(threshold: "b", amplitude: "b", initial: "b", lower: 0, upper: 1, timesteps: 4))
    #expect(try code { $0.nodes[1].op = spike } == .malformedGraph)
    var draft = try draft()
    let error = #expect(throws: PackError.self) { try Graph<Spiking>(verifying: draft) }
    #expect(error?.code == .malformedGraph)
    draft.nodes[1].op = spike
    #expect(try Graph<Spiking>(verifying: draft).nodes.count == 2)
  }

  @Test func errorsNameTheNode() throws {
    var draft = try draft()
    draft.wires[2].shape = try Shape([2, 2])
    let error = #expect(throws: PackError.self) { try Graph<Analog>(verifying: draft) }
    #expect(error?.trail == [.node("second")])
  }

  @Test func samplesOfAnotherShapeAreRefused() throws {
    let graph = try Graph<Analog>(verifying: draft())
    let sample = FloatArray(shape: try Shape([2, 2]))
    let error = #expect(throws: PackError.self) { try graph.evaluateReference(sample) }
    #expect(error?.code == .wrongDataShape)
  }

  /// An operator's file must have its case, or nothing can hold it.
  @Test func everyOperatorFileIsRegistered() throws {
    let files = FixtureFiles.names(
      inFolder: Fixtures.root + "/Sources/SynapackGraph/Ops", suffix: ".swift")
    try #require(files.count >= 34)
    // `where` is a word of the language, and quoted.
    let text = SourceFiles.text("Sources/SynapackGraph/Op.swift").filter { $0 != "`" }
    for file in files {
      let name = (file.first?.lowercased() ?? "") + file.dropFirst()
      #expect(text.contains("case \(name)(\(file))"), "\(file)")
      #expect(text.contains("case .\(name)(let op): op"), "\(file)")
    }
    #expect(text.split(separator: "\n").count { $0.hasSuffix("(let op): op") } == files.count)
  }
}
