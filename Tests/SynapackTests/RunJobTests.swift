import Synapack
import SynapackGraph
import SynapackImport
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// The float run: data as files have it.
struct RunJobTests {
  private let folder = TemporaryFolder()
  private let planes = Fixtures.path("onnx/ops/relu-13.onnx")

  private func run(
    _ data: Tensor, _ preprocess: String = "", batch: ImportOptions.BatchAxis = .leading
  ) throws -> Tensor {
    folder.write(NumPyArrayFile.bytes(of: data), to: "x.npy")
    var report = Report()
    let job = Job(
      recipe: Recipe(), threads: 1, instruments: .still,
      importOptions: ImportOptions(batch: batch))
    let request = RunRequest(
      model: planes, inputs: [("", folder.path("x.npy"))], preprocess: preprocess)
    return try #require(try job.run(request, &report).first).tensor
  }

  /// Samples of [3, 5, 4], channels first or last; the model is one ReLU.
  private func data(_ count: Int, channelsLast: Bool) throws -> Tensor {
    let values = (0..<60 * count).map { index -> Float in
      let (sample, rest) = (index / 60, index % 60)
      let (channel, cell) = channelsLast ? (rest % 3, rest / 3) : (rest / 20, rest % 20)
      return Float(100 * sample + 20 * channel + cell) - 30
    }
    let shape = channelsLast ? [count, 5, 4, 3] : [count, 3, 5, 4]
    return try Tensor(shape: Shape(shape), floats: values)
  }

  @Test func channelsLastBecomeChannelsFirst() throws {
    let expected = try run(data(2, channelsLast: false))
    #expect(expected.shape.dimensions == [2, 3, 5, 4])
    let turned = try run(data(2, channelsLast: true), "layout=nhwc")
    #expect(turned.shape == expected.shape && turned.floats() == expected.floats())
    let scaled = try run(data(2, channelsLast: false), "scale=1/2")
    #expect(scaled.floats() == expected.floats().map { $0 / 2 })
  }

  @Test func theLayoutIsNamedWhereTheShapeIsWrong() throws {
    let last = try #require(throws: PackError.self) { try run(data(2, channelsLast: true)) }
    #expect(last.code == .wrongDataShape)
    #expect(last.hint == "the channels stand last: add --preprocess \"layout=nhwc\"")
    let other = try Tensor(shape: Shape([2, 6]), floats: Array(repeating: 0, count: 12))
    let error = try #require(throws: PackError.self) { try run(other) }
    #expect(error.code == .wrongDataShape && error.hint.contains("layout=nhwc"))
    #expect(error.hint.contains("[5, 4, 3]"))
    #expect(throws: PackError.self) { try run(other, "layout=nhwc") }
  }

  @Test func severalInputsTakeNoPreprocessing() throws {
    var report = Report()
    let job = Job(recipe: Recipe(), threads: 1, instruments: .still)
    let model = Fixtures.path("keras/models/two-ends.keras")
    let names = try ModelImporters.analog(path: model, report: &report).interface
    let request = RunRequest(
      model: model, inputs: names.map { ($0, "x.npy") }, preprocess: "scale=1/255")
    let error = try #require(throws: PackError.self) { try job.run(request, &report) }
    #expect(error.code == .badOption && error.trail == [.option("--preprocess")])
  }

  @Test func anArchiveOfSeveralArraysHasNoKeyHere() throws {
    let one = try data(1, channelsLast: false)
    folder.write(try NumPyArchive.bytes(of: [("a", one), ("b", one)]), to: "x.npz")
    var report = Report()
    let job = Job(recipe: Recipe(), threads: 1, instruments: .still)
    let request = RunRequest(model: planes, inputs: [("", folder.path("x.npz"))])
    let error = try #require(throws: PackError.self) { try job.run(request, &report) }
    #expect(error.code == .unknownArray && !error.hint.contains("--"))
  }
}

extension Graph {
  fileprivate var interface: [String] { inputs.map { wires[$0.index].name } }
}
