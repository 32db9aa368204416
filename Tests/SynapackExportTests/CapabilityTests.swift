import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

/// One dense layer and a readout, within what the simplest target carries.
private func plainProgram() throws -> SpikingProgram {
  let population = Population(
    name: "hidden", shape: try Shape([2]),
    model: .integrateAndFire(FiringBehaviour(payloads: 0...1)), thresholds: Parameter([5]),
    biases: Parameter([1]), initial: Parameter([0]), membrane: Population.membraneRange(bits: 16),
    biasBits: 8)
  var readout = population
  (readout.name, readout.model) = ("readout", .integrator)
  let weights = IntegerWeights(shape: try Shape([2, 2]), values: [3, -2, 1, 4])
  return SpikingProgram(
    timesteps: 4, schedule: .tick,
    input: InputPort(
      name: "x", shape: try Shape([2]), encoding: .poisson(signed: false, scale: 1, seed: 1)),
    populations: [population, readout],
    connections: [
      Connection(source: .input, target: 0, synapses: .dense(weights), weightBits: 4),
      Connection(source: .population(0), target: 1, synapses: .dense(weights), weightBits: 4),
    ],
    readout: Readout(population: 1, decoding: .membrane, unit: 1))
}

@Suite struct CapabilityTests {
  /// A layer whose spikes are counted keeps its reset, and the first class to be sure is no option.
  @Test func advicesOfReadoutsLeadOn() throws {
    var program = try plainProgram()
    var reset = Capability(reader: "zero")
    reset.resets = [.zero]
    func advice(_ capability: Capability) -> String? {
      let error = #expect(throws: PackError.self) { try capability.check(program, target: "poor") }
      return error?.hint
    }
    #expect(advice(reset) == "convert again with `--reset zero`")
    var behaviour = FiringBehaviour(payloads: 0...1)
    program.populations[1].model = .integrateAndFire(behaviour)
    program.readout.decoding = .count
    behaviour.reset = .zero
    program.populations[0].model = .integrateAndFire(behaviour)
    #expect(advice(reset) == "convert again with `--readout membrane`")

    program = try plainProgram()
    var plain = Capability(reader: "plain")
    plain.features = []
    for (measure, words) in [(ExitMeasure.level, "--readout count"), (.margin, "--early-exit")] {
      program.readout.exit = ExitRule(measure: measure, limits: [1, 1, 1, 1])
      #expect(advice(plain)?.contains(words) == true, "\(measure)")
    }
  }

  /// Each restriction refuses exactly the change that it is about.
  @Test func everyRestrictionRefusesItsChange() throws {
    var poor = Capability(reader: "nothing")
    poor.resets = [.subtract]
    poor.payloads = 0...1
    poor.inputs = 0...1
    poor.schedules = [.tick]
    poor.timesteps = 1...4
    poor.weights = -7...7
    poor.thresholds = 1...100
    poor.biases = -3...3
    poor.thresholdSharing = .perLayer
    poor.features = []
    let plain = try plainProgram()
    try plain.verify()
    try poor.check(plain, target: "poor")

    func refused(_ code: ErrorCode, _ change: (inout SpikingProgram) throws -> Void) throws {
      var program = plain
      try change(&program)
      try program.verify()
      try Capability(reader: "all").check(program, target: "all")
      let error = #expect(throws: PackError.self) { try poor.check(program, target: "poor") }
      #expect(error?.code == code, "\(String(describing: error))")
      #expect(error?.message.contains("poor") == true && error?.trail.isEmpty == false)
    }
    func behaviour(_ change: (inout FiringBehaviour) -> Void) throws {
      try refused(.neuronNotCarried) { program in
        var firing = FiringBehaviour(payloads: 0...1)
        change(&firing)
        program.populations[0].model = .integrateAndFire(firing)
      }
    }
    try behaviour { $0.reset = .zero }
    try behaviour { $0.payloads = 0...2 }
    try behaviour { $0.payloads = -1...1 }
    try behaviour { $0.leakShift = 2 }
    try behaviour { $0.memory = true }
    try refused(.neuronNotCarried) { $0.populations[0].initial = Parameter([0, 2]) }
    try refused(.scheduleNotCarried) { $0.schedule = .wavefront }
    try refused(.scheduleNotCarried) { $0.timesteps = 5 }
    try refused(.valueNotCarried) { $0.populations[0].thresholds = Parameter([101]) }
    try refused(.valueNotCarried) { $0.populations[0].thresholds = Parameter([5, 6]) }
    try refused(.valueNotCarried) { $0.populations[1].biases = Parameter([-4]) }
    try refused(.valueNotCarried) { program in
      let wide = IntegerWeights(shape: try Shape([2, 2]), values: [8, 0, 0, 0])
      program.connections[1].synapses = .dense(wide)
      program.connections[1].weightBits = 5
    }
    try refused(.saturationNotCarried) { $0.populations[0].membrane = -10...10 }
    try refused(.structureNotCarried) { program in
      program.connections.append(program.connections[1])
    }
    try refused(.structureNotCarried) { program in
      program.connections[1].relays = [Window(kernel: Extent(y: 1, x: 1))]
    }
    try refused(.inputNotCarried) { program in
      program.input.encoding = .poisson(signed: true, scale: 1, seed: 1)
    }
    try refused(.readoutNotCarried) { $0.readout.discards = 1 }
  }

