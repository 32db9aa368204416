import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// What is no description, and what a hostile one tries.
@Suite struct ArchitectureDescriptionTests {
  private func error(_ yaml: String, _ shapes: [(String, [Int])] = []) -> PackError? {
    do {
      _ = try architectureGraph(yaml, SafetensorsWriter.tensors(shapes))
      return nil
    } catch let error as PackError { return error } catch { return nil }
  }

  private func layers(_ list: String) -> String { "name: t\ninput: [4]\nlayers:\n" + list }

  @Test func unknownWordsAreRefusedWithTheNearestOne() {
    for (yaml, hint) in [
      ("nam: t\ninput: [4]\nlayers: [relu]", "`name`"), (layers("  - relo"), "`relu`"),
      (layers("  - leaky-relu: 0.1\n    form: x"), "`from`"),
      (layers("  - {relu: , name: body}\n  - add: [body, boddy]"), "`body`"),
      (
        layers("  - relu\n  - block: residul") + "\ndefine:\n  residual:\n    layers: [relu]",
        "`residual`"
      ),
      (layers("  - \"{actvation}\"") + "\nwith: {activation: relu}", "`activation`"),
    ] {
      let error = error(yaml)
      #expect(error?.code == .malformedArchitecture, "\(yaml)")
      #expect(error?.hint.contains(hint) == true, "\(error?.hint ?? "")")
    }
  }

  @Test func linesAreNamed() {
    let error = error(layers("  - relu\n  - relu\n  - maxpool: 2"))
    #expect(error?.trail.contains(.line(6)) == true, "\(error?.trail ?? [])")
  }

  @Test(arguments: [
    "", "- relu", "name: t", "name: t\ninput: []\nlayers: [relu]",
    "name: t\ninput: [4]\nlayers: []",
    "name: t\ninput: [0]\nlayers: [relu]", "name: t\ninput: [-1]\nlayers: [relu]",
    "name: t\ninput: [x]\nlayers: [relu]", "name: t\ninput: [\"*\"]\nlayers: [relu]",
    "name: t\ninput: [1,1,1,1,1]\nlayers: [relu]", "name: t\ninput: [4]\nlayers: [[relu]]",
    "name: t\ninput: [4]\nlayers: [{relu: 1}]", "name: t\ninput: [4]\nlayers: [{clip: [1, 0]}]",
    "name: t\ninput: [4]\nlayers: [{clip: [nan, 1]}]",
    "name: t\ninput: [4]\nlayers: [{add: [input]}]",
    "name: t\ninput: [4]\nlayers: [{max-pool: 2}]", "name: t\ninput: [4]\nlayers: [{max-pool: }]",
    "name: t\ninput: [4]\nlayers: [{reshape: [0]}]", "name: t\ninput: [4]\nlayers: [{\"{a\": 1}]",
    "name: t\ninput: [4]\nlayers: [{relu: , when: {a: b}}]",
    "name: t\nname: t\ninput: [4]\nlayers: [relu]",
    "name: t\ninput: [4]\nlayers: [{block: x}]", "name: t\ninput: [4]\nlayers: [{repeat: x}]",
    "name: t\ninput: [4]\nlayers: [{sequence: x}]", "name: t\ninput: [4]\nlayers: [linear]",
    "name: t\ninput: [4, 4, 4]\nlayers: [{average-pool: 2, padding: 2}]",
    "name: t\ninput: [4, 5, 5]\nlayers: [{adaptive-average-pool: 2}]",
    "name: t\ninput: [4, 5, 5]\nlayers: [{pad-channels: input}, {pad-channels: nothing}]",
  ])
  func malformedDescriptionsAreRefused(yaml: String) {
    let code = error(yaml)?.code
    #expect(
      code == .malformedArchitecture || code == .wrongShape, "\(yaml): \(String(describing: code))")
  }

  @Test func bombsAreRefused() {
    let anchors = layers("  - &a relu\n  - *a")
    #expect(error(anchors)?.code == .malformedArchitecture)
    #expect(error(layers(String(repeating: "[", count: 50)))?.code == .malformedArchitecture)
    #expect(error(layers("  - " + String(repeating: "- ", count: 60) + "relu")) != nil)
    #expect(
      error(layers(String(repeating: "  - relu\n", count: 30_000)))?.code == .malformedArchitecture)
    // Blocks in blocks, ten each time.
    var yaml = layers("  - block: b0") + "\ndefine:\n  b9:\n    layers: [relu]\n"
    for level in 0..<9 {
      yaml += "  b\(level):\n    layers:\n"
      yaml += String(repeating: "      - block: b\(level + 1)\n", count: 10)
    }
    #expect(error(yaml)?.code == .malformedArchitecture)
    #expect(error(layers("  - block: b") + "\ndefine:\n  b:\n    layers:\n      - block: b") != nil)
    // A text that doubles at each level.
    yaml = layers("  - {block: b0, with: {a: xxxxxxxx}}") + "\ndefine:\n"
    let doubled = String(repeating: "{a}", count: 100)
    for level in 0..<7 {
      yaml += "  b\(level):\n    with: {a: x}\n    layers:\n"
      yaml += "      - block: b\(level + 1)\n        with: {a: \"\(doubled)\"}\n"
    }
    yaml += "  b7:\n    with: {a: x}\n    layers: [relu]\n"
    #expect(error(yaml)?.code == .malformedArchitecture)
    #expect(
      error("name: t\ninput: [1048576, 1048576, 1048576]\nlayers: [relu]") != nil)
  }

  @Test func conditionsAndRepetitionsFollowTheTensors() throws {
    let yaml = """
      name: t
      input: [2]
      define:
        unit:
          with: {activation: relu}
          layers:
            - linear: "{prefix}.l"
            - "{activation}"
            - linear: "{prefix}.extra"
              when: "{prefix}.extra.weight"
      layers:
        - repeat: unit
          each: u.{n}
          first: {activation: tanh}
        - sigmoid:
          unless: u.0.l.bias
      """
    let shapes: [(String, [Int])] = [
      ("u.0.l.weight", [2, 2]), ("u.1.l.weight", [2, 2]), ("u.1.extra.weight", [2, 2]),
    ]
    let graph = try architectureGraph(yaml, SafetensorsWriter.tensors(shapes))
    #expect(
      graph.nodes.map(\.name) == [
        "u.0.l", "u.0.tanh", "u.1.l", "u.1.relu", "u.1.extra", "sigmoid",
      ])
    #expect(error(yaml)?.code == .missingTensor)
  }

  @Test func whatIsIgnoredMustBeNamed() {
    let yaml =
      "name: t\ninput: [2]\nignore: [\"head.*\", \"*.scale\", exact]\nlayers: [{linear: l}]"
    let shapes: [(String, [Int])] = [
      ("l.weight", [1, 2]), ("head.w", [1]), ("a.scale", [1]), ("exact", [1]),
    ]
    #expect(error(yaml, shapes) == nil)
    #expect(error(yaml, shapes + [("exactly", [1])])?.code == .spareTensor)
  }

  @Test func changedTextsAreAnAnswer() {
    var random = SeededGenerator(seed: 7)
    let texts = Architectures.texts.map { Array($0.text.utf8) }
    for _ in 0..<400 {
      var bytes = texts[Int.random(in: texts.indices, using: &random)]
      for _ in 0..<3 {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] = UInt8.random(in: 0x09...0x7E, using: &random)
      }
      _ = error(String(decoding: bytes, as: UTF8.self))
    }
  }
}
