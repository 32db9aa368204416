import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Chips on which a neuron reaches one core, and is copied for every further one.
@Suite struct CopiedNeuronTests {
  private func chip(neurons: Int, axons: Int, side: Int = 12) throws -> Chip {
    try PlacerTests.chip(
      width: side, height: side, neurons: neurons, axons: axons, bytes: 999_999, demand: "senders")
  }

  /// What each core takes is what its routes say, neuron by neuron, and never more than it has.
  @Test(arguments: Cuts.allCases)
  func takesOneNeuronForEachCoreThatHears(cuts: Cuts) throws {
    var copied = 0
    for seed in UInt64(1)...60 where try placesWithCopies(seed, cuts) { copied += 1 }
    #expect(copied >= 10)
  }

  /// Whether the program of a seed fits, with some neuron that several cores hear.
  private func placesWithCopies(_ seed: UInt64, _ cuts: Cuts) throws -> Bool {
    var random = SeededGenerator(seed: seed)
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let room = Int.random(in: 8...30, using: &random)
    let chip = try chip(neurons: room, axons: Int.random(in: 60...200, using: &random))
    let rates = program.populations.map { _ in 1.0 }
    let placement: Placement
    do {
      placement = try Placer.place(
        program, on: chip, rates: rates, options: .init(effort: 0.05), cuts: cuts)
    } catch {
      #expect([.doesNotFit, .resourceExceeded].contains(error.code), "seed \(seed): \(error)")
      return false
    }
    let findings = PlacementCheck.findings(program, placement, chip)
    #expect(findings.isEmpty, "seed \(seed): \(findings)")
    for usage in placement.usage {
      let routes = placement.routes.filter { $0.core == usage.core }
      let neurons = placement.slices.filter { $0.core == usage.core }.reduce(0) { $0 + $1.neurons }
      let senders = routes.reduce(0) { $0 + $1.neurons * $1.destinations.count }
      let unheard = neurons - routes.reduce(0) { $0 + $1.neurons }
      #expect(usage.amounts[0] == senders + unheard, "seed \(seed), core \(usage.core)")
      #expect(usage.amounts[0] <= room, "seed \(seed)")
    }
    return placement.routes.contains { $0.destinations.count > 1 }
  }

  /// Other cuts are tried where copies count too, and one of them costs less.
  @Test func cutsAimAtTheLeastCost() throws {
    let program = try convolutionProgram(channels: 8, side: 8, bits: 8)
    let chip = try chip(neurons: 256, axons: 600)
    func product(_ cuts: Cuts) throws -> Double {
      let placement = try Placer.place(program, on: chip, rates: [1, 1, 0], cuts: cuts)
      #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
      return try #require(placement.cost.product)
    }
    #expect(try product(.leastCost) < product(.fewestCores))
  }

  /// A layer that several cores hear takes more cores than its neurons alone would.
  @Test func copiesTakeRoom() throws {
    let program = try convolutionProgram(channels: 4, side: 6, bits: 8)
    let rates = [1.0, 1, 0]
    let placement = try Placer.place(program, on: chip(neurons: 64, axons: 200), rates: rates)
    let heardByMany = placement.routes.contains { $0.destinations.count > 1 }
    #expect(heardByMany)
    let total = program.populations.reduce(0) { $0 + $1.shape.count }
    #expect(placement.usage.reduce(0) { $0 + $1.amounts[0] } > total)
  }

  /// A neuron with more copies than a core has neurons is refused, and named.
  @Test func refusesMoreCopiesThanACoreHolds() throws {
    let program = try convolutionProgram(channels: 8, side: 6, bits: 8)
    let error = try #require(throws: PackError.self) {
      try Placer.place(program, on: chip(neurons: 2, axons: 400, side: 40), rates: [1, 1, 0])
    }
    #expect(error.code == .resourceExceeded)
    #expect(error.message.contains("one neuron of layer") && error.message.contains("neurons"))
  }

  /// Where cores take whole layers, a layer that two others hear needs twice its neurons.
  @Test(arguments: [(neurons: 64, fits: false), (neurons: 128, fits: true)])
  func wholeLayersAreCopiedToo(neurons: Int, fits: Bool) throws {
    var program = try convolutionProgram(channels: 4, side: 4, bits: 8)
    // A shortcut from the first layer, of 64 neurons, to the readout.
    let shape = try Shape([10, 64])
    let weights = IntegerWeights(shape: shape, values: Array(repeating: 1, count: shape.count))
    program.connections.insert(
      Connection(source: .population(0), target: 2, synapses: .dense(weights), weightBits: 8),
      at: 2)
    try program.verify()
    let chip = try Chip(
      yaml: """
        id: layers
        name: Layers
        kind: virtual
        takes: layers
        mesh: {width: 2, height: 2}
        resources:
          - {name: neurons, scope: core, capacity: \(neurons), demand: senders, source: test}
        """)
    let placed = try? Placer.place(program, on: chip, rates: program.populations.map { _ in 1 })
    #expect((placed != nil) == fits)
    if let placed { #expect(PlacementCheck.findings(program, placed, chip).isEmpty) }
  }

  @Test func copiesThatAreNotCountedAreFound() throws {
    let program = try convolutionProgram(channels: 4, side: 6, bits: 8)
    let chip = try chip(neurons: 64, axons: 200)
    var placement = try Placer.place(program, on: chip, rates: [1, 1, 0])
    for index in placement.usage.indices {
      let core = placement.usage[index].core
      placement.usage[index].amounts[0] = placement.slices.filter { $0.core == core }
        .reduce(0) { $0 + $1.neurons }
    }
    #expect(!PlacementCheck.findings(program, placement, chip).isEmpty)
  }
}
