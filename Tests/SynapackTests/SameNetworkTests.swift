import Foundation
import Synapack
import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

/// One network in every format that can hold it has one digest.
struct SameNetworkTests {
  private func digest(_ path: String, architecture: Bool) throws -> Digest {
    var options = ImportOptions()
    if architecture {
      options.architecture = Fixtures.path("architectures/digits-cnn-average.yaml")
    }
    var report = Report()
    return try ModelImporters.analog(
      path: Fixtures.path(path), options: options, report: &report
    ).canonicalDigest()
  }

  @Test(arguments: [
    ("digits/cnn-average.safetensors", true), ("same/cnn-average.npz", true),
    ("same/cnn-average.keras", false), ("same/cnn-average.h5", false),
    ("same/cnn-average.keras2.h5", false),
  ])
  func isThatOfTheONNXFile(path: String, architecture: Bool) throws {
    let expected = try digest("digits/cnn-average.unfolded17.onnx", architecture: false)
    #expect(try digest(path, architecture: architecture) == expected)
  }

  @Test func anotherNetworkHasAnother() throws {
    #expect(
      try digest("digits/mlp.torchscript17.onnx", architecture: false)
        != digest("digits/cnn-average.unfolded17.onnx", architecture: false))
  }
}
