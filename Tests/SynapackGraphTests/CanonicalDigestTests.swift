import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// One network under many names has one digest, and another network another.
struct CanonicalDigestTests {
  /// What may differ between two files of one network.
  private struct Dress {
    var prefix = ""
    var swapsBranches = false
    var asInt8 = false
    var factor: Float = 1
    var relu = Op.relu(Relu())
    var padsApart = false
    var reshapesTwice = false
    var join = Op.add(Add())
    var zeroBias = false
  }

  private func graph(_ dress: Dress) throws -> Graph<Analog> {
    var draft = GraphDraft(
      origin: Origin(format: dress.prefix, digest: nil, producer: "", version: ""))
    let input = draft.addWire(dress.prefix + "x", try Shape([2, 4, 4]))
    draft.inputs = [input]
    func store(_ name: String, _ shape: [Int]) throws -> String {
      let shape = try Shape(shape)
      let integers = (0..<shape.count).map { Int8($0 * 7 % 11 - 5) }
      let name = dress.prefix + name
      draft.weights[name] =
        dress.asInt8
        ? try Tensor(shape: shape, type: .int8, bytes: integers.map { UInt8(bitPattern: $0) })
          .quantized(by: .init(scales: [0.25], zeroPoints: [0], axis: 0))
        : try Tensor(shape: shape, floats: integers.map { Float($0) * 0.25 * dress.factor })
      return name
    }
    let zeros = dress.prefix + "zeros"
    draft.weights[zeros] = try Tensor(shape: Shape([3]), floats: [0, 0, 0])
    let edges = Edges(top: 1, left: 1, bottom: 1, right: 1)
    func branch(_ name: String, kernel: Int) throws -> WireID {
      var source = input
      var padding = kernel == 3 ? edges : Edges()
      if kernel == 3, dress.padsApart {
        source = try draft.addNode(dress.prefix + name + "pad", .pad(Pad(edges: edges)), [input])
        padding = Edges()
      }
      let op = Convolution(
        weight: try store(name, [3, 2, kernel, kernel]), bias: dress.zeroBias ? zeros : nil,
        window: Window(kernel: Extent(y: kernel, x: kernel), padding: padding))
      return try draft.addNode(dress.prefix + name, .convolution(op), [source])
    }
    let (first, second): (WireID, WireID)
    if dress.swapsBranches {
      second = try branch("narrow", kernel: 1)
      first = try branch("wide", kernel: 3)
    } else {
      first = try branch("wide", kernel: 3)
      second = try branch("narrow", kernel: 1)
    }
    let joined = try draft.addNode(
      dress.prefix + "join", dress.join, dress.swapsBranches ? [second, first] : [first, second])
    var wire = try draft.addNode(dress.prefix + "act", dress.relu, [joined])
    if dress.reshapesTwice {
      wire = try draft.addNode(
        dress.prefix + "squeeze", .reshape(Reshape(shape: Shape([3, 16]))), [wire])
    }
    wire = try draft.addNode(
      dress.prefix + "flat", .reshape(Reshape(shape: Shape([48]))), [wire])
    wire = try draft.addNode(
      dress.prefix + "out", .linear(Linear(weight: store("matrix", [2, 48]), bias: nil)), [wire])
    draft.outputs = [wire]
    return try Graph(verifying: draft)
  }

  @Test func whatComputesTheSameHasOneDigest() throws {
    let plain = try graph(Dress()).canonicalDigest()
    let dresses = [
      Dress(prefix: "model/"), Dress(prefix: "z", swapsBranches: true), Dress(asInt8: true),
      Dress(relu: .clip(Clip(lower: 0, upper: .infinity))), Dress(padsApart: true),
      Dress(reshapesTwice: true), Dress(join: .binary(Binary(.add))), Dress(zeroBias: true),
      Dress(prefix: "all.", swapsBranches: true, asInt8: true, padsApart: true, zeroBias: true),
    ]
    for dress in dresses { #expect(try graph(dress).canonicalDigest() == plain, "\(dress)") }
    #expect(try graph(Dress()).canonicalDigest(threads: 4) == plain)
  }

  @Test func anotherNetworkHasAnother() throws {
    var digests = [try graph(Dress()).canonicalDigest()]
    for dress in [
      Dress(factor: 2), Dress(relu: .clip(Clip(lower: 0, upper: 6))),
      Dress(join: .binary(Binary(.multiply))), Dress(join: .binary(Binary(.subtract))),
      Dress(swapsBranches: true, join: .binary(Binary(.subtract))),
      Dress(relu: .activation(Activation(.leakyRelu(slope: 0.1)))),
      Dress(relu: .activation(Activation(.leakyRelu(slope: 0.2)))),
    ] { digests.append(try graph(dress).canonicalDigest()) }
    #expect(Set(digests).count == digests.count)
  }

  /// The form is part of what people compare between versions: it changes only on purpose. The
  /// expected value was computed apart, from the description alone.
  @Test func theDigestIsKept() throws {
    #expect(
      try graph(Dress()).canonicalDigest().description
        == "02d86c8b96cb7dc56948aed9efeeaacbe403f4651483c8e0ae8f4851eae10d36")
  }

  @Test func weightsOfSeveralPiecesCount() throws {
    func digest(changing index: Int?) throws -> Digest {
      var draft = GraphDraft(origin: Origin(format: "", digest: nil, producer: "", version: ""))
      let count = (1 << 21) + 1
      var bytes = Array(repeating: UInt8(0), count: count * 4)
      if let index { bytes[index * 4] = 1 }
      draft.weights["w"] = try Tensor(
        shape: Shape([1, count]), type: .float32, bytes: bytes)
      let wire = try draft.addNode("c", .constant(Constant(weight: "w")), [])
      draft.outputs = [wire]
      return try Graph<Analog>(verifying: draft).canonicalDigest(threads: 2)
    }
    let digests = try [nil, 0, (1 << 20) + 5, 1 << 21].map { try digest(changing: $0) }
    #expect(Set(digests).count == digests.count)
  }
}
