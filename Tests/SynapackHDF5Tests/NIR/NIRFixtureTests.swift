import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackHDF5

/// Files that nir wrote, one for each type of node.
struct NIRFixtureTests {
  private func graph(
    _ name: String, _ dialect: String = "", _ report: inout Report
  ) throws -> Graph<Spiking> {
    try NIRImporter.graph(
      MappedFile(path: Fixtures.path("nir/models/\(name).nir")),
      options: ImportOptions(dialect: dialect), &report)
  }

  private func graph(_ name: String, _ dialect: String = "") throws -> Graph<Spiking> {
    var report = Report()
    return try graph(name, dialect, &report)
  }

  private func values(_ name: String, _ graph: Graph<Spiking>) -> [Float] {
    graph.weights[name]?.floats() ?? []
  }

  private func neuron(_ name: String, _ dialect: String) throws -> (Neuron, Graph<Spiking>) {
    let graph = try graph(name, dialect)
    guard graph.nodes.count == 1, case .neuron(let op) = graph.nodes[0].op else {
      Issue.record("\(name) is \(graph.nodes.map(\.op.name))")
      throw PackError(.defect, "no neuron", hint: "")
    }
    return (op, graph)
  }

  private func close(_ values: [Float], _ expected: [Float]) -> Bool {
    values.count == expected.count
      && zip(values, expected).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }
  }

  @Test(arguments: [
    ("affine", ["linear"]), ("linear", ["linear"]), ("conv1d", ["convolution"]),
    ("conv2d", ["convolution"]), ("conv2d-groups", ["convolution"]),
    ("conv2d-same", ["convolution"]), ("sum-pool", ["windowSum"]),
    ("average-pool", ["windowSum", "scale"]), ("flatten", ["reshape"]),
    ("flatten-part", ["reshape"]), ("scale", ["neuron"]), ("scale-uniform", ["scale"]),
    ("threshold", ["neuron"]), ("delay", ["delay"]), ("i", ["neuron"]), ("if", ["neuron"]),
    ("li", ["neuron"]), ("lif", ["neuron"]), ("cuba-li", ["neuron"]), ("cuba-lif", ["neuron"]),
    ("classifier", ["linear", "neuron", "linear", "neuron", "linear"]),
    ("residual", ["linear", "neuron", "linear", "add", "neuron", "linear"]),
    ("nested", ["linear", "scale", "neuron"]),
  ])
  func everyTypeBecomesItsOperators(name: String, operators: [String]) throws {
    #expect(try graph(name).nodes.map(\.op.name) == operators)
  }

  @Test func everyModelIsTested() {
    #expect(FixtureFiles.names(in: "nir/models", suffix: ".nir").count == 26)
  }

  @Test func convolutionsCrossCorrelate() throws {
    // A padding of one around 3×3, and `same` for 2×3: the odd cell comes at the end.
    for (name, edges) in [
      ("conv2d", Edges(top: 1, left: 1, bottom: 1, right: 1)),
      ("conv2d-same", Edges(top: 0, left: 1, bottom: 1, right: 1)),
      ("conv1d", Edges(left: 1, right: 1)),
    ] {
      let graph = try graph(name)
      guard case .convolution(let op) = graph.nodes[0].op else { continue }
      #expect(op.window.padding == edges, "\(name)")
    }
  }

  @Test func thresholdsTakeResistanceIn() throws {
    for (name, dialect) in [
      ("if", "reset=subtract"), ("if-resistance", "reset=subtract"),
      ("if-resistance", "reset=subtract,dt=1e-4"), ("if", "producer=sinabs"),
    ] {
      let graph = try graph(name, dialect)
      guard case .spike(let op) = graph.nodes[0].op else {
        Issue.record("\(name), \(dialect) is \(graph.nodes[0].op.name)")
        continue
      }
      #expect(close(values(op.threshold, graph), [1, 2, 3]), "\(name), \(dialect)")
      #expect(values(op.amplitude, graph) == [1, 1, 1])
      #expect(op.lower == 0 && op.upper == 1 && !op.memory)
    }
    let graph = try graph("if", "reset=subtract,dt=0.5,payload=4")
    guard case .spike(let op) = graph.nodes[0].op else { return }
    #expect(close(values(op.threshold, graph), [2, 4, 6]) && op.upper == 4)
  }

  @Test func hardResetsGoToTheirPotential() throws {
    let (op, graph) = try neuron("if-reset", "")
    guard case .value(let name) = op.reset else {
      Issue.record("the reset is \(op.reset)")
      return
    }
    #expect(values(name, graph) == [-0.5, -0.5, -0.5])
    #expect(values(op.decay, graph) == [1])
    var report = Report()
    for dialect in ["reset=subtract", "reset=zero"] {
      let error = #expect(throws: PackError.self) {
        try self.graph("if-reset", dialect, &report)
      }
      #expect(error?.code == .badDialect)
    }
  }

  /// τ = 20 ms, r = 200, dt = 0.1 ms: dt/τ = 1/200.
  @Test func leaksFollowTheTimeStep() throws {
    let (euler, graph) = try neuron("lif", "reset=subtract,dt=1e-4,tau=s")
    #expect(close(values(euler.decay, graph), [0.995, 0.995, 0.995]))
    #expect(close(values(euler.gain, graph), [1, 1, 1]))
    #expect(close(values(euler.drift, graph), [0, 0.0005, 0.001]))
    #expect(euler.threshold.map { values($0, graph) } == [1, 2, 3] && euler.reset == .subtract)
    let (exact, second) = try neuron("lif", "dt=1e-2,integration=exponential")
    let left: Float = 0.6065306597
    #expect(close(values(exact.decay, second), [left, left, left]))
    #expect(close(values(exact.gain, second), Array(repeating: 200 * (1 - left), count: 3)))
    // The same numbers in milliseconds are a thousand times shorter.
    let (small, third) = try neuron("lif", "dt=1e-6,tau=ms")
    #expect(close(values(small.decay, third), [0.95, 0.95, 0.95]))
  }

  @Test func synapsesFilter() throws {
    let (op, graph) = try neuron("cuba-li", "dt=1e-3")
    let synapse = try #require(op.synapse)
    #expect(close(values(synapse.decay, graph), [0.9, 0.9, 0.9]))
    #expect(close(values(synapse.gain, graph), [0.2, 0.2, 0.2]))
    #expect(op.threshold == nil && op.reset == .none)
    let (firing, second) = try neuron("cuba-lif", "dt=1e-3,reset=zero")
    #expect(close(values(firing.synapse?.gain ?? "", second), [0.1, 0.1, 0.1]))
    #expect(firing.threshold != nil && firing.reset != .none && firing.reset != .subtract)
  }

  @Test func delaysAreWholeTicks() throws {
    let graph = try graph("delay", "dt=1e-3")
    guard case .delay(let op) = graph.nodes[0].op else { return }
    #expect(values(op.ticks, graph) == [0, 1, 20])
    var report = Report()
    let error = #expect(throws: PackError.self) {
      try self.graph("delay", "dt=3e-3", &report)
    }
    #expect(error?.code == .unsupportedAttribute)
  }

  // MARK: - What is assumed is said

  private func keys(_ name: String, _ dialect: String) throws -> [String] {
    var report = Report()
    _ = try graph(name, dialect, &report)
    return report.findings.map { finding in
      #expect(finding.code == .assumedDialect)
      return String(finding.message.dropFirst().prefix { $0 != "=" })
        + (finding.severity == .note ? " implied" : "")
    }
  }

  @Test func everyAssumptionIsAFinding() throws {
    #expect(try keys("if", "") == ["reset", "dt"])
    #expect(try keys("if", "reset=value,dt=1") == [])
    #expect(try keys("if", "reset=subtract") == ["dt", "payload"])
    #expect(try keys("lif", "") == ["reset", "dt", "tau", "integration"])
    #expect(
      try keys("lif", "producer=snntorch") == [
        "reset implied", "dt implied", "tau implied", "integration implied",
      ])
    #expect(try keys("lif", "reset=value,dt=1e-4,tau=s,integration=euler") == [])
    #expect(try keys("affine", "") == [])
    #expect(try keys("delay", "") == ["dt", "tau", "integration"])
  }

  @Test func metadataCountAsStated() throws {
    let graph = try graph("classifier-stated")
    #expect(graph.nodes.map(\.op.name) == ["linear", "spike", "linear", "spike", "linear"])
    #expect(try keys("classifier-stated", "") == ["payload implied"])
  }

  @Test(arguments: [
    "reset", "reset=", "reset=soft", "dt=0", "dt=-1", "dt=nan", "tau=h", "payload=0",
    "payload=100000", "producer=me", "colour=red", "reset=zero,reset=zero", "integration=exact",
  ])
  func otherDialectsAreRefused(text: String) throws {
    let error = #expect(throws: PackError.self) { try NIRDialect(text) }
    #expect(error?.code == .badDialect)
    #expect(error?.trail == [.option("--dialect")])
  }

  @Test func onlyNIRFilesAreRecognised() throws {
    #expect(NIRImporter.recognises(try MappedFile(path: Fixtures.path("nir/models/if.nir"))))
    for file in ["hdf5/read/latest.h5", "keras/models/nested.h5", "keras/models/nested.keras"] {
      #expect(!NIRImporter.recognises(try MappedFile(path: Fixtures.path(file))))
    }
    let nir = try MappedFile(path: Fixtures.path("nir/models/if.nir"))
    #expect(!KerasImporter.recognises(nir))
  }
}
