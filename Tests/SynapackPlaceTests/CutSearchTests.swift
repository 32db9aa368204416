import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// Cuts of layers that aim at cheap placements.
@Suite struct CutSearchTests {
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func placementsPassTheIndependentCheck(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let rates = program.populations.map { _ in Double.random(in: 0...3, using: &random) }
    let chip = try PlacerTests.chip(
      width: 6, height: 6, neurons: Int.random(in: 8...60, using: &random),
      axons: Int.random(in: 40...200, using: &random),
      bytes: Int.random(in: 200...1500, using: &random))
    let options = MeshPlacer.Options(effort: 0.05)
    let plain = try Placer.outcome(program, on: chip, rates: rates, options: options)
    let cheap = try Placer.outcome(
      program, on: chip, rates: rates, options: options, cuts: .leastCost)
    switch (plain, cheap) {
    case (.placed, .placed(let placement)):
      let findings = PlacementCheck.findings(program, placement, chip)
      #expect(findings.isEmpty, "seed \(seed): \(findings)")
    case (.refused(let left), .refused(let right)): #expect(left == right, "seed \(seed)")
    default: Issue.record("seed \(seed): only one of the two is placed")
    }
  }

  /// A search that is ended while ways are compared takes the places that were found for the best.
  @Test func anEndedSearchKeepsThePlacesThatItFound() throws {
    let program = try convolutionProgram(channels: 8, side: 8, bits: 8)
    let rates = program.populations.map { _ in 1.0 }
    let chip = try PlacerTests.chip(width: 12, height: 12, neurons: 16, axons: 600, bytes: 100_000)
    var least = Double.infinity
    var isEnded = false
    var done = 0
    let placement = try Placer.place(program, on: chip, rates: rates, cuts: .leastCost) {
      progress in
      if progress.phase == MeshProgress.done, !isEnded {
        least = min(least, progress.hops ?? .infinity)
        done += 1
      }
      if done == 3 { isEnded = true }
      return !isEnded
    }
    #expect(isEnded && PlacementCheck.findings(program, placement, chip).isEmpty)
    #expect(placement.hops(on: chip) <= least * (1 + 1e-6))
  }

  /// A convolution whose blocks of all channels hear less than the fewest blocks do.
  @Test func aCheaperCutIsTaken() throws {
    let program = try convolutionProgram(channels: 8, side: 8, bits: 8)
    let rates = program.populations.map { _ in 1.0 }
    let chip = try PlacerTests.chip(
      width: 8, height: 8, neurons: 64, axons: 600, bytes: 100_000)
    func product(_ cuts: Cuts) throws -> Double {
      try #require(Placer.place(program, on: chip, rates: rates, cuts: cuts).cost.product)
    }
    let fewest = try product(.fewestCores)
    let least = try product(.leastCost)
    #expect(least <= fewest)
  }
}
