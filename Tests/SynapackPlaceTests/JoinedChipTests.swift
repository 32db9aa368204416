import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Several chips side by side, by the name of one.
@Suite struct JoinedChipTests {
  private static let options = MeshPlacer.Options(effort: 0.05)

  /// Four cores of so few neurons that a small program takes several chips.
  private func chip(
    board: String = "{across: 1, down: 1, crossing: 3}", shared: String = "", limits: String = ""
  ) throws -> Chip {
    try Chip(
      yaml: """
        id: small
        name: Small
        kind: virtual
        mesh: {width: 2, height: 2}
        \(board.isEmpty ? "" : "board: \(board)")
        resources:
          - {name: neurons, scope: core, capacity: 16, demand: neurons, source: test}
        \(shared)
        \(limits)
        costs:
          E_route: {value: 1.7, source: test}
          E_wire: {value: 3.5, source: test}
          L_route: {value: 2.1, source: test}
          L_wire: {value: 5.3, source: test}
        """)
  }

  private func joined(_ chip: Chip, _ across: Int, _ down: Int) throws -> Chip {
    try chip.joined(Extent(y: down, x: across))
  }

  @Test func namesSayHowManyAndBackAgain() throws {
    for (text, base, across, down, canonical) in [
      ("loihi1", "loihi1", 1, 1, "loihi1"), ("loihi1:2x1", "loihi1", 2, 1, "loihi1:2x1"),
      ("loihi1:1x1", "loihi1", 1, 1, "loihi1"), ("loihi1:8", "loihi1", 4, 2, "loihi1:4x2"),
      ("a.yaml:7", "a.yaml", 7, 1, "a.yaml:7x1"), ("a.yaml:36", "a.yaml", 6, 6, "a.yaml:6x6"),
    ] {
      let name = try ChipName(text)
      #expect(name.base == base && name.copies == Extent(y: down, x: across), "\(text)")
      #expect(ChipName.text(name.base, name.copies) == canonical)
    }
    for text in ["loihi1:", "loihi1:0", "loihi1:2x", "loihi1:x2", "a:2x2x2", "a:-1", "a:5000x1"] {
      let error = #expect(throws: PackError.self, "\(text)") { try ChipName(text) }
      #expect(error?.code == .unknownChip, "\(text)")
    }
  }

  @Test func joiningGivesOneMeshAndParting() throws {
    let one = try chip(board: "{across: 2, down: 1, crossing: 3}")
    let many = try joined(one, 3, 2)
    #expect(many.id == "small:3x2" && many.mesh == Extent(y: 4, x: 6))
    #expect(many.board?.chips == Extent(y: 2, x: 6) && many.kinds[0].count == 24)
    #expect(many.geometry.chipColumns == 1 && many.geometry.crossing == 3)
    #expect(many.alone == one)
    #expect(try joined(one, 1, 1) == one)
    #expect((0..<24).map(many.copy(ofCore:)).filter { $0 == 4 }.count == 4)
    #expect(many.copy(ofCore: 6 * 3 + 2) == 4)
  }

  @Test func whatCannotBeJoinedIsRefusedWithTheReason() throws {
    for (chip, part) in [
      (try chip(board: ""), "no source says"),
      (
        try chip(
          limits: "limits: [{name: hidden, scope: chip, value: hidden, range: [0, 9], source: t}]"),
        "its limit on hidden"
      ),
      (
        try chip(
          shared: "  - {name: tables, scope: chip, capacity: 9, demand: hidden, source: test}"),
        "its tables is counted for a whole network"
      ),
      (try Chips.named("speck2f"), "whole layers"),
    ] {
      let error = #expect(throws: PackError.self) { try joined(chip, 2, 1) }
      #expect(error?.code == .unknownChip && error?.message.contains(part) == true, "\(part)")
    }
    #expect(throws: PackError.self) { try joined(try chip(), 4096, 1) }
    #expect(throws: PackError.self) { try Chips.named("xylo-audio2:2") }
  }

  /// Every built-in chip that can be joined stays valid.
  @Test func builtInChipsAreJoinedOrRefused() throws {
    var able: [String] = []
    for chip in try Chips.all() {
      guard let many = try? joined(chip, 2, 2) else { continue }
      able.append(chip.id)
      #expect(many.cores == 4 * chip.cores)
      #expect(try Chips.named("\(chip.id):4") == many)
    }
    #expect(able == ["dynap-se2", "generic-mesh", "loihi1", "loihi2", "spinnaker1"])
  }

  @Test func aProgramTooBigForOneLiesOnSeveralAndTheCheckAgrees() throws {
    let program = try convolutionProgram(channels: 2, side: 6, bits: 8)
    let rates = [1.0, 1.0, 0.0]
    let one = try chip()
    guard case .refused(let certificate) = try Placer.outcome(program, on: one, rates: rates) else {
      Issue.record("it fits one chip")
      return
    }
    let edit = try #require(certificate.edits.first { $0.kind == .chips })
    #expect(edit.fits && edit.optionsSuffice)
    let name = try #require(edit.options.last)
    let many = try one.joined(ChipName(name).copies)
    #expect(many.id == name)
    let placement = try Placer.place(program, on: many, rates: rates, options: Self.options)
    #expect(placement.chip == name)
    #expect(PlacementCheck.findings(program, placement, many).isEmpty)
    #expect(placement.cost.energy != nil)
    // On another number of chips it is another placement.
    let other = try joined(one, 4, 4)
    #expect(!PlacementCheck.findings(program, placement, other).isEmpty)
  }

