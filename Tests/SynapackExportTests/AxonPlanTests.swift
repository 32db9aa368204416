import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

/// A chip of spikes alone, step by step, run from a plan and held against our simulator.
@Suite struct AxonPlanTests {
  @Test func aChipOfSpikesFollowsTheProgram() throws {
    var (compared, shortcuts) = (0, 0)
    for seed in UInt64(1)...150 {
      var programs = RandomProgram(seed: seed)
      let program = try reduced(try programs.next(), seed)
      guard let plan = try? AxonPlan(program, target: "chip") else {
        #expect(program.schedule == .wavefront, "seed \(seed)")
        continue
      }
      let sample = programs.sample(for: program)
      let expected = try Simulator(program).trains(sample)
      let sent = chip(program, plan, sample)
      let clock = Clock(program)
      for (index, population) in program.populations.enumerated()
      where population.payloads != 0...0 {
        let opens = clock.populations[index].opens + plan.shifts[index]
        let window = (0..<program.timesteps).map { sent[index][opens + $0] }
        #expect(window == expected[index], "seed \(seed), layer \(index)")
      }
      compared += 1
      if Set(clock.populations.map(\.opens)).count > 2 { shortcuts += 1 }
    }
    #expect(compared > 100 && shortcuts > 10)
  }

  /// Binary neurons that reset as drawn, without leaks and ends, on a chip's schedule.
  private func reduced(_ original: SpikingProgram, _ seed: UInt64) throws -> SpikingProgram {
    var program = original
    program.schedule = seed % 3 == 0 ? .wavefront : .tick
    program.readout = Readout(
      population: program.readout.population, decoding: program.readout.decoding, unit: 1)
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: 32)
      guard case .integrateAndFire(let behaviour) = program.populations[index].model else {
        continue
      }
      program.populations[index].model = .integrateAndFire(
        FiringBehaviour(payloads: 0...1, reset: behaviour.reset))
      program.populations[index].thresholds = Parameter(
        program.populations[index].thresholds.values.map { min($0, 200) })
    }
    try program.verify()
    return program
  }

  /// The payloads of each population in each step: every edge takes one, the host's axons arrive in
  /// the step that the plan names, and digits of the input are spikes.
  private func chip(
    _ program: SpikingProgram, _ plan: AxonPlan, _ sample: [Int32]
  ) -> [[[Int32]]] {
    let lists = program.connections.map {
      SynapseList(
        $0, from: program.shape(of: $0.source), to: program.populations[$0.target].shape)
    }
    var membranes = program.populations.map { Array(repeating: Int64(0), count: $0.shape.count) }
    var before = program.populations.map { Array(repeating: Int32(0), count: $0.shape.count) }
    var sent = program.populations.map { _ in [[Int32]]() }
    for step in 0..<plan.steps {
      for (connection, list) in zip(program.connections, lists) {
        let payloads: [Int32]
        switch connection.source {
        case .population(let source): payloads = before[source]
        case .input:
          payloads = input(program, sample, tick: step - plan.shifts[connection.target])
        }
        for synapse in list.synapses where !payloads.isEmpty {
          membranes[connection.target][synapse.target] +=
            Int64(payloads[synapse.source]) * Int64(synapse.weight)
        }
      }
      for axon in plan.axons where axon.steps.contains(step) {
        for neuron in membranes[axon.population].indices {
          membranes[axon.population][neuron] +=
            axon.weights[axon.weights.count == 1 ? 0 : neuron]
        }
      }
      for (index, population) in program.populations.enumerated() {
        before[index] = fire(population, &membranes[index])
        sent[index].append(before[index])
      }
    }
    return sent
  }

  private func input(_ program: SpikingProgram, _ sample: [Int32], tick: Int) -> [Int32] {
    guard (0..<program.inputTicks).contains(tick) else { return [] }
    let size = program.input.shape.count
    let first = program.input.encoding.varies ? tick * size : 0
    return Array(sample[first..<first + size])
  }

  private func fire(_ population: Population, _ membranes: inout [Int64]) -> [Int32] {
    guard case .integrateAndFire(let behaviour) = population.model else {
      return membranes.map { _ in 0 }
    }
    let thresholds = population.thresholds.expanded(to: population.shape)
    return membranes.indices.map { neuron in
      let threshold = Int64(thresholds[neuron])
      guard membranes[neuron] >= threshold else { return 0 }
      membranes[neuron] = behaviour.reset == .zero ? 0 : membranes[neuron] - threshold
      return 1
    }
  }

  /// What a membrane can reach leaves no doubt where the chip's registers end.
  @Test func narrowRegistersRefuseWhatCouldLeaveThem() throws {
    var programs = RandomProgram(seed: 5)
    var program = try reduced(try programs.next(), 1)
    program.input.encoding = .events(bits: 8, signed: false, scale: 1)
    for id in ["loihi1", "paicore"] {
      var wide = program
      for index in wide.populations.indices {
        wide.populations[index].initial = Parameter([0])
        wide.populations[index].biases = Parameter([Int32.max / 2])
        wide.populations[index].biasBits = 32
        if case .integrateAndFire = wide.populations[index].model {
          wide.populations[index].model = .integrateAndFire(
            FiringBehaviour(payloads: 0...1, reset: .zero))
        }
      }
      var report = Report()
      let error = #expect(throws: PackError.self) {
        try ExportTargets.export(
          ExportSource(program: wide), to: try ExportTargets.named(id), &report)
      }
      let codes: [ErrorCode] = [.valueNotCarried, .saturationNotCarried]
      #expect(codes.contains(error?.code ?? .defect), "\(String(describing: error))")
    }
  }
}
