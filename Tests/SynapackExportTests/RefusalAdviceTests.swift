import SynapackConvert
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

/// The action that a refusal names, which `FollowedAdviceTests` takes.
struct RefusalAdviceTests {
  private func refusal(_ program: SpikingProgram, _ target: any ExportTarget) -> PackError? {
    var report = Report()
    do throws(PackError) {
      _ = try ExportTargets.export(ExportSource(program: program), to: target, &report)
      return nil
    } catch {
      return error
    }
  }

  /// Fewer bits are fewer than there are, and no one is told to do what is done already.
  @Test func bitsAreFewerThanThereAre() throws {
    var told = 0
    for seed in UInt64(1)...40 {
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      for target in ExportTargets.all {
        guard let hint = refusal(program, target)?.hint, hint.contains("`--weight-bits ") else {
          continue
        }
        let number = hint.split(separator: "`--weight-bits ")[1].prefix { $0.isNumber }
        let widest = program.connections.map(\.weightBits).max() ?? 0
        #expect(try #require(Int(number)) < widest, "seed \(seed), \(target.id): \(hint)")
        told += 1
      }
    }
    #expect(told > 5)
  }

  /// Bits of a current go while some are left, then spikes take its place, which one tick is too few for.
  @Test(arguments: [
    (12, 8, "--input-bits 8"), (8, 8, "--input-bits 4"), (7, 8, "--input poisson"),
    (7, 1, "--input-bits 3"), (5, 1, "--input-bits 2"), (2, 8, "--weight-bits 4"),
  ])
  func currentsLoseBitsFirst(bits: Int, ticks: Int, advice: String) throws {
    let weights = IntegerWeights(shape: try Shape([2, 2]), values: [1, 2, 3, 4])
    let program = SpikingProgram(
      timesteps: ticks, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([2]),
        encoding: .constantCurrent(bits: bits, signed: false, scale: 1)),
      populations: [
        Population(
          name: "only", shape: try Shape([2]),
          model: .integrateAndFire(FiringBehaviour(payloads: 0...1)), thresholds: Parameter([5]),
          biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      ],
      connections: [
        Connection(source: .input, target: 0, synapses: .dense(weights), weightBits: 8)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    let hint = RefusalAdvice.smaller(program, 0, sum: 1 << 20, limit: 1 << 16)
    #expect(hint.contains("`\(advice)`"), "\(hint)")
  }

  /// Operators are carried by those that the refusal names, and by no other target.
  @Test func operatorsAreSentWhereTheyAreCarried() throws {
    var programs = RandomProgram(seed: 1, compensates: true)
    var program = try programs.next()
    // A product hears nobody by synapses, as clocks do.
    while !program.populations.indices.contains(where: {
      if case .compensated = program.populations[$0].model {
        program.incoming($0).isEmpty
      } else {
        false
      }
    }) { program = try programs.next() }
    for target in ExportTargets.all {
      let error = refusal(program, target)
      #expect((error == nil) == RefusalAdvice.operators.contains("`\(target.id)`"), "\(target.id)")
      #expect(error.map { $0.hint == RefusalAdvice.operators } ?? true, "\(target.id)")
    }
  }

  /// Whatever is refused of a gated program, the advice is to take the gates away.
  @Test func gatesAreTakenAway() throws {
    var refused = 0
    for seed in UInt64(1)...200 {
      var programs = RandomProgram(seed: seed)
      var program = try programs.next()
      program.schedule = .staggered(1)
      guard (try? program.verify()) != nil,
        let gated = try? GatedProgram.gated(program).program
      else { continue }
      #expect(gated.hasClocks && !program.hasClocks)
      for target in ExportTargets.all {
        guard let error = refusal(gated, target) else { continue }
        #expect(error.hint.contains("without `--gated`"), "\(target.id): \(error)")
        refused += 1
      }
    }
    #expect(refused > 0)
  }
}
