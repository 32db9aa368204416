import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// The cheapest cuts of the feed-forward order, held against all of them.
@Suite struct SegmentCutsTests {
  private static let constants = MeshConstants(
    energyRoute: 1.7, energyWire: 3.5, latencyRoute: 1, latencyWire: 1)

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func noOtherCutIsCheaper(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let program = try convolutionProgram(
      channels: Int.random(in: 2...3, using: &random), side: 4, bits: 8)
    let rates = program.populations.map { _ in Double.random(in: 0.1...3, using: &random) }
    let chip = try PlacerTests.chip(
      width: 6, height: 6, neurons: Int.random(in: 14...50, using: &random),
      axons: Int.random(in: 50...90, using: &random), bytes: 99_999)
    let cuts = try #require(SegmentCuts(program, chip, rates: rates, Self.constants))
    let found = try #require(try cuts.cores())
    let rows = try Self.rows(program, chip)
    let packing = Packing(program, chip)
    let shapes = program.populations.map(\.shape)
    var fitting: [Range<Int>: Bool] = [:]
    var best = Double.infinity
    // Every set of places between two rows, with one more among the outputs, which nobody hears.
    for chosen in 0..<(1 << 8) {
      for last in 9...rows.count {
        let places = (1...8).filter { chosen >> ($0 - 1) & 1 == 1 } + [last]
        let ends = last == rows.count ? places : places + [rows.count]
        let segments = zip([0] + ends, ends).map { $0..<$1 }
        let fits = try segments.allSatisfy { segment in
          if let known = fitting[segment] { return known }
          let fits = try packing.fits(coreCounts(Array(rows[segment]), shapes: shapes))
          fitting[segment] = fits
          return fits
        }
        guard fits else { continue }
        best = min(best, Self.cost(segments.map { Array(rows[$0]) }, program, rates))
      }
    }
    #expect(best.isFinite, "seed \(seed)")
    let cost = Self.cost(found, program, rates)
    #expect(cost <= best * (1 + 1e-9), "seed \(seed): \(cost) and not \(best)")
    for core in found { #expect(try packing.fits(coreCounts(core, shapes: shapes))) }
    let neurons = found.joined().reduce(0) { $0 + $1.counts.neurons }
    #expect(neurons == shapes.reduce(0) { $0 + $1.count }, "seed \(seed)")
  }

  @Test func whatNoCoreTakesIsNotCut() throws {
    let program = try convolutionProgram(channels: 4, side: 8, bits: 8)
    let chip = try PlacerTests.chip(width: 6, height: 6, neurons: 8, axons: 400, bytes: 99_999)
    let rates = program.populations.map { _ in 1.0 }
    let cuts = try #require(SegmentCuts(program, chip, rates: rates, Self.constants))
    #expect(try cuts.cores() == nil)
  }

  @Test func tooManyRowsAreLeftToEqualBlocks() throws {
    let program = try convolutionProgram(channels: 1, side: 130, bits: 8)
    let chip = try PlacerTests.chip(width: 6, height: 6, neurons: 999, axons: 9999, bytes: 99_999)
    let rates = program.populations.map { _ in 1.0 }
    #expect(SegmentCuts(program, chip, rates: rates, Self.constants) == nil)
  }

  /// The rows of all layers in order; the channels of layers without rows, as they are cut.
  private static func rows(_ program: SpikingProgram, _ chip: Chip) throws -> [Block] {
    program.populations.indices.flatMap { index in
      let tiling = Tiling(index, program, chip)
      let planes = program.populations[index].shape.planes ?? (0, 0, 0)
      guard planes.height == 1 else {
        return (0..<planes.height).map { row in
          tiling.block(
            channels: 0..<planes.channels, rows: row..<row + 1, columns: 0..<planes.width)
        }
      }
      return (0..<planes.channels).map { channel in
        tiling.block(channels: channel..<channel + 1, rows: 0..<1, columns: 0..<planes.width)
      }
    }
  }

  /// The energy where every two cores are neighbours, by the routes of the product.
  private static func cost(
    _ cores: [[Block]], _ program: SpikingProgram, _ rates: [Double]
  ) -> Double {
    Traffic.routes(cores, program, rates: rates).reduce(0) { sum, route in
      route.destinations.reduce(sum) { sum, destination in
        let hops = destination == route.core ? 0.0 : 1
        return sum + route.weight
          * (constants.energyRoute * (hops + 1) + constants.energyWire * hops)
      }
    }
  }
}
