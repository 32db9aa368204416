import SynapackBundle
import SynapackHDF5
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import Synapack

/// Nodes of a NIR recording name layers that hold what HDF5 cannot have in a name.
struct RecordedNameTests {
  /// The golden program with other names of its first layers.
  private func program(_ names: [String]) throws -> SpikingProgram {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    var program = try BundleReader.read(file, &report).bundle.program
    for (index, name) in names.enumerated() { program.populations[index].name = name }
    return program
  }

  @Test(arguments: [
    ("/2/Relu", "%2F2%2FRelu"), ("/2/Relu", "%2f2/Relu"), (".", "%2E"), ("a%b", "a%25b"),
    ("a%b", "a%b"), ("100%", "100%"), ("ü", "%C3%BC"), ("a+b", "a+b"), ("", ""),
  ])
  func aNodeNamesItsLayerPlainlyOrEncoded(layer: String, node: String) throws {
    let names = RecordedName(try program([layer]))
    #expect(try names.subject(of: node) == layer)
    #expect(try names.subject(of: "%69nput") == "input")
    #expect(try names.subject(of: node + "x") == nil)
  }

  @Test(arguments: ["%", "%2", "%2G", "%%", "%-1", "%FF", "a%C3"])
  func whatIsNoEncodingIsNotDecoded(text: String) {
    #expect(RecordedName.decoded(text) == nil)
  }

  @Test func everyNameComesBackFromItsEncoding() {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<300 {
      let scalars = (0..<6).map { _ in
        Unicode.Scalar(UInt32.random(in: 1..<0xD800, using: &generator)) ?? "x"
      }
      let name = String(String.UnicodeScalarView(scalars))
      let encoded = name.utf8.map { "%" + hexadecimal([$0]) }.joined()
      #expect(RecordedName.decoded(encoded) == name, "seed 23")
    }
  }

  /// The shape of one sample of counts, all zero.
  private func counts(_ program: SpikingProgram, _ layer: Int) throws -> NIRObservable {
    let count = program.populations[layer].shape.count
    return .gridded(
      try Tensor(shape: Shape([1, count]), floats: Array(repeating: 0, count: count)))
  }

  @Test func aNameThatMeansTwoLayersIsRefused() throws {
    let program = try program(["a%2Fb", "a/b"])
    let error = #expect(throws: PackError.self) { try RecordedName(program).subject(of: "a%2Fb") }
    #expect(error?.code == .unknownArray && error?.trail == [.node("a%2Fb")])
    #expect(try RecordedName(program).subject(of: "a%252Fb") == "a%2Fb")
    #expect(try RecordedName(program).subject(of: "a/b") == "a/b")
  }

  @Test func twoNodesOfOneLayerAreRefused() throws {
    let program = try program(["a/b"])
    var recording = Recording()
    let error = #expect(throws: PackError.self) {
      try recording.read(["a%2Fb": counts(program, 0), "a/b": counts(program, 0)], program)
    }
    #expect(error?.message == "the nodes `a%2Fb` and `a/b` are both of `a/b`")
    var good = Recording()
    try good.read(["a%2Fb": counts(program, 0), "none": counts(program, 0)], program)
    #expect(Array(good.layers.keys) == ["a/b"] && good.strangers == ["none"])
  }

  /// Inputs that are passed over would let a recording be compared with other inputs.
  @Test func inputsAsEventsAreRefused() throws {
    let program = try program([])
    let events = try Tensor(shape: Shape([1, 1]), floats: [0])
    var recording = Recording()
    let error = #expect(throws: PackError.self) {
      try recording.read(
        ["input": .events(neurons: events, times: events, values: nil, neuronCount: 1, end: 1)],
        program)
    }
    #expect(error?.trail.first == .node("input"))
  }
}
