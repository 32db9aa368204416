import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// The bound that is stored with a placement is proved anew.
@Suite struct BoundCheckTests {
  @Test(arguments: [(3, 3), (5, 4)])
  func boundsThatClaimTooMuchAreFound(width: Int, height: Int) throws {
    var tried = 0
    for seed in UInt64(1)...40 {
      var random = SeededGenerator(seed: seed)
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      let rates = program.populations.map { _ in Double.random(in: 0.5...3, using: &random) }
      let chip = try PlacerTests.chip(
        width: width, height: height, neurons: 40, axons: 400, bytes: 4_000)
      guard case .placed(let good) = try Placer.outcome(program, on: chip, rates: rates),
        let energy = good.cost.energy, let bound = good.cost.lowerBound, bound > 0
      else { continue }
      tried += 1
      func codes(_ bound: Double?) -> [ErrorCode] {
        var placement = good
        placement.cost.lowerBound = bound
        return PlacementCheck.findings(program, placement, chip).map(\.code)
      }
      #expect(codes(bound).isEmpty, "seed \(seed)")
      #expect(codes(0.5 * bound).isEmpty, "a weaker bound is true as well, seed \(seed)")
      #expect(codes(nil).isEmpty, "seed \(seed)")
      #expect(codes(1.001 * bound) == [.malformedPlacement], "seed \(seed)")
      if width * height <= 9 { #expect(abs(bound - energy) < 1e-6 * energy, "seed \(seed)") }
    }
    #expect(tried > 10)
  }

  @Test func noBoundIsProvedWhereNoEnergyIsPublished() throws {
    var programs = RandomProgram(seed: 3)
    let program = try programs.next()
    let chip = try Chip(
      yaml: """
        id: mute
        name: Mute
        kind: virtual
        mesh: {width: 4, height: 4}
        resources:
          - {name: neurons, scope: core, capacity: 999, demand: neurons, source: test}
        """)
    var placement = try Placer.place(
      program, on: chip, rates: program.populations.map { _ in 1 })
    #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
    placement.cost.lowerBound = 1
    #expect(PlacementCheck.findings(program, placement, chip).map(\.code) == [.malformedPlacement])
  }
}
