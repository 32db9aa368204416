import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// Blocks of layers that move between the cores of a program.
@Suite struct BlockRefinementTests {
  private let chip: Chip

  init() throws {
    chip = try PlacerTests.chip(width: 6, height: 6, neurons: 64, axons: 400, bytes: 20_000)
  }

  /// Small blocks, which several layers share the cores of, in an order that helps nobody.
  private func cores(_ program: SpikingProgram, _ rates: [Double]) throws -> [[Block]] {
    var packing = Packing(program, chip, BlockForm(share: 0.25, isSpatial: true))
    #expect(try packing.fill() == nil)
    let blocks = packing.cores.flatMap(\.self)
    var cores = [[Block]](repeating: [], count: (blocks.count + 1) / 2)
    for (index, block) in blocks.enumerated() { cores[index * 7 % cores.count].append(block) }
    return cores.filter { !$0.isEmpty }
  }

  @Test func movesSaveEnergyAndKeepEveryNeuronAndLimit() throws {
    let program = try convolutionProgram(channels: 4, side: 8, bits: 8)
    let rates = [1.0, 2.0, 0.0]
    let start = try cores(program, rates)
    let mesh = chip.geometry
    let places = (0..<start.count).map { Int32($0) }
    func energy(_ cores: [[Block]]) -> Double {
      let routes = Traffic.routes(cores, program, rates: rates)
      let graph = ClusterGraph(count: cores.count, routes: routes)
      return MeshCost(of: graph, at: places, on: mesh, .loihi).energy
    }
    let refinement = BlockRefinement(start, program, chip, rates: rates)
    let refined = try #require(refinement.cores(at: places, on: mesh, .loihi))
    #expect(energy(refined) < energy(start))
    let packing = Packing(program, chip)
    let shapes = program.populations.map(\.shape)
    for core in refined {
      #expect(!core.isEmpty)
      #expect(try packing.fits(coreCounts(core, shapes: shapes)))
    }
    func neurons(_ cores: [[Block]]) -> Int {
      cores.joined().reduce(0) { $0 + $1.counts.neurons }
    }
    #expect(neurons(refined) == neurons(start))
  }

  @Test func coresOfOneBlockStayAsTheyAre() throws {
    let program = try convolutionProgram(channels: 4, side: 8, bits: 8)
    let rates = [1.0, 1.0, 0.0]
    let alone = try cores(program, rates).flatMap { $0 }.map { [$0] }
    let refinement = BlockRefinement(alone, program, chip, rates: rates)
    let places = (0..<alone.count).map { Int32($0) }
    #expect(refinement.cores(at: places, on: chip.geometry, .loihi) == nil)
  }
}
