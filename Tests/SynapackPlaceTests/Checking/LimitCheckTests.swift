import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// The counts and limits of the check against those of the placer, and against limits set just
/// below what is there.
@Suite struct LimitCheckTests {
  /// One core that holds everything.
  private static func chip(limits: [String] = [], neurons: String = "") throws -> Chip {
    try Chip(
      yaml: """
        id: one-core
        name: One core
        kind: virtual
        mesh: {width: 1, height: 1}
        resources:
          - {name: neurons, scope: core, capacity: 9007199254740992, demand: neurons, source: test}
          - name: values
            scope: neuron
            capacity: 9007199254740992
            demand: weight_values
            source: test
        \(limits.isEmpty ? "" : "limits:\n  " + limits.joined(separator: "\n  "))
        \(neurons)
        """)
  }

  private static func program(_ seed: UInt64) throws -> SpikingProgram {
    var programs = RandomProgram(seed: seed)
    return try programs.next()
  }

  /// Of a chip whose first core holds everything.
  static func census(_ program: SpikingProgram, _ chip: Chip) throws -> Census {
    var census = Census(program, chip)
    let slices = program.populations.enumerated().map { index, population in
      let planes = population.shape.planes ?? (0, 0, 0)
      return Slice(
        population: index, core: 0, channels: 0..<planes.channels, rows: 0..<planes.height,
        columns: 0..<planes.width)
    }
    #expect(census.settle(slices).isEmpty)
    census.visitSynapses()
    return census
  }

  @Test(arguments: UInt64(1)...150)
  func bothWaysOfCountingAgree(seed: UInt64) throws {
    let program = try Self.program(seed)
    let chip = try Self.chip()
    let census = try Self.census(program, chip)
    let facts = ProgramFacts(program, chip)
    let layers = program.populations.indices.map { LayerCensus($0, of: program, census) }
    let counts = program.populations.indices.map { LayerCounts(program, $0, facts) }
    for (index, (counted, derived)) in zip(layers, counts).enumerated() {
      for word in DemandVariable.allCases where word.scopes.contains(.layer) {
        #expect(counted[word] == derived[word], "seed \(seed), layer \(index), \(word)")
      }
      for set in DemandSet.allCases {
        #expect(counted.distinct(set) == derived.distinct(set), "seed \(seed), \(set)")
      }
      #expect(counted.neuron[.fanOut] == derived[.fanOut], "seed \(seed), layer \(index)")
      let parts = zip(counted.members(.connections), derived.members(.connections))
      for (one, other) in parts {
        for word in DemandVariable.allCases where word.scopes.contains(.layer) {
          #expect(
            one.values.value(word) == other.values.value(word), "seed \(seed), \(index), \(word)")
        }
      }
    }
    let whole = ProgramCensus(program, layers, census, cores: 1)
    let other = ProgramCounts(program, counts, cores: 1)
    for word in DemandVariable.allCases where word.scopes.contains(.chip) {
      #expect(whole.value(word) == other.value(word), "seed \(seed), \(word)")
    }
  }

  /// Each word of each scope: what is there passes, one less is found by its name.
  @Test(arguments: UInt64(1)...12)
  func aLimitBelowWhatIsThereIsFound(seed: UInt64) throws {
    let program = try Self.program(seed)
    let free = try Self.chip()
    let census = try Self.census(program, free)
    let layers = program.populations.indices.map { LayerCensus($0, of: program, census) }
    let whole = ProgramCensus(program, layers, census, cores: 1)
    let placement = try Placer.place(
      program, on: free, rates: program.populations.map { _ in 1 }, accepted: [.missingNumber])
    var tried = 0
    for scope in [DemandScope.layer, .neuron, .chip] {
      for word in DemandVariable.allCases where word.scopes.contains(scope) {
        let values =
          switch scope {
          case .core, .chip: [whole.value(word)]
          case .layer: layers.map { $0.value(word) }
          case .neuron: layers.map { $0.neuron.value(word) }
          }
        guard let most = values.max(), most >= 1 else { continue }
        func findings(_ bound: Double) throws -> [Finding] {
          let limit =
            "- {name: the word, scope: \(scope.rawValue), value: \(word.rawValue), "
            + "range: [0, \(Int(bound))], source: test}"
          return PlacementCheck.findings(program, placement, try Self.chip(limits: [limit]))
        }
        #expect(try findings(most).isEmpty, "seed \(seed), \(scope) \(word)")
        let found = try findings(most - 1)
        #expect(
          found.count == values.count { $0 == most }
            && found.allSatisfy { $0.code == .limitExceeded && $0.message.contains("the word") },
          "seed \(seed), \(scope) \(word): \(found)")
        tried += 1
      }
    }
    #expect(tried > 30)
  }

  /// What the placer refuses for its numbers is found in a placement too, and nothing else is.
  @Test(arguments: Chips.texts.map(\.id))
  func whatAChipDoesNotCarryIsFound(id: String) throws {
    let chip = try Chips.named(id)
    for seed in UInt64(1)...60 {
      let program = try Self.program(seed)
      let found = CarriedCheck.findings(program, chip)
      #expect(found.isEmpty == chip.misses(program).isEmpty, "\(id), seed \(seed): \(found)")
    }
  }

  @Test(arguments: [
    ("payloads: [[0, 0]]", "payloads"), ("input_payloads: [[0, 0]], inputs: [events]", "input"),
    ("resets: [zero]", "reset"), ("schedules: [tick]", "schedule"),
    ("weight_bits: [2, 3]", "weights of 8 bits"), ("membrane_bits: [2, 3]", "membranes"),
    ("bias_bits: [2, 3]", "biases"), ("leak: false", "leak"),
  ])
  func eachNumberOfTheNeuronsIsHeld(neurons: String, words: String) throws {
    var program = try convolutionProgram(channels: 2, side: 4, bits: 8)
    program.populations[0].biases = Parameter([1])
    if case .integrateAndFire(var behaviour) = program.populations[0].model {
      behaviour.leakShift = 3
      program.populations[0].model = .integrateAndFire(behaviour)
    }
    #expect(CarriedCheck.findings(program, try Self.chip()).isEmpty)
    let chip = try Self.chip(neurons: "neurons: {\(neurons), source: test}")
    let found = CarriedCheck.findings(program, chip)
    #expect(found.contains { $0.message.contains(words) }, "\(found)")
    #expect(found.isEmpty == chip.misses(program).isEmpty)
  }

  @Test func aCoreHoldsTheLayersItTakes() throws {
    let program = try convolutionProgram(channels: 4, side: 4, bits: 8)
    func chip(_ accepts: String) throws -> Chip {
      try Chip(
        yaml: """
          id: kinds
          name: Kinds
          kind: virtual
          takes: layers
          mesh: {width: 4, height: 1}
          cores: [{name: all, count: 4, accepts: \(accepts), source: test}]
          resources:
            - name: kernels
              scope: layer
              capacity: 4096
              demand: stored_weights
              source: test
          """)
    }
    let all = try chip("[dense, convolution]")
    let good = try Placer.place(program, on: all, rates: program.populations.map { _ in 1 })
    #expect(PlacementCheck.findings(program, good, all).isEmpty)
    let found = PlacementCheck.findings(program, good, try chip("[dense]"))
    #expect(found.count { $0.message.contains("does not take") } == 2)
    var joined = good
    joined.slices[1].core = joined.slices[0].core
    let two = PlacementCheck.findings(program, joined, all)
    #expect(two.contains { $0.message.contains("holds 2 layers") })
  }
}
