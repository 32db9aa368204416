import SynapackGraph
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackImport

@Suite struct SafetensorsShardsTests {
  private let folder = TemporaryFolder()
  private let index = "model.safetensors.index.json"

  init() {
    folder.write(
      SafetensorsWriter.file([("0.weight", [2, 2], [1, 2, 3, 4]), ("0.bias", [2], [0, 1])]),
      to: "one.safetensors")
    folder.write(
      SafetensorsWriter.file([("2.weight", [1, 2], [1, 1])]), to: "two.safetensors")
  }

  private func error(_ map: String, metadata: String = "{\"total_size\": 32}") -> PackError? {
    folder.write(Array("{\"metadata\": \(metadata), \"weight_map\": \(map)}".utf8), to: index)
    do {
      _ = try SafetensorsShards.read(try MappedFile(path: folder.path(index)))
      return nil
    } catch { return error }
  }

  private let sound = """
    {"0.weight": "one.safetensors", "0.bias": "one.safetensors", "2.weight": "two.safetensors"}
    """

  @Test func shardsBecomeOneModel() throws {
    #expect(error(sound) == nil)
    var report = Report()
    let file = try MappedFile(path: folder.path(index))
    #expect(SafetensorsImporter.recognises(file))
    let model = try SafetensorsImporter.read(file, ImportOptions(architecture: "mlp"), &report)
    guard case .analog(let graph) = model else {
      Issue.record("weights give a conventional network")
      return
    }
    #expect(graph.nodes.map(\.op.name) == ["linear", "relu", "linear"])
  }

  @Test func indexAndShardsMustAgree() {
    for map in [
      // A tensor too few and one too many, in the wrong file, and in none.
      #"{"0.weight": "one.safetensors", "2.weight": "two.safetensors"}"#,
      sound.replacing("}", with: #", "4.weight": "two.safetensors"}"#),
      sound.replacing(#""0.bias": "one"#, with: #""0.bias": "two"#),
      sound.replacing("two.safetensors", with: "one.safetensors"),
      #"{"0.weight": 1}"#, "[]", "1", #"{"a": "one.safetensors", "a": "one.safetensors"}"#,
    ] {
      #expect(error(map)?.code == .malformedShards, "\(map)")
    }
    #expect(error(sound, metadata: "{}, \"more\": 1")?.code == .malformedShards)
  }

  @Test func theByteOfTheIndexIsNamed() {
    // Behind `{"metadata": {}, "weight_map": `, the second `a`.
    let twice = error(#"{"a": "b", "a": "c"}"#, metadata: "{}")
    #expect(twice?.trail.first == .bytes(42..<43))
    #expect(error("{} x", metadata: "{}")?.trail.first == .bytes(34..<35))
    #expect(error("[]", metadata: "{}")?.trail.first == .bytes(0..<34))
  }

  @Test func shardsStayBeneathTheFolder() {
    folder.makeLink("link.safetensors", to: folder.path("one.safetensors"))
    for path in [
      "../one.safetensors", "/etc/passwd", "", "a\\\\b", "link.safetensors", "missing.safetensors",
      "./../one.safetensors",
    ] {
      let map = sound.replacing("two.safetensors", with: path)
      #expect(error(map)?.code == .unsafeExternalData, "\(path)")
    }
  }
}
