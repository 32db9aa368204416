import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// A Keras model is the same network as one that was channels first from the beginning.
struct KerasDigestTests {
  private let file = "keras/models/flatten-planes.keras2.h5"

  /// The variables of the file by their last name, with that of their layer before it.
  private func variables() throws -> [String: Tensor] {
    var hdf5 = try HDF5File(MappedFile(path: Fixtures.path(file)))
    let group = try #require(try hdf5.object("model_weights", in: hdf5.root))
    var found: [String: Tensor] = [:]
    for layer in try hdf5.links(of: group) {
      let object = try #require(try hdf5.object(layer, in: group))
      let attribute = try #require(try hdf5.attribute("weight_names", of: object))
      for name in try hdf5.texts(of: attribute) {
        let dataset = try #require(try hdf5.object(name, in: object))
        let short = name.split(separator: "/").last ?? ""
        let kind = layer.name.prefix { $0 != "_" && !$0.isNumber }
        found["\(kind)/\(short)"] = try hdf5.tensor(of: hdf5.dataset(dataset))
      }
    }
    return found
  }

  /// Input [3, 5, 6], convolution to [4, 3, 4], then 48 values in that order.
  private func channelsFirst() throws -> Graph<Analog> {
    let variables = try variables()
    func values(_ name: String) throws -> [Float] { try #require(variables[name]).floats() }
    var draft = GraphDraft(
      origin: Origin(format: "test", digest: nil, producer: "", version: ""))
    func put(_ name: String, _ shape: [Int], _ values: [Float]) throws {
      draft.weights[name] = try Tensor(shape: Shape(shape), floats: values)
    }
    /// The place in Keras' vector of channel c of cell p.
    func keras(_ index: Int) -> Int { index % 12 * 4 + index / 12 }
    let kernel = try values("conv/kernel:0")
    var turned: [Float] = []
    for output in 0..<4 {
      for input in 0..<3 {
        for cell in 0..<9 { turned.append(kernel[(cell * 3 + input) * 4 + output]) }
      }
    }
    try put("k", [4, 3, 3, 3], turned)
    try put("b", [4], values("conv/bias:0"))
    for name in ["gamma", "beta", "moving_mean", "moving_variance"] {
      let vector = try values("batch/\(name):0")
      try put(name, [48], (0..<48).map { vector[keras($0)] })
    }
    let matrix = try values("dense/kernel:0")
    try put("w", [3, 48], (0..<144).map { matrix[keras($0 % 48) * 3 + $0 / 48] })
    try put("c", [3], values("dense/bias:0"))
    var wire = draft.addWire("x", try Shape([3, 5, 6]))
    draft.inputs = [wire]
    let window = Window(kernel: Extent(y: 3, x: 3))
    let ops: [Op] = [
      .convolution(Convolution(weight: "k", bias: "b", window: window)),
      .reshape(Reshape(shape: try Shape([48]))), .relu(Relu()),
      .batchNormalization(
        BatchNormalization(
          scale: "gamma", shift: "beta", mean: "moving_mean", variance: "moving_variance",
          epsilon: 1e-3)),
      .linear(Linear(weight: "w", bias: "c")),
    ]
    for (index, op) in ops.enumerated() { wire = try draft.addNode("n\(index)", op, [wire]) }
    draft.outputs = [wire]
    return try Graph(verifying: draft)
  }

  @Test func theDigestIsThatOfTheNetworkChannelsFirst() throws {
    var report = Report()
    let keras = try KerasImporter.graph(MappedFile(path: Fixtures.path(file)), &report)
    #expect(try keras.canonicalDigest() == channelsFirst().canonicalDigest())
  }
}
