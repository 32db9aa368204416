import Synapack
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What a bundle could not store is refused before the work that leads to it.
struct LayerNameTests {
  @Test func aNameThatIsTooLongIsRefusedBeforeCalibration() throws {
    let folder = TemporaryFolder()
    let path = folder.path("x.npy")
    let data = try Tensor(shape: Shape([2, 3]), floats: [0, 0.5, 1, 1, 0.25, 0])
    try AtomicFile.write(ArrayOutput.bytes([("x", data)], path: path), to: path)
    let samples = try Samples(path: path, shape: Shape([3]), preprocess: Preprocess(""))
    for (count, fits) in [(900, true), (1025, false)] {
      let name = String(repeating: "n", count: count)
      var builder = try GraphBuilder(seed: 3, input: [3])
      let hidden = try builder.relu(builder.linear(builder.input, 4), name: name)
      let output = try builder.linear(hidden, 2)
      let graph = try builder.graph(output)
      var report = Report()
      do {
        _ = try Pipeline(Recipe(), threads: 1, instruments: .still)
          .convert(graph, calibration: samples, &report)
        #expect(fits)
      } catch {
        #expect(!fits && error.code == .malformedGraph, "\(error)")
        #expect(error.message.contains("`nnn") && error.message.contains("1025 bytes"))
      }
      #expect(report.stages.contains { $0.name == "calibrate" } == fits)
    }
  }
}
