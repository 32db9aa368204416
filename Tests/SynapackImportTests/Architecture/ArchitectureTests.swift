import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackImport

/// The graph of a description over given tensors.
func architectureGraph(
  _ yaml: String, _ tensors: NamedTensors, scanned: Bool = true
) throws(PackError) -> Graph<Analog> {
  let origin = Origin(format: "test", digest: nil, producer: "", version: "")
  var reader = ArchitectureReader(try ArchitectureDescription(yaml: yaml), tensors, origin: origin)
  return try reader.graph(scanned: scanned)
}

@Suite struct ArchitectureTests {
  @Test(arguments: ["cnn-average", "cnn-residual", "mlp"]) func digitsAgree(model: String) throws {
    var report = Report()
    let options = ImportOptions(
      architecture: Fixtures.path("architectures/digits-\(model).yaml"))
    let file = try MappedFile(path: Fixtures.path("digits/\(model).safetensors"))
    guard case .analog(let graph) = try SafetensorsImporter.read(file, options, &report) else {
      Issue.record("weights give a conventional network")
      return
    }
    let pixels = try NumPyArrayFile.read(path: Fixtures.path("digits/test_x.npy")).floats()
    let logits = try NumPyArrayFile.read(path: Fixtures.path("digits/\(model).logits.npy")).floats()
    for sample in 0..<3 {
      let input = FloatArray(
        shape: graph.shape(of: graph.inputs[0]),
        values: pixels[sample * 64..<(sample + 1) * 64].map { $0 / 16 })
      let output = try #require(try graph.evaluateReference(input).first)
      for (index, value) in output.values.enumerated() {
        #expect(abs(value - logits[sample * 10 + index]) < 1e-4)
      }
    }
  }

  @Test func npzGivesTheSameNetwork() throws {
    let folder = TemporaryFolder()
    let file = try MappedFile(path: Fixtures.path("digits/cnn-average.safetensors"))
    let tensors = try SafetensorsFile.read(file)
    var arrays: [(name: String, tensor: Tensor)] = []
    for name in tensors.names { arrays.append((name, try #require(tensors[name]))) }
    folder.write(try NumPyArchive.bytes(of: arrays), to: "w.npz")
    let options = ImportOptions(
      architecture: Fixtures.path("architectures/digits-cnn-average.yaml"))
    var report = Report()
    let archive = try MappedFile(path: folder.path("w.npz"))
    #expect(NumPyWeightsImporter.recognises(archive))
    guard case .analog(let one) = try SafetensorsImporter.read(file, options, &report),
      case .analog(let two) = try NumPyWeightsImporter.read(archive, options, &report)
    else {
      Issue.record("weights give a conventional network")
      return
    }
    #expect(one.nodes == two.nodes && one.wires == two.wires)
    for name in one.weights.names {
      #expect(try one.weights.floats(name) == two.weights.floats(name))
    }
  }

  @Test func tensorsAndLayersMustFit() throws {
    let yaml = """
      name: t
      input: [2, 4, 4]
      layers:
        - convolution: c
        - batch-normalization: n
        - flatten
        - linear: l
      """
    let sound: [(String, [Int])] = [
      ("c.weight", [3, 2, 3, 3]), ("c.bias", [3]), ("n.weight", [3]), ("n.bias", [3]),
      ("n.running_mean", [3]), ("n.running_var", [3]), ("n.num_batches_tracked", []),
      ("l.weight", [5, 12]),
    ]
    let graph = try architectureGraph(yaml, SafetensorsWriter.tensors(sound))
    #expect(
      graph.nodes.map(\.op.name) == ["convolution", "batchNormalization", "reshape", "linear"])
    func code(_ change: (inout [(String, [Int])]) -> Void) -> (ErrorCode?, [Place]) {
      var shapes = sound
      change(&shapes)
      do {
        _ = try architectureGraph(yaml, SafetensorsWriter.tensors(shapes))
        return (nil, [])
      } catch let error as PackError { return (error.code, error.trail) } catch { return (nil, []) }
    }
    for missing in sound where missing.0 != "c.bias" && missing.0 != "n.num_batches_tracked" {
      let (result, trail) = code { $0.removeAll { $0.0 == missing.0 } }
      #expect(result == .missingTensor && trail.first == .tensor(missing.0), "\(missing.0)")
    }
    #expect(code { $0.removeAll { $0.0 == "c.bias" } }.0 == nil)
    let (spare, place) = code { $0.append(("more", [1])) }
    #expect(spare == .spareTensor && place.first == .tensor("more"))
    for (name, shape) in [
      ("c.weight", [3, 3, 3, 3]), ("c.weight", [3, 2, 3]), ("c.weight", [3, 2, 5, 5]),
      ("c.weight", [3, 2, 3, 3, 1]), ("c.bias", [4]), ("c.bias", [3, 1]), ("n.bias", [2]),
      ("n.running_var", [1]), ("l.weight", [5, 13]), ("l.weight", [60]),
      ("c.weight", [0, 2, 3, 3]),
    ] {
      let (result, trail) = code { shapes in
        for index in shapes.indices where shapes[index].0 == name { shapes[index].1 = shape }
      }
      #expect(result == .misshapenTensor && trail.first == .tensor(name), "\(name) \(shape)")
    }
  }

  @Test func aRequiredBiasMustBeThere() throws {
    func code(_ layer: String, _ shapes: [(String, [Int])]) -> ErrorCode? {
      let yaml = "{name: t, input: [2, 3, 3], layers: [\(layer)]}"
      do {
        _ = try architectureGraph(yaml, SafetensorsWriter.tensors(shapes))
        return nil
      } catch let error as PackError { return error.code } catch { return nil }
    }
    for (kind, shape) in [("convolution", [4, 2, 3, 3]), ("linear", [4, 3])] {
      let weight = ("l.weight", shape)
      let (plain, required) = ("{\(kind): l}", "{\(kind): l, bias: required}")
      #expect(code(plain, [weight]) == nil)
      #expect(code(plain, [weight, ("l.bias", [4])]) == nil)
      #expect(code(required, [weight]) == .missingTensor)
      #expect(code(required, [weight, ("l.bias", [4])]) == nil)
      #expect(code("{\(kind): , weight: l.weight, bias: required}", [weight]) != nil)
    }
  }

  @Test func aBiasThatOthersHaveIsMissed() throws {
    let folder = TemporaryFolder()
    let yaml = """
      name: t
      input: [2, 4, 4]
      layers:
        - convolution: a
        - convolution: b
        - batch-normalization: n
        - flatten
        - linear: c
        - linear: d
      """
    folder.write(Array(yaml.utf8), to: "t.yaml")
    func missed(_ biases: [String]) throws -> [Finding] {
      let normalization = ["weight", "bias", "running_mean", "running_var"].map { ("n." + $0, [2]) }
      let tensors = try SafetensorsWriter.tensors(
        [
          ("a.weight", [2, 2, 1, 1]), ("b.weight", [2, 2, 1, 1]), ("c.weight", [2, 32]),
          ("d.weight", [2, 2]),
        ] + normalization + biases.map { ($0 + ".bias", [2]) })
      var report = Report()
      _ = try WeightImport.model(
        tensors, format: "test", digest: nil,
        ImportOptions(architecture: folder.path("t.yaml")), &report)
      return report.findings
    }
    #expect(try missed([]).isEmpty)
    #expect(try missed(["a", "b", "c", "d"]).isEmpty)
    // What the normalization behind `b` shifts needs no bias.
    #expect(try missed(["a", "c", "d"]).isEmpty)
    let found = try missed(["b", "d"])
    #expect(found.map(\.code) == [.absentBias, .absentBias])
    #expect(found.map(\.severity) == [.warning, .warning])
    #expect(found.map(\.place) == [.node("a"), .node("c")])
  }

  @Test func weightsAreFiniteFloats() throws {
    let yaml = "{name: t, input: [2], layers: [{linear: l}]}"
    var tensors = NamedTensors()
    try tensors.add("l.weight", try Tensor(shape: Shape([1, 2]), floats: [1, .nan]))
    #expect(
      code { () throws(PackError) in _ = try architectureGraph(yaml, tensors) } == .notFinite)
    // A graph that is only described is not read.
    #expect(try architectureGraph(yaml, tensors, scanned: false).nodes.count == 1)
    var integers = NamedTensors()
    try integers.add("l.weight", try Tensor(shape: Shape([1, 2]), integers: [1, 2]))
    #expect(
      code { () throws(PackError) in _ = try architectureGraph(yaml, integers) }
        == .unsupportedWeightType)
  }

