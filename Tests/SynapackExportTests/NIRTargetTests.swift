import SynapackExport
import SynapackGraph
import SynapackHDF5
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

/// What is written as NIR; `tools/verify/exports` runs it in NIR's readers.
@Suite struct NIRTargetTests {
  /// Those that take the planes of random programs.
  private static let ids = NIRProfile.allCases.filter(\.readsPlanes).map(\.target)

  /// Our own reader takes every file, with a node for each layer and connection.
  @Test(arguments: ids) func writtenFilesAreRead(id: String) throws {
    let target = try ExportTargets.named(id)
    var read = 0
    for seed in UInt64(1)...40 {
      let program = try plain(seed, target.capability)
      var report = Report()
      let source = ExportSource(program: program)
      guard let files = try? ExportTargets.export(source, to: target, &report) else { continue }
      let bytes = try #require(files.first { $0.name == "network.nir" }).bytes
      let graph = try NIRImporter.graph(
        unsafe MappedFile(bytes: bytes.span.bytes, path: "network.nir"), &report)
      let firing = program.populations.count { $0.payloads != 0...0 }
      #expect(graph.nodes.count >= firing + program.connections.count, "seed \(seed)")
      read += 1
    }
    #expect(read >= 5)
  }

  /// The kernel that NIR gets does what the connection does, relays, groups and borders included.
  @Test func kernelsAreTheSameMaps() throws {
    var compared = 0
    for seed in UInt64(1)...400 {
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      let isSquare = seed % 2 == 0
      guard let own = try? rewritten(program, isSquare: isSquare) else { continue }
      try own.verify()
      for _ in 0..<2 {
        let sample = programs.sample(for: program)
        let expected = try Simulator(program).record(sample)
        #expect(try Simulator(own).record(sample) == expected, "seed \(seed)")
      }
      compared += 1
    }
    #expect(compared > 50)
  }

  /// The program with every connection in NIR's form.
  private func rewritten(_ program: SpikingProgram, isSquare: Bool) throws -> SpikingProgram {
    var program = program
    for (index, connection) in program.connections.enumerated() {
      let shape = program.shape(of: connection.source)
      let values: [Float]
      let dimensions: [Int]
      var window: Window?
      switch connection.synapses {
      case .dense:
        let matrix = try NIRMatrix(connection, from: shape)
        (values, dimensions) = (matrix.values, matrix.shape)
      case .convolution:
        let kernel = try NIRKernel(connection, from: try #require(shape.planes), isSquare: isSquare)
        (values, dimensions) = (kernel.values, kernel.shape)
        #expect(!isSquare || dimensions[2] == dimensions[3])
        let (y, x) = (kernel.padding.y, kernel.padding.x)
        window = Window(
          kernel: Extent(y: dimensions[2], x: dimensions[3]), stride: kernel.stride,
          padding: Edges(top: y, left: x, bottom: y, right: x))
      }
      let integers = values.compactMap { Int16(exactly: $0) }
      guard integers.count == values.count else { throw NIRKernel.refused("a wide sum") }
      let weights = IntegerWeights(shape: try Shape(dimensions), values: integers)
      program.connections[index].relays = []
      program.connections[index].weightBits = 16
      program.connections[index].synapses =
        window.map { .convolution(weights, window: $0, groups: 1) } ?? .dense(weights)
    }
    return program
  }

  /// Relays whose strides multiply beyond 64 bits end in a refusal, not in a trap.
  @Test func stridesWithoutEndAreRefused() throws {
    let relay = Window(
      kernel: Extent(y: 1, x: 1), stride: Extent(y: 1 << 24, x: 1 << 24),
      overhang: Extent(y: 0, x: 0))
    let connection = Connection(
      source: .input, target: 0, relays: Array(repeating: relay, count: 16),
      synapses: .convolution(
        IntegerWeights(shape: try Shape([1, 1, 1, 1]), values: [1]),
        window: Window(kernel: Extent(y: 1, x: 1), stride: Extent(y: 1 << 24, x: 1 << 24)),
        groups: 1), weightBits: 4)
    let error = #expect(throws: PackError.self) {
      try NIRKernel(connection, from: (1, 1, 1), isSquare: true)
    }
    #expect(error?.code == .structureNotCarried)
  }

