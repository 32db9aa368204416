import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// The descriptions that this build carries, on tensors of small networks of each kind.
@Suite struct ReadyArchitectureTests {
  typealias Shapes = [(String, [Int])]

  private func norm(_ name: String, _ count: Int) -> Shapes {
    ["weight", "bias", "running_mean", "running_var"].map { ("\(name).\($0)", [count]) }
      + [("\(name).num_batches_tracked", [])]
  }

  private func unit(_ conv: String, _ shape: [Int], _ bn: String) -> Shapes {
    [(conv + ".weight", shape)] + norm(bn, shape[0])
  }

  private func build(
    _ shapes: Shapes, _ choice: String? = nil
  ) throws -> (graph: Graph<Analog>, report: Report) {
    let tensors = try SafetensorsWriter.tensors(shapes)
    var report = Report()
    let options = ImportOptions(architecture: choice)
    let model = try WeightImport.model(tensors, format: "test", digest: nil, options, &report)
    guard case .analog(let graph) = model else {
      throw PackError(.defect, "no conventional network", hint: "")
    }
    return (graph, report)
  }

  @Test func everyReadyFileIsRegistered() {
    let listed = SourceFiles.text("Sources/SynapackImport/Architecture/Architectures.swift")
    let paths = SourceFiles.paths(
      below: "Sources/SynapackImport/Architecture/Ready", suffix: ".swift")
    #expect(!paths.isEmpty)
    for path in paths {
      for match in SourceFiles.text(path).matches(of: /let (\w+Text) =/) {
        #expect(listed.contains(match.1), "\(match.1) is not in the list")
      }
    }
    let files = FixtureFiles.names(
      inFolder: Fixtures.root + "/Sources/SynapackImport/Architecture", suffix: "Layers.swift")
    #expect(
      Set(files.map { $0 + "Layers" })
        == Set(architectureLayerFamilies.map { String(describing: $0) }))
  }

  @Test func everyReadyDescriptionIsSound() throws {
    for (id, text) in Architectures.texts {
      #expect(try ArchitectureDescription(yaml: text).name == id)
    }
  }

  private func resNetCIFAR(_ shortcut: (String, [Int]) -> Shapes) -> Shapes {
    var shapes = unit("conv1", [4, 3, 3, 3], "bn1")
    var channels = 4
    for (stage, width) in [(1, 4), (2, 8), (3, 16)] {
      for block in 0..<2 {
        let name = "layer\(stage).\(block)"
        shapes += unit("\(name).conv1", [width, channels, 3, 3], "\(name).bn1")
        shapes += unit("\(name).conv2", [width, width, 3, 3], "\(name).bn2")
        if width != channels { shapes += shortcut(name, [width, channels, 1, 1]) }
        channels = width
      }
    }
    return shapes + [("linear.weight", [10, 16]), ("linear.bias", [10])]
  }

  @Test func resNetForSmallImages() throws {
    // Option A: nothing but every second cell and channels of zeros.
    let (plain, report) = try build(resNetCIFAR { _, _ in [] })
    #expect(report.findings.map(\.code) == [.chosenArchitecture])
    #expect(plain.nodes.filter { $0.op.name == "windowSum" }.count == 2)
    #expect(plain.nodes.filter { $0.op.name == "pad" }.count == 2)
    #expect(plain.nodes.filter { $0.op.name == "add" }.count == 6)
    #expect(plain.shape(of: plain.outputs[0]).dimensions == [10])
    for name in ["short", "shortcut.0"] {
      let (graph, _) = try build(
        resNetCIFAR { block, shape in
          name == "short"
            ? [("\(block).short.weight", shape)]
            : unit("\(block).shortcut.0", shape, "\(block).shortcut.1")
        })
      #expect(graph.nodes.allSatisfy { $0.op.name != "pad" && $0.op.name != "windowSum" })
      #expect(graph.nodes.filter { $0.op.name == "convolution" }.count == 15)
    }
  }

  @Test func theShortcutOfOptionAPadsChannelsEvenly() throws {
    let yaml = """
      name: t
      input: [2, 2, 2]
      layers:
        - {identity: , name: narrow}
        - concat: [narrow, narrow, narrow]
          name: wide
        - pad-channels: wide
          from: narrow
      """
    let graph = try architectureGraph(yaml, NamedTensors())
    let input = FloatArray(
      shape: graph.shape(of: graph.inputs[0]), values: (1...8).map { Float($0) })
    let output = try #require(try graph.evaluateReference(input).first)
    #expect(output.shape.dimensions == [6, 2, 2])
    #expect(
      output.values == Array(repeating: 0, count: 8) + (1...8).map { Float($0) }
        + Array(repeating: 0, count: 8))
  }

  @Test func resNetForImageNet() throws {
    var basic = unit("conv1", [4, 3, 7, 7], "bn1")
    var deep = basic
    var (narrow, wide) = (4, 4)
    for (stage, width) in [(1, 4), (2, 8), (3, 8), (4, 16)] {
      let name = "layer\(stage).0"
      basic += unit("\(name).conv1", [width, narrow, 3, 3], "\(name).bn1")
      basic += unit("\(name).conv2", [width, width, 3, 3], "\(name).bn2")
      deep += unit("\(name).conv1", [width, wide, 1, 1], "\(name).bn1")
      deep += unit("\(name).conv2", [width, width / 2, 3, 3], "\(name).bn2")
      deep += unit("\(name).conv3", [2 * width, width, 1, 1], "\(name).bn3")
      deep += unit("\(name).downsample.0", [2 * width, wide, 1, 1], "\(name).downsample.1")
      if width != narrow || stage == 3 {
        basic += unit("\(name).downsample.0", [width, narrow, 1, 1], "\(name).downsample.1")
      }
      (narrow, wide) = (width, 2 * width)
    }
    basic += [("fc.weight", [5, 16]), ("fc.bias", [5])]
    deep += [("fc.weight", [5, 32]), ("fc.bias", [5])]
    let (small, _) = try build(basic, "resnet:size=64")
    #expect(small.nodes.filter { $0.op.name == "convolution" }.count == 12)
    let (large, report) = try build(deep)
    #expect(report.findings.first?.message.contains("`resnet:size=224`") == true)
    #expect(large.nodes.filter { $0.op.name == "convolution" }.count == 17)
    // Two groups, as in ResNeXt, from the weights alone.
    let grouped = large.nodes.contains {
      if case .convolution(let op) = $0.op { op.groups == 2 } else { false }
    }
    #expect(grouped)
  }

  @Test func vggTakesTheConvolutionsThatExist() throws {
    let features: Shapes =
      [("features.0.weight", [2, 3, 3, 3]), ("features.0.bias", [2])] + norm("features.1", 2)
      + [("features.4.weight", [4, 2, 3, 3])] + norm("features.5", 4)
      + [("features.7.weight", [4, 4, 3, 3])] + norm("features.8", 4)
    let classifier: Shapes = [
      ("classifier.0.weight", [6, 196]), ("classifier.3.weight", [6, 6]),
      ("classifier.6.weight", [5, 6]),
    ]
    let (graph, report) = try build(features + classifier, "vgg:size=28,pool=average-pool")
    #expect(report.findings.isEmpty)
    let ops = graph.nodes.map(\.op.name)
    let block = ["convolution", "batchNormalization", "relu"]
    #expect(
      ops == block + ["averagePool"] + block + block + ["averagePool"]
        + ["reshape", "linear", "relu", "linear", "relu", "linear"])
    let (cifar, note) = try build(features + [("classifier.weight", [5, 256])])
    #expect(cifar.nodes.last?.op.name == "linear")
    // Max pooling is assumed, and that is a warning.
    #expect(note.findings.map(\.severity) == [.warning])
  }

  @Test func mobileNetV2() throws {
    var shapes = unit("features.0.0", [4, 3, 3, 3], "features.0.1")
    shapes += unit("features.1.conv.0.0", [4, 1, 3, 3], "features.1.conv.0.1")
    shapes += unit("features.1.conv.1", [2, 4, 1, 1], "features.1.conv.2")
    let widths = [2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 7, 8]
    for block in 2...17 {
      let (input, output) = (widths[block - 2], widths[block - 1])
      let name = "features.\(block).conv"
      shapes += unit("\(name).0.0", [2 * input, input, 1, 1], "\(name).0.1")
      shapes += unit("\(name).1.0", [2 * input, 1, 3, 3], "\(name).1.1")
      shapes += unit("\(name).2", [output, 2 * input, 1, 1], "\(name).3")
    }
    shapes += unit("features.18.0", [9, 8, 1, 1], "features.18.1")
    shapes += [("classifier.1.weight", [5, 9]), ("classifier.1.bias", [5])]
    let (graph, _) = try build(shapes, "mobilenet-v2:size=64")
    #expect(graph.nodes.filter { $0.op.name == "add" }.count == 10)
    #expect(graph.nodes.filter { $0.op.name == "convolution" }.count == 52)
  }

  @Test func leNetAndPerceptron() throws {
    let leNet: Shapes = [
      ("conv1.weight", [6, 1, 5, 5]), ("conv1.bias", [6]), ("conv2.weight", [16, 6, 5, 5]),
      ("conv2.bias", [16]), ("fc1.weight", [12, 400]), ("fc1.bias", [12]),
      ("fc2.weight", [8, 12]), ("fc2.bias", [8]), ("fc3.weight", [10, 8]), ("fc3.bias", [10]),
    ]
    let (graph, _) = try build(leNet)
    #expect(graph.shape(of: graph.inputs[0]).dimensions == [1, 28, 28])
    let (wide, _) = try build(leNet, "lenet:size=32,padding=0,activation=tanh")
    #expect(wide.nodes[1].op.name == "activation")
    let perceptron: Shapes = [("0.weight", [3, 7]), ("2.weight", [2, 3]), ("2.bias", [2])]
    let (mlp, report) = try build(perceptron)
    #expect(mlp.nodes.map(\.op.name) == ["linear", "relu", "linear"])
    #expect(report.findings.map(\.code) == [.chosenArchitecture, .absentBias])
    #expect(report.findings.allSatisfy { $0.severity == .warning })
  }

  /// The lines of a ready description are in nobody's file.
  @Test func aWrongParameterIsLedBackToTheOption() throws {
    let folder = TemporaryFolder()
    folder.write(Array("name: t\ninput: [7]\nlayers:\n  - relu\n  - maximum\n".utf8), to: "t.yaml")
    func error(_ choice: String) throws -> PackError {
      var report = Report()
      let tensors = try SafetensorsWriter.tensors([("conv1.weight", [6, 1, 5, 5])])
      return try #require(throws: PackError.self) {
        try WeightImport.model(
          tensors, format: "test", digest: nil, ImportOptions(architecture: choice), &report)
      }
    }
    let ready = try error("lenet:pool=maximum")
    #expect(ready.code == .malformedArchitecture && ready.message.contains("`maximum`"))
    #expect(ready.trail == [.option("--architecture")] && ready.hint.contains("`pool`"))
    let own = try error(folder.path("t.yaml"))
    #expect(own.code == .malformedArchitecture)
    #expect(own.trail == [.line(5), .file(folder.path("t.yaml"))])
  }

  @Test func whatFitsNothingIsRefused() {
    func code(_ shapes: Shapes, _ choice: String? = nil) -> ErrorCode? {
      do {
        _ = try build(shapes, choice)
        return nil
      } catch let error as PackError { return error.code } catch { return nil }
    }
    #expect(code([("a", [1])]) == .unknownArchitecture)
    // Convolutions in one sequence say nothing of their poolings.
    #expect(code([("0.weight", [2, 3, 3, 3]), ("3.weight", [4, 32])]) == .unknownArchitecture)
    #expect(code([], "resnett") == .unknownArchitecture)
    #expect(code([], "/nowhere/a.yaml") == .unreadableFile)
    #expect(code([], "mlp:width=1") == .malformedArchitecture)
    #expect(code([], "mlp:activation") == .malformedArchitecture)
    #expect(code([("0.weight", [2, 2])], "mlp:activation=relux") == nil)
    #expect(code([("0.weight", [2, 2]), ("2.weight", [2, 2])], "mlp:activation=relux") != nil)
  }

  @Test func schemaAndPageNameEveryLayerAndKey() {
    let page = SourceFiles.text("schemas/architecture.md")
    let schema = SourceFiles.text("schemas/architecture.schema.json")
    for (kind, layer) in architectureLayers {
      #expect(page.contains("`\(kind)`"), "\(kind)")
      #expect(schema.contains("\"\(kind)\""), "\(kind)")
      for key in layer.keys + ArchitectureLayer.commonKeys {
        #expect(page.contains("`\(key)`"), "\(key)")
        #expect(schema.contains("\"\(key)\""), "\(key)")
      }
    }
    for name in Architectures.names { #expect(page.contains("`\(name)`"), "\(name)") }
  }
}