  @Test func groupsFollowFromTheWeights() throws {
    let yaml = """
      {name: t, input: [6, 3, 3], layers: [{convolution: d, padding: same}, {convolution: g}]}
      """
    let tensors = try SafetensorsWriter.tensors([
      ("d.weight", [6, 1, 3, 3]), ("g.weight", [4, 3, 1, 1]),
    ])
    let graph = try architectureGraph(yaml, tensors)
    let groups = graph.nodes.map { node -> Int in
      if case .convolution(let op) = node.op { op.groups } else { 0 }
    }
    #expect(groups == [6, 2])
  }

  @Test func everyLayerBuilds() throws {
    let yaml = """
      name: t
      input: [4, 8, 8]
      layers:
        - {relu: , name: a}
        - relu6
        - clip: [-1, 2.5]
        - leaky-relu: 0.2
        - leaky-relu
        - sigmoid
        - tanh
        - gelu
        - gelu-tanh
        - silu
        - hard-swish
        - {hard-sigmoid: , name: gate}
        - multiply: [a, gate]
        - {layer-normalization: n, epsilon: 1e-3}
        - dropout: 0.5
        - max-pool: 3
          stride: 2
          padding: 1
        - average-pool: [1, 2]
        - adaptive-average-pool: [2, 1]
        - subsample: [2, 1]
        - {identity: , name: x}
        - concat: [x, x]
        - pad-channels: wide
          when: missing
        - global-average-pool
        - reshape: [2, 4]
        - {linear: w, transposed: true}
        - flatten
        - softmax
      """
    let tensors = try SafetensorsWriter.tensors([
      ("n.weight", [8, 8]), ("n.bias", [8, 8]), ("w.weight", [4, 3]), ("w.bias", [3]),
    ])
    let graph = try architectureGraph(yaml, tensors)
    #expect(graph.shape(of: graph.outputs[0]).dimensions == [6])
    let input = FloatArray(shape: graph.shape(of: graph.inputs[0]), repeating: 0.5)
    let output = try #require(try graph.evaluateReference(input).first)
    #expect(abs(output.values.reduce(0, +) - 1) < 1e-5)
    let used = Set(yaml.matches(of: /- \{?([a-z0-9-]+)/).map { String($0.1) })
    let known = Set(architectureLayers.keys).subtracting([
      "convolution", "batch-normalization", "add",
    ])
    #expect(used == known)
  }
}
