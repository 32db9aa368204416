@testable import Synapack
import SynapackBundle
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import Synchronization
import TestSupport
import Testing

/// What is called silent never spikes, and what is called saturated stands at its limit.
struct ProgramSanityTests {
  private func findings(
    _ program: SpikingProgram, _ vectors: [ConformanceVector] = []
  ) throws -> [Finding] {
    ProgramSanity.findings(
      program, try Examination.all(of: program, inputs: vectors.map(\.input), threads: 1))
  }

  @Test func aWholeSilentLayerSendsNothingWhateverTheInput() throws {
    var silent = 0
    for seed in UInt64(0)..<300 {
      var random = RandomProgram(seed: seed)
      var program = try random.next()
      // High thresholds make silence likely.
      for index in program.populations.indices {
        let range = program.populations[index].membrane
        program.populations[index].thresholds.values = program.populations[index].thresholds.values
          .map { min($0.multipliedReportingOverflow(by: 64).partialValue, range.upperBound) }
          .map { max($0, 1) }
      }
      guard (try? program.verify()) != nil else { continue }
      let findings = try findings(program)
      let names = findings.filter { $0.code == .silentChannels }.compactMap { finding -> String? in
        guard case .layer(let name)? = finding.place else { return nil }
        let counts = finding.message.split(separator: " ")
        return counts[0] == counts[2] ? name : nil
      }
      let simulator = try Simulator(program)
      for _ in 0..<4 {
        let outcome = try simulator.record(random.sample(for: program))
        for (index, population) in program.populations.enumerated()
        where names.contains(population.name) {
          silent += 1
          #expect(outcome.populations[index].allSatisfy { $0.spikes == 0 }, "seed \(seed)")
        }
      }
    }
    #expect(silent > 100, "the programs hardly have silent layers")
  }

  /// Weights that count how often they are read.
  private final class CountedWeights: WeightSource {
    private let weights: [Int16]
    private let readings = Atomic(0)
    let summary: WeightSummary

    init(_ weights: IntegerWeights) {
      self.weights = weights.values
      summary = weights.summary
    }

    var count: Int { weights.count }
    var isIntact: Bool { true }
    var timesRead: Int { readings.load(ordering: .relaxed) }

    func values() -> [Int16] {
      readings.add(1, ordering: .relaxed)
      return weights
    }
  }

  /// A file holds more weights than memory, and each reading of them is held to a digest.
  @Test func onlyTheRunReadsWeightsAndReadsThemOnce() throws {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    let bundle = try BundleReader.read(file, &report).bundle
    var program = bundle.program
    var sources: [CountedWeights] = []
    for index in program.connections.indices {
      let weights = program.connections[index].synapses.weights
      let source = CountedWeights(weights)
      sources.append(source)
      let left = IntegerWeights(shape: weights.shape, source: source)
      program.connections[index].synapses =
        switch program.connections[index].synapses {
        case .dense: .dense(left)
        case .convolution(_, let window, let groups):
          .convolution(left, window: window, groups: groups)
        }
    }
    try program.verify()
    _ = try program.inputBounds()
    #expect(program.connectionSparsity == bundle.program.connectionSparsity)
    #expect(sources.allSatisfy { $0.timesRead == 0 })
    let found = try findings(program, bundle.conformance)
    #expect(sources.map(\.timesRead) == sources.map { _ in 1 })
    #expect(try found == findings(bundle.program, bundle.conformance))
  }

  @Test func aChangedWeightIsSeenByTheReplay() throws {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    var golden = try BundleReader.read(file, &report).bundle
    #expect(try Validation.replay(golden, threads: 2).isEmpty)
    golden.program.populations[0].biases.values = golden.program.populations[0].biases.values
      .map { $0 + 3 }
    let findings = try Validation.replay(golden, threads: 2)
    #expect(!findings.isEmpty && findings.allSatisfy { $0.code == .conformanceMismatch })
  }

  @Test func saturationIsCountedOnTheConformanceInputs() throws {
    var report = Report()
    let file = try MappedFile(path: Fixtures.path("bundles/v1/full.synapack"))
    var golden = try BundleReader.read(file, &report).bundle
    let wide = try findings(golden.program, golden.conformance)
    #expect(wide.allSatisfy { $0.severity == .note })
    // Membranes of the narrowest width saturate at once, if anything arrives at all.
    let last = golden.program.readout.population
    golden.program.populations[last].membrane = Population.membraneRange(bits: 2)
    golden.program.populations[last].initial.values = [0]
    let narrow = try findings(golden.program, golden.conformance)
    #expect(
      narrow.contains {
        $0.code == .saturatingMembranes
          && $0.place == .layer(golden.program.populations[last].name)
      })
  }
}