  /// snnTorch alone would reset what starts at its threshold.
  @Test func aStartAtTheThresholdIsRefusedForSnnTorch() throws {
    let capability = try ExportTargets.named("nir-snntorch").capability
    var refused = 0
    for seed in UInt64(1)...40 {
      var program = try plain(seed, capability)
      let source = ExportSource(program: program)
      var report = Report()
      guard (try? ExportTargets.export(source, to: NIRTarget(profile: .snntorch), &report)) != nil
      else { continue }
      program.populations[0].initial = program.populations[0].thresholds
      let late = ExportSource(program: program)
      let error = #expect(throws: PackError.self) {
        try ExportTargets.export(late, to: NIRTarget(profile: .snntorch), &report)
      }
      #expect(error?.code == .neuronNotCarried)
      #expect(throws: Never.self) {
        try ExportTargets.export(late, to: NIRTarget(profile: .spikingjelly), &report)
      }
      refused += 1
    }
    #expect(refused > 5)
  }

  /// Of the exported file Rockpool reads every node and ignores no field.
  @Test func rockpoolTakesDenseLayersAlone() throws {
    let weights = IntegerWeights(shape: try Shape([4, 4]), values: (0..<16).map { $0 % 7 - 3 })
    let input = try Shape([1, 2, 2])
    var program = SpikingProgram(
      timesteps: 4, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: input, encoding: .poisson(signed: false, scale: 1, seed: 1)),
      populations: try (0..<2).map { index in
        Population(
          name: "layer\(index)", shape: try Shape([4]),
          model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
          thresholds: Parameter([3, 4, 5, 6]), biases: Parameter([1]), initial: Parameter([2]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      },
      connections: [
        Connection(source: .input, target: 0, synapses: .dense(weights), weightBits: 4),
        Connection(source: .population(0), target: 1, synapses: .dense(weights), weightBits: 4),
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    let target = NIRTarget(profile: .rockpool)
    var report = Report()
    let files = try ExportTargets.export(ExportSource(program: program), to: target, &report)
    let bytes = try #require(files.first { $0.name == "network.nir" }).bytes
    let found = try NIRLint.findings(
      unsafe MappedFile(bytes: bytes.span.bytes, path: "network.nir"), reader: "rockpool")
    // Two of each node of neurons: what the loader sets.
    #expect(found.count == 4)
    #expect(!found.contains { $0.message.contains("ignores") || $0.message.contains("not read") })

    program.populations[0].shape = input
    program.populations[0].thresholds = Parameter([3])
    program.connections[0].synapses = .convolution(
      IntegerWeights(shape: try Shape([1, 1, 1, 1]), values: [1]),
      window: Window(kernel: Extent(y: 1, x: 1)), groups: 1)
    try program.verify()
    let plane = ExportSource(program: program)
    let error = #expect(throws: PackError.self) {
      try ExportTargets.export(plane, to: target, &report)
    }
    #expect(error?.code == .structureNotCarried)
  }

  /// Two paths into the readout: an output of several inputs is no sum in snnTorch and SpikingJelly.
  @Test(arguments: ["nir", "nir-snntorch", "nir-spikingjelly"])
  func pathsThatMeetInTheReadoutAreSummed(id: String) throws {
    let target = try ExportTargets.named(id)
    let weights = IntegerWeights(shape: try Shape([4, 4]), values: (0..<16).map { $0 % 7 - 3 })
    let dense = { (source: Source, index: Int) in
      Connection(source: source, target: index, synapses: .dense(weights), weightBits: 4)
    }
    let program = SpikingProgram(
      timesteps: 4, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([4]), encoding: .poisson(signed: false, scale: 1, seed: 1)),
      populations: [
        Population(
          name: "hidden", shape: try Shape([4]),
          model: .integrateAndFire(
            FiringBehaviour(payloads: 0...1, reset: target.capability.resets[0])),
          thresholds: Parameter([3]), biases: Parameter([1]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8),
        Population(
          name: "readout", shape: try Shape([4]), model: .integrator,
          thresholds: Parameter([0]), biases: Parameter([1]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8),
      ],
      connections: [dense(.input, 0), dense(.input, 1), dense(.population(0), 1)],
      readout: Readout(population: 1, decoding: .membrane, unit: 1))
    try program.verify()
    var report = Report()
    let files = try ExportTargets.export(ExportSource(program: program), to: target, &report)
    let bytes = try #require(files.first { $0.name == "network.nir" }).bytes
    let file = unsafe MappedFile(bytes: bytes.span.bytes, path: "network.nir")
    for reader in ["nir", "snntorch", "spikingjelly"] {
      let found = try NIRLint.findings(file, reader: reader)
      #expect(!found.contains { $0.place == .node("output") || $0.place == .node("scores") })
      #expect(!found.contains { $0.message.hasPrefix("nir ") }, "\(found)")
    }
    let graph = try NIRImporter.graph(file, &report)
    #expect(graph.nodes.count { if case .add = $0.op { true } else { false } } == 1)
  }

  @Test func thresholdsAreMovedWhereAReaderFiresAboveThem() throws {
    let neurons = NIRProfile.allCases.map { $0.thresholdShift }
    #expect(neurons == [0.5, 0.5, 0, 0, 0.5, 0])
  }

  /// A random program changed until the target's own statement carries it, connections aside.
  private func plain(_ seed: UInt64, _ capability: Capability) throws -> SpikingProgram {
    var programs = RandomProgram(seed: seed)
    var program = try programs.next()
    program.schedule = .wavefront
    program.readout.discards = 0
    program.readout.exit = nil
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: 32)
      program.populations[index].initial = Parameter([0])
      program.populations[index].thresholds = Parameter([40])
      program.populations[index].biases = Parameter([3])
      guard program.populations[index].payloads != 0...0 else { continue }
      program.populations[index].model = .integrateAndFire(
        FiringBehaviour(payloads: 0...1, reset: capability.resets[0]))
    }
    return program
  }

  /// A file says by itself what it needs to be read as the neurons that were written: nothing has to be
  /// assumed, and thresholds and starts come back.
  @Test(arguments: ["nir-sinabs", "nir-spikingjelly", "nir"])
  func whatIsWrittenIsReadBack(id: String) throws {
    let target = try ExportTargets.named(id)
    let shift = try #require(NIRProfile.allCases.first { $0.target == id }).thresholdShift
    var compared = 0
    for seed in UInt64(1)...40 {
      var program = try plain(seed, target.capability)
      let starts: Int32 = target.capability.carries(.start) ? 7 : 0
      for index in program.populations.indices where program.populations[index].payloads != 0...0 {
        program.populations[index].initial = Parameter([starts])
      }
      var report = Report()
      let source = ExportSource(program: program)
      guard let files = try? ExportTargets.export(source, to: target, &report) else { continue }
      let bytes = try #require(files.first { $0.name == "network.nir" }).bytes
      var told = Report()
      let graph = try NIRImporter.graph(
        unsafe MappedFile(bytes: bytes.span.bytes, path: "network.nir"), &told)
      #expect(!told.findings.contains { $0.severity > .note }, "seed \(seed): \(told.findings)")
      for node in graph.nodes {
        switch node.op {
        case .spike(let op):
          #expect(target.capability.resets[0] == .subtract && op.lower == 0 && op.upper == 1)
          #expect(Set(try graph.weights.floats(op.threshold)) == [40])
          #expect(Set(try graph.weights.floats(op.initial)) == [Float(starts)])
          compared += 1
        case .neuron(let op):
          #expect(target.capability.resets[0] == .zero, "seed \(seed)")
          let threshold = try #require(op.threshold)
          #expect(Set(try graph.weights.floats(threshold)) == [40 - shift])
          compared += 1
        default: continue
        }
      }
    }
    #expect(compared >= 5)
  }

  /// What the loader sets is told with the loader, for the reader that it is of alone.
  @Test func whatTheLoaderSetsIsToldWithTheLoader() throws {
    var report = Report()
    var found: [String: [Finding]] = [:]
    for seed in UInt64(1)...40 where found.isEmpty {
      let target = NIRTarget(profile: .sinabs)
      let source = ExportSource(program: try plain(seed, target.capability))
      guard let files = try? ExportTargets.export(source, to: target, &report) else { continue }
      let bytes = try #require(files.first { $0.name == "network.nir" }).bytes
      for reader in ["sinabs", "snntorch"] {
        found[reader] = try NIRLint.findings(
          unsafe MappedFile(bytes: bytes.span.bytes, path: "network.nir"), reader: reader)
      }
    }
    let own = (found["sinabs"] ?? []).filter { $0.message.hasPrefix("sinabs ") }
    #expect(!own.isEmpty && own.allSatisfy { $0.message.contains("`load.py`") })
    let other = (found["snntorch"] ?? []).filter { $0.message.hasPrefix("snntorch ") }
    #expect(!other.isEmpty && !other.contains { $0.message.contains("`load.py`") })
  }
}