  /// Membranes as narrow as the proof allows never stop at an end: wider ones give the same run.
  @Test func whatIsProvedNeverSaturates() throws {
    var capability = Capability(reader: "unbounded")
    capability.features.removeAll { $0 == .saturation }
    var narrowed = 0
    for seed in UInt64(1)...60 {
      var programs = RandomProgram(seed: seed)
      var wide = try programs.next()
      setMembranes(&wide, bits: 32)
      guard (try? capability.check(wide, target: "unbounded")) != nil else { continue }
      var narrow = wide
      for bits in stride(from: 31, through: 6, by: -1) {
        var next = wide
        setMembranes(&next, bits: bits)
        guard (try? next.verify()) != nil,
          (try? capability.check(next, target: "unbounded")) != nil
        else { break }
        narrow = next
      }
      if narrow != wide { narrowed += 1 }
      for _ in 0..<4 {
        let sample = programs.sample(for: wide)
        let expected = try Simulator(wide).record(sample)
        #expect(try Simulator(narrow).record(sample) == expected, "seed \(seed)")
      }
    }
    #expect(narrowed > 10)
  }

  /// A threshold that nothing reaches may as well be another one.
  @Test func thresholdsBeyondReachAreCutWithoutAnyDifference() throws {
    var cut = 0
    for seed in UInt64(1)...60 {
      var programs = RandomProgram(seed: seed)
      var program = try programs.next()
      setMembranes(&program, bits: 32)
      for index in program.populations.indices where index % 2 == 0 {
        program.populations[index].thresholds = Parameter([1 << 30])
      }
      let reachable = MembraneReach.reachable(program)
      if reachable != program { cut += 1 }
      for _ in 0..<3 {
        let sample = programs.sample(for: program)
        let expected = try Simulator(program).record(sample)
        #expect(try Simulator(reachable).record(sample) == expected, "seed \(seed)")
      }
    }
    #expect(cut > 20)
  }

  /// Narrow registers of what is proved hold the same machine.
  @Test func narrowWidthsAreTheSameMachine() throws {
    var narrowed = 0
    for seed in UInt64(1)...60 {
      var programs = RandomProgram(seed: seed)
      var wide = try programs.next()
      setMembranes(&wide, bits: 32)
      guard (try? MembraneReach.requireNoSaturation(wide, target: "any")) != nil else { continue }
      let narrow = MembraneReach.narrowed(wide)
      try narrow.verify()
      if narrow.populations.map(\.membrane) != wide.populations.map(\.membrane) { narrowed += 1 }
      for _ in 0..<3 {
        let sample = programs.sample(for: wide)
        let expected = try Simulator(wide).record(sample)
        #expect(try Simulator(narrow).record(sample) == expected, "seed \(seed)")
      }
    }
    #expect(narrowed > 20)
  }

  /// What a target advises are options of a conversion, and those it needs.
  @Test func adviceNamesWhatTheDefaultsDoNotMeet() {
    for target in ExportTargets.all {
      let advice = Dictionary(uniqueKeysWithValues: target.capability.advice.map { ($0, $1) })
      let isOwn = target.capability.conversion["reset"] != nil
      #expect(advice["reset"] == nil || isOwn || !target.capability.resets.contains(.subtract))
      #expect((advice["threshold-scope"] != nil) || target.capability.thresholdSharing != .perLayer)
      #expect((advice["timesteps"] == "1") == (target.capability.timesteps == 1...1))
    }
    #expect(Capability(reader: "all").advice.isEmpty)
  }

  private func setMembranes(_ program: inout SpikingProgram, bits: Int) {
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: bits)
    }
  }
}
