@testable import Synapack
@testable import SynapackBundle
@testable import SynapackGraph
@testable import SynapackHDF5
@testable import SynapackImport
@testable import SynapackPlace
@testable import SynapackSupport

/// A reader to feed, and the mutation that knows its format.
struct FuzzTarget: @unchecked Sendable {
  let name: String
  let mutate: Mutator?
  let read: @Sendable (RawSpan) throws -> Void

  init(
    _ name: String, _ mutate: Mutator? = nil, _ read: @escaping @Sendable (RawSpan) throws -> Void
  ) {
    self.name = name
    self.mutate = mutate
    self.read = read
  }

  /// A target that hands the bytes to an importer as a file of that name.
  ///
  /// The folder does not exist, so that nothing beside the input is ever read.
  static func model(
    _ name: String, _ importer: any Importer.Type, file: String, _ mutate: Mutator? = nil,
    options: ImportOptions = ImportOptions()
  ) -> FuzzTarget {
    FuzzTarget(name, mutate) { bytes in
      var report = Report()
      let file = MappedFile(bytes: bytes, path: "/nonexistent/" + file)
      _ = try importer.read(file, options, &report)
    }
  }
}

/// Every target, one for each reader of files that come from elsewhere.
let fuzzTargets: [FuzzTarget] = [
  .model("onnx", ONNXImporter.self, file: "model.onnx", ProtobufMutator.mutate),
  .model(
    "safetensors", SafetensorsImporter.self, file: "model.safetensors", SafetensorsMutator.mutate),
  .model("safetensors-index", SafetensorsImporter.self, file: "model.safetensors.index.json"),
  .model("npz", NumPyWeightsImporter.self, file: "weights.npz", ZipMutator.mutate),
  FuzzTarget("npy") { bytes in
    _ = try NumPyArrayFile.read(MappedFile(bytes: bytes, path: "data.npy"))
  },
  FuzzTarget("architecture") { bytes in
    guard let text = utf8Text(bytes.copy(0..<bytes.byteCount)) else { return }
    _ = try ArchitectureDescription(yaml: text)
  },
  FuzzTarget("chip") { bytes in
    guard let text = utf8Text(bytes.copy(0..<bytes.byteCount)) else { return }
    _ = try Chip(yaml: text)
  },
  FuzzTarget("bundle", BundleMutator.mutate) { bytes in
    var report = Report()
    _ = try BundleReader.read(MappedFile(bytes: bytes, path: "x.synapack"), &report)
  },
]
