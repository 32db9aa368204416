import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Cores that are filled to the last neuron, held against filling them neuron by neuron.
@Suite struct SequentialFillTests {
  /// What equal blocks do not fit is placed where cores filled one after another do.
  @Test func aChipWithJustEnoughCoresIsEnough() throws {
    var (saved, refused) = (0, 0)
    for seed in UInt64(1)...60 {
      var random = SeededGenerator(seed: seed)
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      let (neurons, axons) = (
        Int.random(in: 8...60, using: &random), Int.random(in: 40...200, using: &random)
      )
      func chip(_ width: Int) throws -> Chip {
        try PlacerTests.chip(width: width, height: 1, neurons: neurons, axons: axons, bytes: 1500)
      }
      var (equal, filling) = try (Packing(program, chip(200)), SequentialFill(program, chip(200)))
      guard try equal.fill() == nil, try filling.fill(), filling.cores.count < equal.cores.count
      else { continue }
      saved += 1
      let tight = try chip(filling.cores.count)
      let placement = try Placer.place(
        program, on: tight, rates: program.populations.map { _ in 1 },
        options: .init(effort: 0.05))
      #expect(placement.usage.count <= filling.cores.count, "seed \(seed)")
      // With one core less, the number that a refusal tells is no more than that.
      if filling.cores.count > 1, equal.cores.count <= 2 * (filling.cores.count - 1),
        case .refused(let certificate) = try Placer.outcome(
          program, on: chip(filling.cores.count - 1), rates: program.populations.map { _ in 1 }),
        let miss = certificate.misses.first(where: { $0.resource == "cores" })
      {
        refused += 1
        #expect(miss.demand ?? .max <= filling.cores.count, "seed \(seed)")
      }
      #expect(PlacementCheck.findings(program, placement, tight).isEmpty, "seed \(seed)")
    }
    #expect(saved >= 10 && refused >= 5)
  }

  /// One layer that no few equal blocks hold: 289 neurons are cut into 153 at least.
  @Test func oneLayerIsCutUnequallyWhereEqualBlocksDoNotDo() throws {
    let program = try convolutionProgram(channels: 1, side: 17, bits: 8)
    func chip(_ width: Int) throws -> Chip {
      try PlacerTests.chip(width: width, height: 1, neurons: 100, axons: 9999, bytes: 99_999)
    }
    let rates = program.populations.map { _ in 1.0 }
    let cores = (program.populations.reduce(0) { $0 + $1.shape.count } + 99) / 100
    let placement = try Placer.place(program, on: chip(cores), rates: rates)
    #expect(PlacementCheck.findings(program, placement, try chip(cores)).isEmpty)
    #expect(throws: PackError.self) {
      try Placer.place(program, on: chip(cores - 1), rates: rates)
    }
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func fillsAsNeuronByNeuron(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let chip = try PlacerTests.chip(
      width: 9, height: 9, neurons: Int.random(in: 3...40, using: &random),
      axons: Int.random(in: 20...200, using: &random),
      bytes: Int.random(in: 100...1500, using: &random))
    var filling = SequentialFill(program, chip)
    let isFilled = try filling.fill()
    let expected = try Self.cores(program, chip)
    guard let expected else {
      #expect(!isFilled, "seed \(seed)")
      return
    }
    #expect(isFilled == (expected.count <= chip.cores), "seed \(seed)")
    guard isFilled else { return }
    let neurons = filling.cores.map { $0.flatMap(Self.neurons) }
    #expect(neurons == expected, "seed \(seed)")
  }

  /// Where neurons alone count, no more cores are opened than all neurons need.
  @Test func aLayerMayEndInsideACore() throws {
    let program = try convolutionProgram(channels: 8, side: 8, bits: 8)
    let chip = try PlacerTests.chip(
      width: 4, height: 4, neurons: 200, axons: 9999, bytes: 999_999)
    var filling = SequentialFill(program, chip)
    #expect(try filling.fill())
    let total = program.populations.reduce(0) { $0 + $1.shape.count }
    #expect(filling.cores.count == (total + 199) / 200)
    #expect(filling.cores.contains { Set($0.map(\.population)).count > 1 })
    for (cores, isEnough) in [(total / 200, false), (total / 200 + 1, true)] {
      let row = try PlacerTests.chip(
        width: cores, height: 1, neurons: 200, axons: 9999, bytes: 999_999)
      var filling = SequentialFill(program, row)
      #expect(try filling.fill() == isEnough)
    }
  }

  /// Population, row, column and channel of each neuron of a block, in the order of filling.
  private static func neurons(_ block: Block) -> [[Int]] {
    block.rows.flatMap { row in
      block.columns.flatMap { column in
        block.channels.map { [block.population, row, column, $0] }
      }
    }
  }

  /// The cores neuron by neuron; `nil` where one alone does not fit.
  private static func cores(_ program: SpikingProgram, _ chip: Chip) throws -> [[[Int]]]? {
    let packing = Packing(program, chip)
    let shapes = program.populations.map(\.shape)
    var cores: [[Block]] = [[]]
    for index in program.populations.indices {
      let tiling = Tiling(index, program, chip)
      for neuron in neurons(tiling.whole()) {
        let block = tiling.block(
          channels: neuron[3]..<neuron[3] + 1, rows: neuron[1]..<neuron[1] + 1,
          columns: neuron[2]..<neuron[2] + 1)
        let last = cores[cores.count - 1]
        if try packing.fits(coreCounts(last + [block], shapes: shapes)) {
          cores[cores.count - 1].append(block)
        } else {
          guard try packing.fits(coreCounts([block], shapes: shapes)) else { return nil }
          cores.append([block])
        }
      }
    }
    return cores.map { $0.flatMap(neurons) }
  }
}
