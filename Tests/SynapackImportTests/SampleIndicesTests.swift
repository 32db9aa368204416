import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// Models that read a batch by strides: Range(0, N) · stride + offsets into a flattened value.
@Suite struct SampleIndicesTests {
  /// y = Gather(Reshape(x, [-1]), Range(first, N, 1) · stride + offsets) of x [N, 2, 3].
  private func model(
    first: Int64 = 0, stride: Int64 = 6, offsets: [Int64], shape: [Int64] = [1, 2, 2],
    data: String = "flat"
  ) -> [UInt8] {
    func numbers(_ name: String, _ dimensions: [Int64], _ values: [Int64]) -> WireWriter {
      values.reduce(ONNXWriter.tensor(name, dimensions, type: 7)) { $0.integer(7, $1) }
    }
    return ONNXWriter.model(
      nodes: [
        ONNXWriter.node("Shape", ["x"], "extents"),
        ONNXWriter.node("Gather", ["extents", "zero"], "count"),
        ONNXWriter.node("Range", ["first", "count", "one"], "samples"),
        ONNXWriter.node("Mul", ["stride", "samples"], "starts"),
        ONNXWriter.node("Unsqueeze", ["starts", "axes"], "column"),
        ONNXWriter.node("Add", ["column", "offsets"], "indices"),
        ONNXWriter.node("Reshape", ["x", "all"], "flat"),
        ONNXWriter.node("Gather", [data, "indices"], "y"),
      ],
      initializers: [
        numbers("zero", [], [0]), numbers("first", [], [first]), numbers("one", [], [1]),
        numbers("stride", [], [stride]), numbers("axes", [2], [1, 2]), numbers("all", [1], [-1]),
        numbers("offsets", shape, offsets),
      ],
      inputs: [ONNXWriter.value("x", [-1, 2, 3])], outputs: [ONNXWriter.value("y", [-1, 2, 2])])
  }

  private func output(_ bytes: [UInt8]) throws -> FloatArray {
    let input = FloatArray(shape: try Shape([2, 3]), values: [10, 11, 12, 13, 14, 15])
    return try #require(try readModel(bytes).evaluateReference(input).first)
  }

  @Test func eachSampleReadsItsOwnValues() throws {
    let result = try output(model(offsets: [5, 0, 3, 3]))
    #expect(result.values == [15, 10, 13, 13])
    #expect(result.shape.dimensions == [2, 2])
  }

  @Test func allPlacesInOrderLeaveOnlyAView() throws {
    let result = try output(model(offsets: [0, 1, 2, 3, 4, 5], shape: [3, 2]))
    #expect(result.values == [10, 11, 12, 13, 14, 15])
    #expect(result.shape.dimensions == [3, 2])
  }

  @Test func indicesThatReachOtherSamplesAreRefused() {
    for bytes in [
      model(offsets: [0, 1, 2, 6]), model(offsets: [-1, 1, 2, 3]),
      model(stride: 5, offsets: [0, 1, 2, 3]), model(stride: 12, offsets: [0, 1, 2, 3]),
      model(first: 1, offsets: [0, 1, 2, 3]),
      // Two samples of a batch would differ.
      model(offsets: [0, 1, 2, 3], shape: [2, 1, 2]),
      // Not the axis on which the samples lie.
      model(stride: 1, offsets: [0, 0, 0, 0], data: "offsets"),
    ] {
      #expect(
        code { () throws(PackError) in _ = try readModel(bytes) } == .unsupportedAttribute)
    }
  }

  @Test func productsThatOverflowAreRefused() {
    let bytes = model(stride: .max, offsets: [.max, .max, .max, .max])
    #expect(code { () throws(PackError) in _ = try readModel(bytes) } == .unsupportedAttribute)
  }
}
