import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

@Suite struct PlacerTests {
  /// A chip whose cores are so small that random programs spread over many of them.
  static func chip(
    width: Int = 4, height: Int = 4, neurons: Int = 16, axons: Int = 64, bytes: Int = 400,
    demand: String = "neurons"
  ) throws -> Chip {
    try Chip(
      yaml: """
        id: small
        name: Small
        kind: virtual
        mesh: {width: \(width), height: \(height)}
        resources:
          - {name: neurons, scope: core, capacity: \(neurons), demand: \(demand), source: test}
          - {name: axons, scope: core, capacity: \(axons), demand: in_axons, source: test}
          - name: synapse bytes
            scope: core
            capacity: \(bytes)
            demand: ceil(synapse_bits / 8)
            source: test
          - {name: kernels, scope: core, capacity: 99999, demand: stored_weights, source: test}
          - {name: bits, scope: core, capacity: 999999, demand: stored_weight_bits, source: test}
          - {name: shared, scope: core, capacity: 999999, demand: kernel_weight_bits, source: test}
          - name: words
            scope: core
            capacity: 999999
            demand: sum(axons, ceil(axon_synapses / 3) + axon_synapses / 7)
            source: test
          - {name: thresholds, scope: core, capacity: 999, demand: distinct(thresholds), source: test}
          - {name: biases, scope: core, capacity: 999, demand: distinct(biases), source: test}
        costs:
          E_route: {value: 1.7, source: test}
          E_wire: {value: 3.5, source: test}
          L_route: {value: 2.1, source: test}
          L_wire: {value: 5.3, source: test}
        """)
  }

  @Test(arguments: [UInt64](1...150))
  func randomPlacementsPassTheIndependentCheck(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    let rates = program.populations.map { _ in Double.random(in: 0...3, using: &random) }
    let chip = try PlacerTests.chip(
      width: Int.random(in: 2...6, using: &random), height: Int.random(in: 2...6, using: &random),
      neurons: Int.random(in: 4...60, using: &random),
      axons: Int.random(in: 20...200, using: &random),
      bytes: Int.random(in: 50...1500, using: &random))
    do {
      let placement = try Placer.place(program, on: chip, rates: rates)
      let findings = PlacementCheck.findings(program, placement, chip)
      #expect(findings.isEmpty, "seed \(seed): \(findings)")
      #expect(try Placer.place(program, on: chip, rates: rates) == placement)
      if let energy = placement.cost.energy, let bound = placement.cost.lowerBound {
        #expect(bound <= energy * 1.000001)
      }
    } catch {
      #expect([.doesNotFit, .resourceExceeded].contains(error.code), "seed \(seed): \(error)")
      #expect(!error.message.isEmpty && !error.hint.isEmpty)
    }
  }

  @Test func mostRandomProgramsFitAChipOfFairSize() throws {
    var placed = 0
    for seed in UInt64(1)...40 {
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      let chip = try PlacerTests.chip(width: 8, height: 8, neurons: 32, axons: 256, bytes: 4096)
      let rates = program.populations.map { _ in 1.0 }
      if (try? Placer.place(program, on: chip, rates: rates)) != nil { placed += 1 }
    }
    #expect(placed >= 38)
  }

  @Test func theGenericMeshTakesAConvolution() throws {
    let program = try convolutionProgram(channels: 64, side: 8, bits: 8)
    let chip = try Chips.named("generic-mesh")
    let placement = try Placer.place(program, on: chip, rates: [1, 1, 0])
    #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
    #expect(placement.usage.count > 8)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let program = try convolutionProgram(channels: 8, side: 8, bits: 8)
    let chip = try PlacerTests.chip(width: 4, height: 2, neurons: 512, axons: 4096, bytes: 4000)
    let error = try #require(throws: PackError.self) {
      try Placer.place(program, on: chip, rates: [1, 1, 0])
    }
    #expect(error.code == .doesNotFit)
    #expect(error.message.contains("synapse bytes") && error.message.contains("4000"))
    #expect(error.hint.contains("bits a weight"))
    let tiny = try PlacerTests.chip(width: 16, height: 16, axons: 3)
    let refused = try #require(throws: PackError.self) {
      try Placer.place(program, on: tiny, rates: [1, 1, 0])
    }
    #expect(refused.code == .resourceExceeded && refused.message.contains("one neuron"))
  }

  @Test func theCheckFindsWhatIsWrong() throws {
    let program = try convolutionProgram(channels: 4, side: 6, bits: 8)
    let chip = try PlacerTests.chip(width: 6, height: 6, neurons: 64, axons: 200, bytes: 8000)
    let good = try Placer.place(program, on: chip, rates: [1, 2, 0])
    #expect(PlacementCheck.findings(program, good, chip).isEmpty)
    func codes(_ change: (inout Placement) -> Void) -> [ErrorCode] {
      var placement = good
      change(&placement)
      return PlacementCheck.findings(program, placement, chip).map(\.code)
    }
    #expect(codes { $0.slices.removeLast() } == [.malformedPlacement])
    #expect(codes { $0.slices.append($0.slices[0]) } == [.malformedPlacement])
    #expect(codes { $0.slices[0].core = 35 - $0.slices[0].core }.contains(.malformedPlacement))
    #expect(codes { $0.slices[0].core = 99 } == [.malformedPlacement])
    #expect(codes { $0.routes.removeLast() } == [.malformedPlacement])
    #expect(codes { $0.routes[0].destinations = [0] } == [.malformedPlacement])
    #expect(codes { $0.usage[0].amounts[0] += 1 } == [.malformedPlacement])
    #expect(codes { $0.cost.energy = 1 }.contains(.malformedPlacement))
    #expect(codes { $0.cost.maxCongestion += 1 } == [.malformedPlacement])
    #expect(codes { $0.chip = "other" } == [.malformedPlacement])
    let smaller = try PlacerTests.chip(width: 6, height: 6, neurons: 63, axons: 200, bytes: 8000)
    if good.usage.contains(where: { $0.amounts[0] == 64 }) {
      let findings = PlacementCheck.findings(program, good, smaller)
      #expect(findings.map(\.code).contains(.limitExceeded))
    }
  }

  @Test func theChipsNeuronsAreRespected() throws {
    let text = try #require(Chips.texts.first { $0.id == "generic-mesh" }?.text)
    let narrow = try Chip(
      yaml: text.replacing("[[-128, 127], [0, 255]]", with: "[[0, 1]]")
        .replacing("[wavefront, tick, staggered, accumulate]", with: "[tick]")
        .replacing("weight_bits: [2, 16]", with: "weight_bits: [2, 4]")
        .replacing("resets: [subtract, zero]", with: "resets: [zero]"))
    let program = try convolutionProgram(channels: 2, side: 4, bits: 8)
    let error = try #require(throws: PackError.self) {
      try Placer.place(program, on: narrow, rates: [1, 1, 0])
    }
    #expect(error.code == .unsupportedByChip)
    for part in ["wavefront", "payloads 0...3", "subtract", "8 bits"] {
      #expect(error.message.contains(part), "\(part) in \(error.message)")
    }
    #expect(Chip.bits(of: Population.membraneRange(bits: 24)) == 24)
    #expect(Chip.bits(of: 0...0) == 1)
    #expect(Chip.bits(of: Int32.min...Int32.max) == 32)
  }
}

