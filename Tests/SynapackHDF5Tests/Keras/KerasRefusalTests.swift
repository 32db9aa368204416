import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackHDF5

/// Nothing in a configuration is ever run, and nothing that is not understood is passed over.
struct KerasRefusalTests {
  private func refusal(_ file: String) throws -> PackError? {
    let mapped = try MappedFile(path: Fixtures.path("keras/refused/" + file))
    var report = Report()
    do throws(PackError) {
      _ = try KerasImporter.graph(mapped, &report)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("lambda.keras", ErrorCode.kerasCode, "`Lambda`"),
    ("activation-lambda.keras", .kerasCode, "`__lambda__`"),
    ("activation-code.keras", .kerasCode, "no function that Keras knows by name"),
    ("tf-op-lambda.keras", .kerasCode, "`TFOpLambda`"),
    ("module.keras", .kerasCode, "the module `os`"),
    ("registered.keras", .kerasCode, "registered as `mine>Mine`"),
    ("initializer.keras", .kerasCode, "the module `os`"),
    ("unknown-layer.keras", .unsupportedOperators, "LSTM"),
    ("unknown-key.keras", .unsupportedAttribute, "`trick`"),
    ("dynamic-size.h5", .unknownShape, "null"),
    ("bilinear.h5", .unsupportedAttribute, "bilinear"),
    ("not-finite.h5", .notFinite, "nan"),
    ("deep.keras", .malformedModel, "100 levels"),
  ])
  func isRefusedByName(file: String, code: ErrorCode, words: String) throws {
    let error = try #require(try refusal(file), "\(file) was read")
    #expect(error.code == code && error.message.contains(words), "\(error)")
    #expect(error.isInFile)
  }

  @Test func codeIsNotPrinted() throws {
    let error = try #require(try refusal("activation-code.keras"))
    #expect(!"\(error.message) \(error.hint)".contains("4wEA"))
  }

  @Test func everyRefusedFileIsTested() throws {
    for suffix in [".h5", ".keras"] {
      for name in FixtureFiles.names(in: "keras/refused", suffix: suffix) {
        #expect(try refusal(name + suffix) != nil, "\(name)")
      }
    }
  }

  /// A nested model whose configuration calls itself many times over must not be laid out.
  ///
  /// Layers that leave no node behind must be counted too.
  @Test(arguments: ["ReLU", "Dropout"])
  func callsThatMultiplyAreCounted(layer: String) throws {
    func model(_ depth: Int) -> JSON {
      let input: JSON = [
        "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
        "config": ["name": "x", "batch_input_shape": [.null, 2]],
      ]
      let body: JSON =
        depth == 0
        ? ["class_name": .string(layer), "config": ["name": "y"]]
        : model(depth - 1)
      guard case .object(var layer) = body else { return .null }
      layer["name"] = "y"
      layer["inbound_nodes"] = [[["x", 0, 0, [:]]], [["y", 0, 0, [:]]], [["y", 1, 0, [:]]]]
      return [
        "class_name": "Functional",
        "config": [
          "name": "y", "layers": [input, .object(layer)], "input_layers": [["x", 0, 0]],
          "output_layers": [["y", 2, 0]],
        ],
      ]
    }
    let file = try HDF5FileTests.open("read/user-block.h5")
    var reader = try KerasGraphReader(
      KerasPackage(
        model: model(14), version: "2.0", backend: "", weights: KerasWeights(numbered: file)),
      digest: Digest(of: [UInt8]()), fileBytes: 1000)
    var report = Report()
    let error = #expect(throws: PackError.self) { try reader.graph(&report) }
    #expect(error?.code == .modelTooLarge)
  }

  @Test func aCycleOfLayersIsRefused() throws {
    let layers: JSON = [
      [
        "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
        "config": ["name": "x", "batch_input_shape": [.null, 2]],
      ],
      [
        "class_name": "Add", "name": "a", "config": ["name": "a"],
        "inbound_nodes": [[["x", 0, 0, [:]], ["b", 0, 0, [:]]]],
      ],
      [
        "class_name": "ReLU", "name": "b", "config": ["name": "b"],
        "inbound_nodes": [[["a", 0, 0, [:]]]],
      ],
    ]
    let model: JSON = [
      "class_name": "Functional",
      "config": [
        "name": "m", "layers": layers, "input_layers": [["x", 0, 0]],
        "output_layers": [["b", 0, 0]],
      ],
    ]
    let error = #expect(throws: PackError.self) {
      try KerasSchedule.steps(KerasModelReader.model(model))
    }
    #expect(error?.code == .malformedGraph)
  }

  @Test func weightsWithoutANetworkAreRefused() throws {
    let mapped = try MappedFile(path: Fixtures.path("hdf5/read/small-latest.h5"))
    var report = Report()
    let error = try #require(throws: PackError.self) { try KerasImporter.graph(mapped, &report) }
    #expect(error.code == .missingHDF5Object && error.message.contains("model_config"))
  }

  @Test func anotherPrecisionIsTold() throws {
    let archive = try ZipArchive(MappedFile(path: Fixtures.path("keras/models/add.keras")))
    func findings(_ precision: String) throws -> [Finding] {
      var writer = ZipWriter()
      for entry in archive.entries {
        var data = try archive.data(entry)
        if entry.name == "config.json" {
          let text = String(decoding: data, as: UTF8.self)
          data = Array(text.replacing("\"float32\"", with: "\"\(precision)\"").utf8)
        }
        try writer.add(entry.name, data)
      }
      let bytes = writer.finish()
      var report = Report()
      _ = try KerasImporter.graph(
        MappedFile(bytes: unsafe bytes.span.bytes, path: "add.keras"), &report)
      return report.findings.filter { $0.code == .otherPrecision }
    }
    #expect(try findings("float32").isEmpty)
    #expect(try findings("float16").map(\.message.isEmpty) == [false])
  }
}
