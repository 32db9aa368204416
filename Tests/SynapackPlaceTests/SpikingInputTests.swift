import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// An input that comes as spikes takes axons as neurons do; a constant current takes none.
@Suite struct SpikingInputTests {
  /// One core that has room for everything but axons.
  private static func chip(axons: Int) throws -> Chip {
    try PlacerTests.chip(
      width: 1, height: 1, neurons: 99_999, axons: axons, bytes: 99_999_999)
  }

  private static func counted(_ program: SpikingProgram) throws -> Int {
    let chip = try chip(axons: 99_999)
    let blocks = program.populations.indices.map { Tiling($0, program, chip).whole() }
    return coreCounts(blocks, shapes: program.populations.map(\.shape)).inAxons
  }

  /// Synapse by synapse, which shares nothing with the blocks.
  private static func recounted(_ program: SpikingProgram) throws -> Int {
    try LimitCheckTests.census(program, chip(axons: 99_999)).counts[0].inAxons
  }

  @Test func spikesOfTheInputTakeAxons() throws {
    var more = 0
    for seed in 1...80 as ClosedRange<UInt64> {
      var programs = RandomProgram(seed: seed)
      var program = try programs.next()
      program.input.encoding = .constantCurrent(bits: 4, signed: false, scale: 1)
      let still = try Self.counted(program)
      #expect(try Self.recounted(program) == still, "seed \(seed)")
      program.input.encoding = .events(bits: 4, signed: false, scale: 1)
      let spiking = try Self.counted(program)
      #expect(try Self.recounted(program) == spiking, "seed \(seed)")
      // Padding, strides and relays may leave some values unheard, or all.
      let most = still + program.input.shape.count
      #expect((still...most).contains(spiking), "seed \(seed)")
      more += spiking > still ? 1 : 0
      for (axons, isEnough) in [(spiking - 1, false), (spiking, true)] where axons > 0 {
        var filling = SequentialFill(program, try Self.chip(axons: axons))
        #expect(((try? filling.fill()) ?? false) == isEnough, "seed \(seed), \(axons)")
      }
    }
    #expect(more > 70)
  }
}
