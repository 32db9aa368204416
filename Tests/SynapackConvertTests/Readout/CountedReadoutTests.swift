import SynapackConvert
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import TestSupport
import Testing

/// The counted readout against the simulator that runs it.
struct CountedReadoutTests {
  @Test(arguments: 0..<60)
  func promisesWhatTheSimulatorCounts(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed) + 40_000)
    var program = try random.next()
    program.readout.discards = 0
    program.readout.exit = nil
    guard program.readout.decoding == .membrane else { return }
    let readout = program.readout.population
    // Wide membranes: where the drive saturates, the trial's sums are not the neuron's.
    program.populations[readout].membrane = Population.membraneRange(bits: 32)
    program.populations[readout].biasBits = 30
    let inputs = (0..<40).map { _ in random.sample(for: program) }
    let before = try Simulator(program)
    let (counted, agreeing) = try CountedReadout.counted(
      program, payloads: 0...1, inputs: inputs, threads: 1)
    let after = try Simulator(counted)
    let same = try inputs.count { input in
      try Readout.decision(before.run(input).scores) == Readout.decision(after.run(input).scores)
    }
    #expect(counted.readout.decoding == .count)
    #expect(same == agreeing, "seed \(seed)")
  }

  @Test func leavesSpikingOutputsAsTheyAre() throws {
    for seed in 0..<20 {
      var random = RandomProgram(seed: UInt64(seed) + 40_000)
      let program = try random.next()
      guard program.readout.decoding == .count else { continue }
      let (same, agreeing) = try CountedReadout.counted(
        program, payloads: 0...1, inputs: [random.sample(for: program)], threads: 1)
      #expect(same == program)
      #expect(agreeing == 1)
      return
    }
    Issue.record("no program counts")
  }

  /// What the readout costs is in the ledger, with the share that was measured.
  @Test func requestsAreInTheLedger() throws {
    var random = RandomProgram(seed: 40_000)
    var program = try random.next()
    while program.readout.decoding == .count || program.timesteps < 2 {
      program = try random.next()
    }
    program.readout.exit = nil
    let inputs = (0..<20).map { _ in random.sample(for: program) }
    var report = Report()
    let request = ReadoutRequest(decoding: .count, exit: .margin, agreement: 0.9)
    let read = try request.applied(
      to: program, payloads: 0...1, inputs: inputs, threads: 1, &report)
    #expect(read.readout.decoding == .count && read.readout.exit?.measure == .margin)
    #expect(report.losses.map(\.code) == [.countedReadout, .earlyExit])
    #expect(report.losses.allSatisfy { (0...1).contains($0.measured ?? -1) })
  }

  /// What the calibration inputs tell of all others stands in the ledger, and what they are too few for.
  @Test(arguments: [(20, false), (60, true)])
  func theLedgerSaysWhatIsPromised(count: Int, isPromised: Bool) throws {
    var random = RandomProgram(seed: 40_000)
    var program = try random.next()
    while program.readout.decoding == .count || program.timesteps < 2 {
      program = try random.next()
    }
    program.readout.exit = nil
    // The same input again and again: its class stays or does not.
    let inputs = Array(repeating: random.sample(for: program), count: count)
    var report = Report()
    let request = ReadoutRequest(exit: .margin, agreement: 0.9)
    _ = try request.applied(to: program, payloads: 0...1, inputs: inputs, threads: 1, &report)
    let loss = try #require(report.losses.first)
    #expect(loss.code == .earlyExit && loss.measured == 1)
    #expect(loss.severity == (isPromised ? .note : .warning), "\(loss.message)")
    #expect(loss.message.contains("\(count) of \(count) keep"), "\(loss.message)")
    // 0.05^(1/20) and 0.05^(1/60), rounded down.
    #expect(loss.message.contains(isPromised ? "0.9512" : "0.8608"), "\(loss.message)")
    #expect(loss.message.contains("takes 29 inputs") == !isPromised, "\(loss.message)")
  }

  /// A rule that can stop nothing is a warning that says why.
  @Test func aRuleThatNeverStopsIsToldWithItsReason() throws {
    var random = RandomProgram(seed: 40_000)
    var program = try random.next()
    while program.timesteps < 2 { program = try random.next() }
    let inputs = (0..<20).map { _ in random.sample(for: program) }
    func loss(_ request: ReadoutRequest) throws -> Loss? {
      var report = Report()
      _ = try request.applied(
        to: program, payloads: 0...1, inputs: inputs, threads: 1, &report)
      return report.losses.first { $0.code == .earlyExit }
    }
    let strict = try loss(ReadoutRequest(exit: .margin, agreement: 0.999))
    #expect(strict?.severity == .warning)
    #expect(strict?.message.contains("and there are 20") == true)
    // Also where the rule came with the readout, and no share of inputs was asked for.
    let first = try loss(ReadoutRequest(exit: .margin, agreement: 0.999, isExitAskedFor: false))
    #expect(first?.severity == .warning)
    let late = try loss(
      ReadoutRequest(discards: program.timesteps - 1, exit: .margin, agreement: 0.5))
    #expect(late?.severity == .warning && late?.message.contains("no earlier tick") == true)
  }
}