  @Test func anUnpublishedCrossingHasNoCost() throws {
    let program = try convolutionProgram(channels: 2, side: 6, bits: 8)
    let rates = [1.0, 1.0, 0.0]
    let silent = try joined(try chip(board: "{across: 1, down: 1}"), 3, 2)
    let crossing = try Placer.place(program, on: silent, rates: rates, options: Self.options)
    let board = try #require(silent.board)
    #expect(crossing.eventsBetweenChips(of: board) > 0)
    #expect(crossing.cost.energy == nil && crossing.cost.averageLatency == nil)
    #expect(crossing.cost.maxLatency == nil && crossing.cost.lowerBound == nil)
    #expect(crossing.cost.connectivity > 0)
    #expect(PlacementCheck.findings(program, crossing, silent).isEmpty)
    var claimed = crossing
    claimed.cost.energy = 1
    #expect(!PlacementCheck.findings(program, claimed, silent).isEmpty)
    // What stays on one chip costs what it costs there.
    let small = try convolutionProgram(channels: 1, side: 4, bits: 8)
    let inside = try Placer.place(small, on: silent, rates: rates, options: Self.options)
    #expect(inside.eventsBetweenChips(of: board) == 0)
    #expect(inside.cost.energy != nil)
    #expect(PlacementCheck.findings(small, inside, silent).isEmpty)
  }

  @Test func eventsBetweenChipsAreCountedForEachCoreThatHears() throws {
    let many = try joined(try chip(), 2, 1)
    let board = try #require(many.board)
    // Cores 0, 1, 4, 5 lie on the first chip, 2, 3, 6, 7 on the second.
    let route = Route(population: 0, core: 1, destinations: [0, 2, 5, 7], neurons: 4, weight: 2.5)
    var placement = Placement(
      chip: many.id, mesh: many.mesh, slices: [], routes: [route], resources: [], usage: [],
      rates: [],
      cost: PlacementCost(
        energy: nil, averageLatency: nil, maxLatency: nil, averageCongestion: 0, maxCongestion: 0,
        connectivity: 0, lowerBound: nil))
    #expect(placement.eventsBetweenChips(of: board) == 5)
    // A stored mesh that is not the chip's is somebody's mistake, and no crash.
    for mesh in [Extent(y: 1, x: 1), Extent(y: 0, x: 0), Extent(y: 3, x: 5)] {
      placement.mesh = mesh
      #expect(placement.eventsBetweenChips(of: board) >= 0)
    }
  }

  /// What a chip has once is counted on each: no chip holds more, and what needs more chips says so.
  @Test(arguments: [40, 64, 100])
  func sharedResourcesHoldOnEveryChip(capacity: Int) throws {
    let program = try convolutionProgram(channels: 2, side: 6, bits: 8)
    let rates = [1.0, 2.0, 0.0]
    let one = try chip(
      shared: "  - {name: pool, scope: chip, capacity: \(capacity), demand: neurons, source: test}")
    // 154 neurons.
    let needed = (154 + capacity - 1) / capacity
    guard
      case .refused(let certificate) = try Placer.outcome(
        program, on: try joined(one, needed - 1, 1), rates: rates)
    else {
      Issue.record("it fits \(needed - 1) chips")
      return
    }
    // One chip alone misses the resource, several of them a chip.
    #expect(
      certificate.misses.first?.code == (needed > 2 ? .doesNotFit : .resourceExceeded))
    let many = try joined(one, 6, 1)
    let placement = try Placer.place(
      program, on: many, rates: rates, options: Self.options, cuts: .leastCost)
    #expect(PlacementCheck.findings(program, placement, many).isEmpty)
    var neurons = [Int](repeating: 0, count: 6)
    for slice in placement.slices { neurons[many.copy(ofCore: slice.core)] += slice.neurons }
    #expect(neurons.allSatisfy { $0 <= capacity }, "\(neurons)")
    // The check counts on its own: a smaller pool is passed somewhere.
    let tight = try joined(
      try chip(
        shared: "  - {name: pool, scope: chip, capacity: 20, demand: neurons, source: test}"), 6, 1)
    let findings = PlacementCheck.findings(program, placement, tight)
    #expect(findings.contains { $0.code == .limitExceeded && $0.message.contains("of pool") })
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func placementsOfRandomProgramsPassTheIndependentCheck(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let rates = program.populations.map { _ in Double.random(in: 0...3, using: &random) }
    let pool = Int.random(in: 30...90, using: &random)
    let shared = "  - {name: pool, scope: chip, capacity: \(pool), demand: neurons, source: test}"
    let crossing = Bool.random(using: &random) ? ", crossing: 2" : ""
    let many = try joined(
      try chip(
        board: "{across: 1, down: 1\(crossing)}", shared: seed.isMultiple(of: 2) ? shared : ""),
      4, 3)
    switch try Placer.outcome(program, on: many, rates: rates, options: Self.options) {
    case .placed(let placement):
      let findings = PlacementCheck.findings(program, placement, many)
      #expect(findings.isEmpty, "seed \(seed): \(findings)")
    case .refused(let certificate): #expect(!certificate.misses.isEmpty)
    }
  }
}
