import SynapackPlace
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct SANAFETargetTests {
  /// Two layers of binary neurons without ends.
  private func program(_ neurons: Int) throws -> SpikingProgram {
    let behaviour = FiringBehaviour(payloads: 0...1)
    var populations: [Population] = []
    var connections: [Connection] = []
    for index in 0..<2 {
      populations.append(
        Population(
          name: "layer\(index)", shape: try Shape([neurons]), model: .integrateAndFire(behaviour),
          thresholds: Parameter([7]), biases: Parameter([1]), initial: Parameter([2]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8))
      let inputs = index == 0 ? 4 : neurons
      let values = (0..<neurons * inputs).map { Int16($0 % 5 - 2) }
      connections.append(
        Connection(
          source: index == 0 ? .input : .population(index - 1), target: index,
          synapses: .dense(IntegerWeights(shape: try Shape([neurons, inputs]), values: values)),
          weightBits: 4))
    }
    let program = SpikingProgram(
      timesteps: 4, schedule: .tick,
      input: InputPort(
        name: "x", shape: try Shape([4]),
        encoding: .constantCurrent(bits: 4, signed: true, scale: 1)),
      populations: populations, connections: connections,
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func netlist(_ program: SpikingProgram, _ placement: Placement?) throws -> [Substring] {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program, placement: placement), to: SANAFETarget(), &report)
    let text = try #require(files.first { $0.name == "network.net" })
    return String(decoding: text.bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Every neuron is mapped once, and to the tile of the core that its slice names.
  @Test func neuronsSitOnTheCoresOfThePlacement() throws {
    let program = try program(300)
    let chip = try Chips.named("generic-mesh")
    let placement = try Placer.place(program, on: chip, rates: [1, 1])
    let lines = try netlist(program, placement)
    let plan = try AxonPlan(program, target: "sanafe")
    let run = AxonRun(program, plan)
    var mapped: [String: String] = [:]
    for line in lines where line.hasPrefix("& ") {
      let parts = line.dropFirst(2).split(separator: "@")
      #expect(mapped.updateValue(String(parts[1]), forKey: String(parts[0])) == nil, "\(line)")
    }
    for slice in placement.slices {
      let (row, column) = (slice.core / placement.mesh.x, slice.core % placement.mesh.x)
      let tile = "\(column * placement.mesh.y + row).0"
      for channel in slice.channels {
        #expect(mapped["\(run.group(population: slice.population)).\(channel)"] == tile)
      }
    }
    let groups = lines.count { $0.hasPrefix("g ") }
    #expect(groups == 2 + plan.axons.count + run.inputs.count)
  }

  /// A payload of four signed bits has three digits on each side.
  @Test func digitsOfTheInputAreAxons() throws {
    let program = try program(3)
    let run = AxonRun(program, try AxonPlan(program, target: "sanafe"))
    #expect(run.digits == [1, 2, 4, -1, -2, -4])
    let lines = try netlist(program, nil)
    #expect(
      lines.contains("g 24 synapse_hw_name=loihi_dense_synapse dendrite_hw_name=loihi_dendrites"))
  }

  @Test func aCoreThatHoldsTooManyNeuronsIsRefused() throws {
    let program = try program(1100)
    let chip = try Chips.named("generic-mesh")
    var placement = try Placer.place(program, on: chip, rates: [1, 1])
    placement.slices = placement.slices.map { slice in
      var slice = slice
      slice.core = 0
      return slice
    }
    let error = #expect(throws: PackError.self) { try netlist(program, placement) }
    #expect(error?.code == .structureNotCarried)
  }
}
