import Subprocess
import SynapackExport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import SystemPackage
import TestSupport
import Testing

/// The C program against our simulator: `tools/verify/exports` does the same with many more.
@Suite struct CTargetTests {
  private static let flags = [
    "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsanitize=undefined,address",
    "-fno-sanitize-recover=all",
  ]

  @Test(arguments: UInt64(1)...4)
  func itRunsTheVectorsOfRandomPrograms(seed: UInt64) async throws {
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let simulator = try Simulator(program)
    let vectors = try (0..<2).map { _ in try simulator.record(programs.sample(for: program)) }
    #expect(try await selfTest(program, vectors).contains("are equal"), "seed \(seed)")
  }

  /// Ticks are those from the first of the input, layers that wait for their input included.
  @Test func aRunReturnsItsLatency() async throws {
    for seed in UInt64(1)...40 {
      var programs = RandomProgram(seed: seed)
      var program = try programs.next()
      program.schedule = .accumulate
      program.readout.exit = nil
      guard (try? program.verify()) != nil, Clock(program).latency > program.timesteps else {
        continue
      }
      let sample = programs.sample(for: program)
      let main = """
        #include "program.h"
        #include <stdio.h>
        int main(void)
        {
            static const synapack_input sample[] = {\(sample.map(String.init).joined(separator: ", "))};
            int64_t scores[SYNAPACK_CLASSES];
            printf("%d", (int)synapack_run(sample, scores));
            return 0;
        }

        """
      let printed = try await built(program, [], main: main)
      #expect(printed == "\(Clock(program).latency)", "seed \(seed)")
      return
    }
    Issue.record("no program waits for its input")
  }

  /// The self-test is one: a vector with one other number fails it.
  @Test func aWrongRecordIsFound() async throws {
    var programs = RandomProgram(seed: 3)
    let program = try programs.next()
    var vector = try Simulator(program).record(programs.sample(for: program))
    vector.populations[0][0].membraneChecksum ^= 1
    #expect(try await selfTest(program, [vector]) == "vector 0, tick 0, layer 0: not equal\n")
  }

  /// Layers side by side, whose weights take each width with zeros and without them.
  @Test func weightsOfEveryFormAreReadInPlace() async throws {
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    let palettes: [[Int16]] = [
      [-1, 1], [-1, 0, 1], [-9, -4, -2, -1, 0, 1, 2, 4, 9], Array(-120...120),
      Array(stride(from: -3000, through: 3000, by: 7)),
    ]
    var layers: [IntegerWeights] = []
    for palette in palettes {
      for density in [1, 0.1] {
        let values = (0..<9 * 61).map { _ in
          Double(random.unitFloat()) < density ? palette.randomElement(using: &random) ?? 0 : 0
        }
        layers.append(IntegerWeights(shape: try Shape([61, 9]), values: values))
      }
    }
    let program = try sideBySide(layers)
    var vectors: [ConformanceVector] = []
    for _ in 0..<3 {
      let sample = (0..<9).map { _ in Int32.random(in: -7...7, using: &random) }
      vectors.append(try Simulator(program).record(sample))
    }
    var report = Report()
    let text = try ExportTargets.export(
      ExportSource(program: program), to: try ExportTargets.named("c"), &report
    ).map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    #expect(text.contains("EACH_WIDTH(f) f(1) f(2) f(4) f(8) f(16)\n"))
    #expect(text.contains("LEAVES_OUT_ZEROS 1\n"))
    let spikes = vectors[0].populations.joined().reduce(0) { $0 + Int($1.spikes) }
    #expect(spikes > 100)
    #expect(try await selfTest(program, vectors).contains("are equal"), "seed \(seed)")
  }

  /// One layer for each map of weights, all from the input into one readout.
  private func sideBySide(_ maps: [IntegerWeights]) throws -> SpikingProgram {
    var populations: [Population] = []
    var connections: [Connection] = []
    for (index, weights) in maps.enumerated() {
      populations.append(
        Population(
          name: "layer\(index)", shape: try Shape([weights.shape[0]]),
          model: .integrateAndFire(FiringBehaviour(payloads: -3...3)),
          thresholds: Parameter([20]), biases: Parameter([1]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 24), biasBits: 8))
      connections.append(
        Connection(source: .input, target: index, synapses: .dense(weights), weightBits: 16))
    }
    populations.append(
      Population(
        name: "readout", shape: try Shape([2]), model: .integrator, thresholds: Parameter([1]),
        biases: Parameter([0]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 24), biasBits: 8))
    for (index, weights) in maps.enumerated() {
      let outputs = weights.shape[0]
      let ones = IntegerWeights(
        shape: try Shape([2, outputs]), values: (0..<2 * outputs).map { Int16($0 % 3 - 1) })
      connections.append(
        Connection(
          source: .population(index), target: maps.count, synapses: .dense(ones), weightBits: 2))
    }
    let program = SpikingProgram(
      timesteps: 3, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([9]),
        encoding: .constantCurrent(bits: 4, signed: true, scale: 1)),
      populations: populations, connections: connections,
      readout: Readout(population: maps.count, decoding: .membrane, unit: 1))
    try program.verify()
    return program
  }

  @Test func compensatedNeuronsAreRefused() throws {
    var programs = RandomProgram(seed: 1, compensates: true)
    var program = try programs.next()
    while !program.hasCompensation { program = try programs.next() }
    var report = Report()
    let error = #expect(throws: PackError.self) {
      try ExportTargets.export(
        ExportSource(program: program), to: try ExportTargets.named("c"), &report)
    }
    #expect(error?.code == .neuronNotCarried)
  }

  /// What the self-test prints.
  private func selfTest(
    _ program: SpikingProgram, _ vectors: [ConformanceVector]
  ) async throws -> String {
    try await built(program, vectors)
  }

  /// What the program prints with the self-test, or with another file of that name.
  private func built(
    _ program: SpikingProgram, _ vectors: [ConformanceVector], main: String? = nil
  ) async throws -> String {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program, conformance: vectors), to: try ExportTargets.named("c"),
      &report)
    let folder = TemporaryFolder()
    for file in files { folder.write(file.bytes, to: file.name) }
    if let main { folder.write(Array(main.utf8), to: "self_test.c") }
    let built = try await run(
      .name("clang"),
      arguments: Arguments(Self.flags + ["program.c", "self_test.c", "-o", "self_test"]),
      workingDirectory: FilePath(folder.path), output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    // The linker may warn about the sanitizers; a warning of the compiler fails the call.
    #expect(built.terminationStatus.isSuccess, "\(built.standardError)")
    let ran = try await run(
      .path(FilePath(folder.path + "/self_test")), output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    #expect(ran.standardError == "")
    return ran.standardOutput
  }
}
