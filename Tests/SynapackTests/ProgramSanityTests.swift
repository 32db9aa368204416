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

  /// Membranes at their limit are in the ledger where that changes what is sent, and nowhere else.
  @Test(arguments: [("tick", 16, 8, ["/4/Relu"]), ("wavefront", 4, 24, [])])
  func saturationThatLosesIsInTheLedger(
    schedule: String, timesteps: Int, bits: Int, losing: [String]
  ) throws {
    var recipe = Recipe()
    (recipe.timesteps, recipe.membraneBits, recipe.preprocess) = (timesteps, bits, "scale=1/16")
    recipe.schedule = schedule
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/mlp.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"), &report)
    let bundle = try BundleReader.read(result.bytes, &report).bundle
    let losses = report.losses.filter { $0.code == .saturatingMembranes }
    #expect(losses.map(\.subject) == losing)
    let stored = try #require(JSON(parsing: bundle.report)?.member("losses"))
    for loss in losses {
      #expect(stored.text().contains(loss.message))
      #expect(loss.severity == .warning && (0...1).contains(loss.measured ?? -1))
    }
    // In both some neuron of a dead channel stands at a limit, which `validate` finds.
    let places = try findings(bundle.program, bundle.conformance)
      .filter { $0.code == .saturatingMembranes }.compactMap(\.place)
    #expect(places.contains(.layer("/2/Relu")))
    #expect(losing.allSatisfy { places.contains(.layer($0)) })
  }

  /// A register that changes what is sent says on how many inputs it does.
  @Test func whatSaturationChangesIsCounted() throws {
    var (changed, unchanged) = (0, 0)
    for seed in 0..<100 {
      var random = RandomProgram(seed: UInt64(seed) + 60_000)
      let program = try random.next()
      let inputs = (0..<4).map { _ in random.sample(for: program) }
      let seen = try Examination.all(of: program, inputs: inputs, threads: 1)
      var wide = program
      for index in wide.populations.indices {
        wide.populations[index].membrane = Population.membraneRange(bits: 32)
      }
      let losses = try ProgramSanity.losses(program, seen, threads: 2)
      for (index, population) in program.populations.enumerated() {
        let differing = try inputs.count { input in
          let (own, other) = try (Simulator(program).trains(input), Simulator(wide).trains(input))
          // One payload against another of the same sum in a tick is as good as none to a record.
          func records(_ trains: [[Int32]]) -> [[Int]] {
            trains.map { tick in [tick.count { $0 != 0 }, tick.reduce(0) { $0 + Int($1) }] }
          }
          let scores = try (Simulator(program).record(input), Simulator(wide).record(input))
          return records(own[index]) != records(other[index])
            || (index == program.readout.population && scores.0.scores != scores.1.scores)
        }
        let isAtLimit = seen.contains { $0.saturated[index] > 0 }
        let loss = losses.first { $0.subject == population.name }
        #expect((loss != nil) == (isAtLimit && differing > 0), "seed \(seed)")
        guard isAtLimit else { continue }
        if let loss {
          #expect(loss.message.contains("otherwise on \(differing) of 4"), "seed \(seed)")
        }
        if differing > 0 { changed += 1 } else { unchanged += 1 }
      }
    }
    #expect(changed > 10 && unchanged > 10, "\(changed), \(unchanged)")
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
