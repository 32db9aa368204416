import Synapack
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Data with an axis of time: frames of recorded events.
struct RecordedEventsTests {
  private func samples(
    _ shape: [Int], _ values: [Float], frames: Int?, preprocess: String = ""
  ) throws -> Samples {
    let folder = TemporaryFolder()
    let path = folder.path + "/x.npy"
    let tensor = try Tensor(shape: Shape(shape), floats: values)
    try AtomicFile.write(ArrayOutput.bytes([("x", tensor)], path: path), to: path)
    return try Samples(
      path: path, shape: Shape([2, 1, 2]), preprocess: Preprocess(preprocess), frames: frames)
  }

  @Test func meansAreThoseOfTheFramesInUse() throws {
    let values = (0..<24).map(Float.init)
    let all = try samples([2, 3, 2, 1, 2], values, frames: 3)
    #expect(try all.values(0..<2) == values)
    #expect(try all.means(1..<2) == [16, 17, 18, 19])
    let two = try samples([2, 3, 2, 1, 2], values, frames: 2)
    #expect(try two.values(1..<2) == Array(values[12..<20]))
    #expect(try two.means(0..<1) == [2, 3, 4, 5])
  }

  @Test func everyFrameIsTurnedAndScaled() throws {
    let last = try samples(
      [1, 2, 1, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7], frames: 2, preprocess: "scale=2,layout=nhwc")
    #expect(try last.values(0..<1) == [0, 4, 2, 6, 8, 12, 10, 14])
  }

  @Test(arguments: [[1, 3, 2, 1, 2], [1, 2, 1, 2], [1]])
  func tooFewFramesOrNoneAreRefused(shape: [Int]) throws {
    let values = Array(repeating: Float(0), count: shape.reduce(1, *))
    let error = #expect(throws: PackError.self) { try samples(shape, values, frames: 4) }
    #expect(error?.code == .wrongDataShape)
  }
}