/// A convolution of a convolution and a dense readout behind a sum-pooling.
func convolutionProgram(channels: Int, side: Int, bits: Int) throws -> SpikingProgram {
  let plane = try Shape([channels, side, side])
  let window = Window(
    kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1))
  func population(_ name: String, _ shape: Shape, _ model: NeuronModel) -> Population {
    Population(
      name: name, shape: shape, model: model, thresholds: Parameter([5]), biases: Parameter([0]),
      initial: Parameter([2]), membrane: Population.membraneRange(bits: 24), biasBits: 16)
  }
  func weights(_ dimensions: [Int]) throws -> IntegerWeights {
    let shape = try Shape(dimensions)
    return IntegerWeights(shape: shape, values: (0..<shape.count).map { Int16($0 % 3 - 1) })
  }
  let firing = NeuronModel.integrateAndFire(FiringBehaviour(payloads: 0...3))
  let pooled = channels * (side / 2) * (side / 2)
  let program = SpikingProgram(
    timesteps: 4, schedule: .wavefront,
    input: InputPort(
      name: "x", shape: try Shape([1, side, side]),
      encoding: .constantCurrent(bits: 8, signed: false, scale: 1)),
    populations: [
      population("first", plane, firing), population("second", plane, firing),
      population("readout", try Shape([10]), .integrator),
    ],
    connections: [
      Connection(
        source: .input, target: 0,
        synapses: .convolution(try weights([channels, 1, 3, 3]), window: window, groups: 1),
        weightBits: bits),
      Connection(
        source: .population(0), target: 1,
        synapses: .convolution(try weights([channels, channels, 3, 3]), window: window, groups: 1),
        weightBits: bits),
      Connection(
        source: .population(1), target: 2,
        relays: [Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2))],
        synapses: .dense(try weights([10, pooled])), weightBits: bits),
    ], readout: Readout(population: 2, decoding: .membrane, unit: 1))
  try program.verify()
  return program
}

@Suite struct HostileProgramTests {
  /// Two relays of 2²⁰ cells each over weights of zero: 2⁴⁰ paths to one neuron.
  @Test func pathsBeyondCountingAreRefused() throws {
    var program = try convolutionProgram(channels: 1, side: 4, bits: 8)
    let wide = Window(
      kernel: Extent(y: 1, x: 1 << 20),
      padding: Edges(left: 1 << 19, right: (1 << 19) - 1))
    program.connections[1].relays = [wide, wide]
    let zeros = IntegerWeights(
      shape: program.connections[1].synapses.weights.shape,
      values: Array(repeating: 0, count: 9))
    program.connections[1].synapses = .convolution(
      zeros,
      window: Window(
        kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1)),
      groups: 1)
    try program.verify()
    let chip = try Chips.named("generic-mesh")
    let placement = Placement(
      chip: chip.id, mesh: chip.mesh, slices: [], routes: [], resources: chip.resources.map(\.name),
      usage: [], rates: [0, 0, 0],
      cost: PlacementCost(
        energy: nil, averageLatency: nil, maxLatency: nil, averageCongestion: 0, maxCongestion: 0,
        connectivity: 0, lowerBound: nil))
    let findings = PlacementCheck.findings(program, placement, chip)
    #expect(findings.map(\.code) == [.malformedPlacement])
    #expect(Bounded.product(1 << 40, 1 << 40) == Bounded.most)
    #expect(Bounded.sum(.max, 1) == Bounded.most)
  }
}
