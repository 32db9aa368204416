import SynapackHDF5
import SynapackSupport
import TestSupport
import Testing

/// Files built node by node, and what each reader is known to make of them.
@Suite struct NIRLintTests {
  private func findings(
    _ type: String, _ fields: [HDF5Member], _ reader: String?, input: [Int] = [2],
    output: [Int] = [2]
  ) throws -> [Finding] {
    let node = HDF5Value.group(fields + [HDF5Member("type", .text(type))])
    func port(_ type: String, _ shape: [Int]) -> HDF5Value {
      .group([
        HDF5Member("shape", .integers(shape, shape: [shape.count])),
        HDF5Member("type", .text(type)),
      ])
    }
    let graph = HDF5Value.group([
      HDF5Member("edges", .texts(["input", "node", "node", "output"], shape: [2, 2])),
      HDF5Member(
        "nodes",
        .group([
          HDF5Member("input", port("Input", input)), HDF5Member("node", node),
          HDF5Member("output", port("Output", output)),
        ])), HDF5Member("type", .text("NIRGraph")),
    ])
    let bytes = HDF5Writer.file([
      HDF5Member("node", graph), HDF5Member("version", .text("1.0.8")),
    ])
    let file = unsafe MappedFile(bytes: bytes.span.bytes, path: "lint.nir")
    return try NIRLint.findings(file, reader: reader)
  }

  private func neurons(_ thresholds: [Float], _ resistance: Float) -> [HDF5Member] {
    [
      HDF5Member("r", .reals([resistance, resistance], shape: [2])),
      HDF5Member("v_reset", .reals([0, 0], shape: [2])),
      HDF5Member("v_threshold", .reals(thresholds, shape: [2])),
    ]
  }

  @Test func eachReaderMakesAnotherNeuronOfOneNode() throws {
    let plain = neurons([4, 4], 1)
    #expect(try findings("IF", plain, "nir").isEmpty)
    #expect(try findings("IF", plain, "sinabs").map(\.severity) == [.error])
    #expect(try findings("IF", plain, "norse").map(\.severity) == [.warning])
    #expect(try findings("IF", plain, "snntorch").map(\.severity) == [.error])
    #expect(try findings("IF", plain, "spikingjelly").map(\.severity) == [.error])
    #expect(try findings("IF", neurons([4, 4], 1e4), "spikingjelly").isEmpty)
    let uneven = try findings("IF", neurons([4, 5], 1e4), "spikingjelly")
    #expect(uneven.count == 1 && uneven[0].code == .misreadNIR)
    #expect(uneven[0].place == .node("node"))
  }

  /// Fields of a leaky neuron, some of them changed.
  private func leaky(_ changed: [String: [Float]] = [:]) -> [HDF5Member] {
    let plain: [String: [Float]] = [
      "r": [1, 1], "tau": [0.01, 0.01], "v_leak": [0, 0], "v_reset": [0, 0],
      "v_threshold": [4, 4],
    ]
    return plain.merging(changed) { $1 }.sorted { $0.key < $1.key }
      .map { HDF5Member($0.key, .reals($0.value, shape: [2])) }
  }

