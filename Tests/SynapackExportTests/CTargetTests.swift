import Subprocess
import SynapackExport
import SynapackProgram
import SynapackSimulate
import SynapackSupport
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

  /// The self-test is one: a vector with one other number fails it.
  @Test func aWrongRecordIsFound() async throws {
    var programs = RandomProgram(seed: 3)
    let program = try programs.next()
    var vector = try Simulator(program).record(programs.sample(for: program))
    vector.populations[0][0].membraneChecksum ^= 1
    #expect(try await selfTest(program, [vector]) == "vector 0, tick 0, layer 0: not equal\n")
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
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program, conformance: vectors), to: try ExportTargets.named("c"),
      &report)
    let folder = TemporaryFolder()
    for file in files { folder.write(file.bytes, to: file.name) }
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
