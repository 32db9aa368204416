import Foundation
import TestSupport
import Testing

/// The commands on real networks: what they print, write and return.
struct MainJobTests {
  @Test func convertsEvaluatesValidatesAndReplays() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "8", "--chip", "generic-mesh"])
    let evaluation = try await Command.run([
      "evaluate", bundle, "--data", "\(Command.digits)/test_x.npy", "--labels",
      "\(Command.digits)/test_y.npy", "--model", "\(Command.digits)/mlp.torchscript17.onnx",
      "--limit", "100", "--json",
    ])
    let document = try #require(evaluation.json)
    #expect(document["schema"] as? String == "synapack.evaluate/1")
    #expect(document["samples"] as? Int == 100)
    let row = try #require((document["spiking"] as? [[String: Any]])?.first)
    #expect(row["timesteps"] as? Int == 8)
    #expect(row["schedule"] as? String == "wavefront")
    #expect(row["neuron"] as? String == "if")
    let accuracy = try #require(row["accuracy"] as? Double)
    #expect(accuracy > 0.95)
    let operations = try #require(row["synapticOperations"] as? [String: Any])
    #expect(operations.keys.sorted() == ["dense", "effectiveACs", "effectiveMACs"])
    #expect((document["ann"] as? [String: Any])?["accuracy"] != nil)

    let validation = try await Command.run(["validate", bundle, "--format", "json"])
    #expect(validation.status == 0)
    #expect(validation.json?["status"] as? String == "pass")
    let replay = try await Command.run(["replay", bundle, "--json"])
    #expect(replay.json?["status"] as? String == "identical")
    #expect((replay.json?["ticks"] as? Int ?? 0) > 0)
  }

  @Test func convertPrintsOneDocument() async throws {
    let folder = try Command.temporaryFolder()
    let result = try await Command.run([
      "convert", "\(Command.digits)/mlp.dynamo18.onnx", "--calibration",
      "\(Command.digits)/calibration_x.npy", "--preprocess", "scale=1/16", "--timesteps", "4",
      "-o", folder + "/x.synapack", "--json",
    ])
    #expect(result.status == 0)
    let document = try #require(result.json)
    #expect(document["schema"] as? String == "synapack.convert/1")
    let layers = try #require(document["layers"] as? [[String: Any]])
    #expect(layers.count == 2)
    for key in [
      "name", "op", "outputShape", "threshold", "clippingError", "quantizationError",
      "unevennessError", "spikeRate",
    ] {
      #expect(layers[0][key] != nil, "\(key)")
    }
    let bytes = try #require(document["bytes"] as? Int)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/x.synapack")
    #expect(attributes[.size] as? Int == bytes)
  }

  @Test func theThreadsNeverChangeTheBytes() async throws {
    var files: [Data] = []
    for threads in ["1", "2", "5"] {
      let folder = try Command.temporaryFolder()
      let path = try await Command.convert(
        "mlp", in: folder, ["--timesteps", "4", "--threads", threads, "--chip", "generic-mesh"])
      files.append(try #require(FileManager.default.contents(atPath: path)))
    }
    #expect(files[0] == files[1] && files[1] == files[2])
  }

  @Test func aRecipeFileIsTheSameAsItsFlags() async throws {
    let folder = try Command.temporaryFolder()
    let recipe = folder + "/r.yaml"
    try "timesteps: 4\nneuron: signed\nweight-bits: 5\npreprocess: scale=1/16\n".write(
      toFile: recipe, atomically: true, encoding: .utf8)
    let byFile = try await Command.convert("mlp", in: folder, ["--recipe", recipe])
    let first = FileManager.default.contents(atPath: byFile)
    let byFlags = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "4", "--neuron", "signed", "--weight-bits", "5"])
    #expect(first != nil && first == FileManager.default.contents(atPath: byFlags))
  }

  @Test func theBundleGoesToStandardOutput() async throws {
    let folder = try Command.temporaryFolder()
    let path = try await Command.convert("mlp", in: folder)
    let script = """
      '\(Command.binary)' convert '\(Command.digits)/mlp.torchscript17.onnx' --calibration \
      '\(Command.digits)/calibration_x.npy' --preprocess scale=1/16 --timesteps 4 -q -o - \
      | cmp - '\(path)'
      """
    let result = try await Command.shell(script)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func listsWhatThisBuildKnows() async throws {
    for command in ["chips", "methods", "formats", "explain"] {
      let result = try await Command.run([command])
      #expect(result.status == 0 && !result.output.isEmpty, "\(command)")
      let json = try await Command.run([command, "--json"])
      #expect(json.output.hasPrefix("["), "\(command)")
    }
    let chip = try await Command.run(["chips", "generic-mesh"])
    #expect(chip.output.contains("source"))
    let code = try await Command.run(["explain", "syn0605"])
    #expect(code.output.contains("digest"))
  }
}