  /// What an importer refuses or passes over, one remark each; 100 ticks are tau/dt.
  @Test(arguments: [
    ("spikingjelly", "r", [Float(2), 2], 1), ("spikingjelly", "r", [100, 100], 0),
    ("spikingjelly", "r", [1, 100], 1), ("spikingjelly", "tau", [0.01, 0.02], 1),
    ("spikingjelly", "tau", [1e-4, 1e-4], 1), ("spikingjelly", "v_leak", [1, 1], 1),
    ("spikingjelly", "v_reset", [-0.5, -0.5], 1), ("spikingjelly", "v_threshold", [4, 5], 1),
    ("norse", "v_reset", [-0.5, -0.5], 1), ("norse", "r", [2, 2], 1),
    ("norse", "v_leak", [1, 1], 0), ("sinabs", "r", [2, 2], 1), ("sinabs", "v_leak", [1, 1], 1),
    ("snntorch", "v_leak", [1, 1], 1), ("snntorch", "v_reset", [1, 1], 1),
    ("snntorch", "v_threshold", [4, 5], 1), ("snntorch", "r", [2, 2], 0),
  ])
  func leakyNeuronsThatAReaderChanges(
    reader: String, field: String, values: [Float], errors: Int
  ) throws {
    func count(_ fields: [HDF5Member]) throws -> Int {
      try findings("LIF", fields, reader).count { $0.severity == .error }
    }
    // Reset by subtraction is an error of sinabs on every neuron that it takes.
    // Its times are ticks.
    let times: [String: [Float]] = reader == "sinabs" ? ["tau": [20, 20]] : [:]
    let own = try count(leaky(times))
    #expect(own == (reader == "sinabs" ? 1 : 0))
    let isRefused = reader == "sinabs" && field == "v_leak"
    #expect(
      try count(leaky(times.merging([field: values]) { $1 })) == (isRefused ? 0 : own) + errors)
  }

  @Test func sumsOfPaddedPoolsAreNamed() throws {
    func pool(_ padding: Int) -> [HDF5Member] {
      [
        HDF5Member("kernel_size", .integers([2, 2], shape: [2])),
        HDF5Member("padding", .integers([padding, padding], shape: [2])),
        HDF5Member("stride", .integers([2, 2], shape: [2])),
      ]
    }
    for reader in ["norse", "sinabs", "snntorch", "spikingjelly"] {
      #expect(try findings("SumPool2d", pool(0), reader).isEmpty)
      #expect(try findings("SumPool2d", pool(1), reader).map(\.severity) == [.error])
    }
  }

  /// Gains are the time constants in ticks of dt, or the reader refuses them.
  @Test func currentBasedNeuronsNeedGainsOfTheirTimes() throws {
    func neurons(_ changed: [String: [Float]] = [:]) -> [HDF5Member] {
      let plain: [String: [Float]] = [
        "r": [10, 10], "tau_mem": [1e-3, 1e-3], "tau_syn": [2e-3, 2e-3], "v_leak": [0, 0],
        "v_reset": [0, 0], "v_threshold": [4, 4], "w_in": [20, 20],
      ]
      return plain.merging(changed) { $1 }.sorted { $0.key < $1.key }
        .map { HDF5Member($0.key, .reals($0.value, shape: [2])) }
    }
    for (reader, field, values, errors) in [
      ("spikingjelly", "r", [Float(1), 1], 1), ("spikingjelly", "w_in", [1, 1], 1),
      ("spikingjelly", "v_leak", [1, 1], 1), ("spikingjelly", "v_threshold", [4, 5], 1),
      // A gain of another time and the time itself.
      ("spikingjelly", "tau_mem", [5e-5, 5e-5], 2),
      ("snntorch", "r", [1, 1], 1), ("snntorch", "v_leak", [1, 1], 1),
      ("snntorch", "w_in", [1, 1], 0), ("norse", "v_reset", [1, 1], 1),
    ] {
      func count(_ fields: [HDF5Member]) throws -> Int {
        try findings("CubaLIF", fields, reader).count { $0.severity == .error }
      }
      #expect(try count(neurons()) == 0, "\(reader)")
      #expect(try count(neurons([field: values])) == errors, "\(reader) \(field)")
    }
  }

  @Test func groupsKernelsAndShapesAreNamed() throws {
    func kernel(_ groups: Int, _ sides: [Int], _ hasShape: Bool) -> [HDF5Member] {
      let weights = Array(repeating: Float(1), count: 2 * sides[0] * sides[1])
      let shape = hasShape ? [HDF5Member("input_shape", .integers([4, 4], shape: [2]))] : []
      return shape + [
        HDF5Member("bias", .reals([0, 0], shape: [2])),
        HDF5Member("dilation", .integers([1, 1], shape: [2])),
        HDF5Member("groups", .integers([groups], shape: [])),
        HDF5Member("padding", .integers([0, 0], shape: [2])),
        HDF5Member("stride", .integers([1, 1], shape: [2])),
        HDF5Member("weight", .reals(weights, shape: [2, 1] + sides)),
      ]
    }
    func found(_ groups: Int, _ sides: [Int], _ hasShape: Bool, _ reader: String?) throws
      -> [Finding]
    {
      try findings(
        "Conv2d", kernel(groups, sides, hasShape), reader, input: [groups, 4, 4],
        output: [2, 5 - sides[0], 5 - sides[1]])
    }
    for reader in NIRLint.readers where reader != "rockpool" {
      #expect(try found(1, [3, 3], true, reader).isEmpty)
    }
    #expect(try found(1, [3, 3], true, "rockpool").count == 1)
    #expect(try found(2, [3, 3], true, "spikingjelly").count == 1)
    #expect(try found(2, [3, 3], true, nil).count == NIRLint.readers.count)
    #expect(try found(1, [3, 1], true, "nir").count == 1)
    #expect(try found(1, [3, 3], false, "nir").count == 1)
  }

  /// torch takes a group's input channels for all of them and divides them by the groups: two of two
  /// pass, and the weights are right then.
  @Test(arguments: [(2, 2, 0), (2, 4, 0), (4, 1, 1), (2, 3, 1)])
  func groupsThatDivideTheirChannelsPass(groups: Int, channels: Int, errors: Int) throws {
    let fields = [
      HDF5Member("bias", .reals(Array(repeating: 0, count: 4), shape: [4])),
      HDF5Member("dilation", .integers([1, 1], shape: [2])),
      HDF5Member("groups", .integers([groups], shape: [])),
      HDF5Member("input_shape", .integers([1, 1], shape: [2])),
      HDF5Member("padding", .integers([0, 0], shape: [2])),
      HDF5Member("stride", .integers([1, 1], shape: [2])),
      HDF5Member(
        "weight",
        .reals(Array(repeating: 1, count: 4 * channels), shape: [4, channels, 1, 1])),
    ]
    for reader in ["norse", "sinabs", "snntorch"] {
      let found = try findings(
        "Conv2d", fields, reader, input: [groups * channels, 1, 1], output: [4, 1, 1])
      #expect(found.count == errors, "\(reader): \(found)")
    }
  }

  /// LIFTorch: what its importer leaves out, one remark each.
  @Test func rockpoolLeavesOutFieldsOfCurrentBasedNeurons() throws {
    func neurons(_ changed: [String: [Float]] = [:]) -> [HDF5Member] {
      let plain: [String: [Float]] = [
        "r": [9, 9], "tau_mem": [1, 1], "tau_syn": [2, 2], "v_leak": [0, 0], "v_reset": [0, 0],
        "v_threshold": [4, 5], "w_in": [1, 1],
      ]
      return plain.merging(changed) { $1 }.sorted { $0.key < $1.key }
        .map { HDF5Member($0.key, .reals($0.value, shape: [2])) }
    }
    let always = try findings("CubaLIF", neurons(), "rockpool").map(\.message)
    #expect(always.count == 2)
    for change in ["r", "tau_mem", "v_leak", "v_reset", "w_in"] {
      let found = try findings("CubaLIF", neurons([change: [0.5, 2]]), "rockpool")
      #expect(found.count == 3 && found.last?.severity == .error, "\(change)")
    }
    #expect(try findings("CubaLIF", neurons(["tau_syn": [1, 3]]), "rockpool").count == 2)
    let norse = try findings("CubaLIF", neurons(["w_in": [2, 2]]), "norse")
    #expect(norse.map(\.severity) == [.warning])
  }

  @Test func timesOfIntegratorsAreWholeInRockpool() throws {
    func integrator(_ tau: Float) -> [HDF5Member] {
      [("r", 1), ("tau", tau), ("v_leak", 0)].map {
        HDF5Member($0.0, .reals([$0.1, $0.1], shape: [2]))
      }
    }
    #expect(try findings("LI", integrator(3), "rockpool").isEmpty)
    #expect(try findings("LI", integrator(0.02), "rockpool").map(\.severity) == [.error])
  }

  @Test func whatAReaderDoesNotReadIsAnError() throws {
    let scale = [HDF5Member("scale", .reals([1, 1], shape: [2]))]
    let all = try findings("Scale", scale, nil)
    #expect(all.count == NIRLint.readers.count - 1)
    #expect(all.allSatisfy { $0.severity == .error && $0.message.contains("does not read Scale") })
    #expect(throws: PackError.self) { try findings("Scale", scale, "word") }
  }

  /// Whatever is written is read again: names, texts, numbers and shapes.
  @Test func theWriterIsDeterministicAndItsFilesAreBounded() throws {
    let value = HDF5Value.group([
      HDF5Member("größe", .integers([1, -2, .max], shape: [3])), HDF5Member("t", .text("ü")),
    ])
    let bytes = HDF5Writer.file([HDF5Member("a", value)])
    #expect(HDF5Writer.file([HDF5Member("a", value)]) == bytes)
    #expect(Array(bytes.prefix(4)) == [0x89, 0x48, 0x44, 0x46])
  }

  /// What `nir.read` 1.0.8 refuses of the fixtures is an error by node and field, whoever is asked for.
  @Test(arguments: [
    ("missing-field", "n1", "`v_threshold`"), ("wrong-output", "output", "[3]"),
    ("into-input", "input", "`n0` gives [6]"),
  ])
  func brokenStructureIsNamed(name: String, node: String, words: String) throws {
    let file = try MappedFile(path: Fixtures.path("nir/refused/\(name).nir"))
    for reader in [nil, "nir", "norse"] {
      let errors = try NIRLint.findings(file, reader: reader).filter {
        $0.message.hasPrefix("nir refuses the file")
      }
      #expect(errors.map(\.severity) == [.error] && errors.first?.place == .node(node))
      #expect(errors.first?.message.contains(words) == true, "\(errors)")
    }
  }

  /// What it reads has no such error.
  @Test func soundStructureIsLeftAlone() throws {
    for name in FixtureFiles.names(in: "nir/models", suffix: ".nir") {
      let found = try NIRLint.findings(
        MappedFile(path: Fixtures.path("nir/models/\(name).nir")), reader: nil)
      #expect(!found.contains { $0.message.contains("refuses the file") }, "\(name): \(found)")
    }
  }

  @Test func parametersHaveOneShapeAndEveryEdgeAgrees() throws {
    func count(_ changed: [String: ([Float], [Int])], input: [Int] = [2]) throws -> Int {
      let fields = ["r": [1, 1], "v_reset": [0, 0], "v_threshold": [4, 4]] as [String: [Float]]
      let members = fields.sorted { $0.key < $1.key }.map { name, values in
        let (values, shape) = changed[name] ?? (values, [2])
        return HDF5Member(name, .reals(values, shape: shape))
      }
      return try findings("IF", members, "nir", input: input).count
    }
    #expect(try count([:]) == 0)
    #expect(try count(["r": ([1], [1])]) == 1)
    #expect(try count(["v_reset": ([0, 0], [2, 1])]) == 1)
    #expect(try count([:], input: [3]) == 1)
  }

  /// A time constant of less than a tick was meant in seconds, which sinabs does not know.
  @Test func secondsAreNoTicks() throws {
    for (type, own) in [("LIF", neurons([4, 4], 1)), ("LI", Array(neurons([4, 4], 1).prefix(1)))] {
      func messages(_ tau: Float) throws -> [String] {
        let times = [
          HDF5Member("tau", .reals([tau, tau], shape: [2])),
          HDF5Member("v_leak", .reals([0, 0], shape: [2])),
        ]
        let fields = (own + times).sorted { $0.name < $1.name }
        return try findings(type, fields, "sinabs").map(\.message)
      }
      #expect(try messages(0.02).contains { $0.contains("takes tau for ticks") }, "\(type)")
      #expect(try !messages(20).contains { $0.contains("takes tau for ticks") }, "\(type)")
    }
  }

  @Test func fieldsAreToldByTheirNames() throws {
    let found = try findings("IF", neurons([4, 4], 3), "norse").map(\.message)
    #expect(found.contains { $0.contains("ignores r") }, "\(found)")
  }

  /// norse and snnTorch hand NIR's axes to torch, which counts a batch; sinabs and SpikingJelly shift
  /// them. Axes from the end are the same with and without one.
  @Test(
    arguments: [
      ("norse", 0, -1, "start_dim 0 merges"), ("norse", 0, 2, "start_dim 0 merges"),
      ("norse", 1, -1, "one too few"), ("norse", -3, 2, "one too few"), ("norse", -3, -1, nil),
      ("snntorch", 0, -1, "start_dim 0 merges"), ("snntorch", -3, -1, nil),
      ("sinabs", 0, -1, nil), ("sinabs", 1, -1, "keeps the channels apart"),
      ("spikingjelly", 0, 2, nil), ("norse", 0, 0, nil), ("snntorch", 0, 0, nil),
    ] as [(String, Int, Int, String?)])
  func axesThatAReaderCountsOtherwise(
    reader: String, start: Int, end: Int, words: String?
  ) throws {
    let fields = [
      HDF5Member("end_dim", .integers([end], shape: [])),
      HDF5Member("input_type", .integers([2, 3, 3], shape: [3])),
      HDF5Member("start_dim", .integers([start], shape: [])),
    ]
    let output = start == end ? [2, 3, 3] : start == 1 ? [2, 9] : [18]
    let found = try findings("Flatten", fields, reader, input: [2, 3, 3], output: output)
    #expect(found.map(\.severity) == (words == nil ? [] : [.warning]), "\(found)")
    if let words { #expect(found.first?.message.contains(words) == true, "\(found)") }
  }
}
