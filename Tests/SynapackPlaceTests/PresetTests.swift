import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// What every built-in chip is held to.
@Suite struct PresetTests {
  /// Chips with how many resources, limits and unpublished numbers they state, so that none is
  /// lost unnoticed.
  static let counts: [(id: String, cores: Int, resources: Int, limits: Int, unpublished: Int)] = [
    ("akd1000", 78, 2, 14, 2), ("akd1500", 32, 2, 14, 2), ("akida2", 48, 2, 2, 3),
    ("brainscales2", 1, 3, 0, 1), ("dynap-cnn", 9, 3, 20, 1), ("dynap-se2", 4, 4, 0, 1),
    ("generic-mesh", 256, 3, 0, 0), ("loihi1", 128, 5, 0, 0), ("loihi1024", 1 << 20, 3, 0, 0),
    ("loihi2", 128, 4, 0, 4), ("loihi64", 4096, 2, 0, 0), ("loihi84", 7056, 3, 0, 0),
    ("odin", 1, 2, 0, 1), ("paicore2", 1024, 2, 0, 1), ("speck2e", 9, 3, 20, 1),
    ("speck2f", 9, 3, 20, 1), ("spinnaker1", 768, 5, 0, 2), ("spinnaker2", 152, 2, 0, 3),
    ("truenorth", 4096, 3, 0, 1), ("truenorth64", 4096, 2, 0, 0), ("xylo-audio2", 1, 4, 2, 1),
    ("xylo-audio3", 1, 6, 2, 1), ("xylo-imu", 1, 7, 2, 1),
  ]

  @Test(arguments: Chips.texts.map(\.id))
  func everyNumberHasItsSource(id: String) throws {
    let chip = try Chips.named(id)
    let counts = try #require(PresetTests.counts.first { $0.id == id }, "a line is missing")
    #expect(chip.cores == counts.cores && chip.resources.count == counts.resources)
    #expect(chip.limits.count == counts.limits && chip.unpublished.count == counts.unpublished)
    #expect(!chip.meshSource.isEmpty)
    #expect(chip.kinds.count == 1 || chip.kinds.allSatisfy { !$0.source.isEmpty })
    #expect(chip.resources.allSatisfy { !$0.source.isEmpty })
    #expect(chip.limits.allSatisfy { !$0.source.isEmpty })
    #expect(chip.neurons == Chip.Capabilities() || !chip.neurons.source.isEmpty)
    // What is unpublished is said twice: where the check needs it, and in the list.
    for resource in chip.resources where chip.largestCapacity(of: resource) == nil {
      #expect(chip.unpublished.contains { $0.check == resource.name }, "\(resource.name)")
    }
    // A chip without costs says which number is missing.
    if chip.costs.energyRoute == nil, chip.cores > 1, chip.kind != .virtual {
      #expect(chip.unpublished.contains { $0.check == "cost of a placement" })
    }
  }

  @Test func whoCanHaveAChipIsSaid() throws {
    for (id, kind) in [
      ("speck2f", Chip.Kind.purchase), ("dynap-cnn", .research), ("loihi1", .research),
      ("loihi2", .research), ("truenorth", .historic), ("loihi64", .virtual),
      ("spinnaker1", .cloud), ("akida2", .license),
    ] {
      #expect(try Chips.named(id).kind == kind)
    }
    #expect(Chip.Kind.purchase.obstacle == nil && Chip.Kind.historic.obstacle != nil)
  }

  /// Numbers worked out by hand from the makers' formulas.
  @Test(arguments: [
    ("speck2f", "kernel entries", "c=3,f=10,kx=3,ky=3", 3 * 16 * 16),
    ("speck2f", "neuron entries", "f=8,ox=33,oy=20", 8 * 64 * 32),
    ("speck2f", "bias entries", "f=8,has_bias=0", 0),
    ("dynap-cnn", "bias entries", "f=8,has_bias=1", 8),
    ("loihi1", "synapse bits", "axons=64:2;1:3", 2 * 576 + 3 * 64),
    ("loihi1", "synapse bits", "axons=65:1", 576 + 64),
    ("loihi1", "output axons", "neurons=10,senders=30", 30),
    ("loihi1", "threshold configurations", "thresholds=5", 5),
    ("paicore2", "dendrites", "neurons=10,weight_bits=5,in_axons=1153", 10 * 8 * 2),
    ("akd1000", "weight bytes", "kernel_weight_bits=12", 2),
    ("spinnaker1", "row bytes", "axons=200:300;256:2", 300 * 4 * 203 + 2 * 4 * 259),
  ])
  func demandsAreTheMakers(id: String, name: String, counts: String, expected: Int) throws {
    let chip = try Chips.named(id)
    let resource = try #require(chip.resources.first { $0.name == name })
    #expect(try resource.demand.amount(NamedCounts(counts)) == expected)
  }

  /// Layers that others hear are hidden on a Xylo; those that none hears are outputs.
  @Test(arguments: ["xylo-audio2", "xylo-audio3", "xylo-imu"])
  func outputsOfAXyloSendOneSpikeATick(id: String) throws {
    let chip = try Chips.named(id)
    var program = try convolutionProgram(channels: 1, side: 4, bits: 8)
    for (layer, payload, isCarried) in [(0, 31, true), (2, 1, true), (2, 2, false)] {
      for index in program.populations.indices {
        program.populations[index].model = .integrateAndFire(
          FiringBehaviour(payloads: 0...(index == layer ? payload : 1)))
      }
      let misses = try ScopeCheck(program, chip, ProgramFacts(program, chip)).misses()
      let isMissed = misses.contains { $0.resource == "spikes of an output neuron" }
      #expect(isMissed != isCarried, "\(payload) spikes of layer \(layer)")
    }
  }

  @Test func countsAreGivenByTheirNames() throws {
    for text in ["c", "c=", "c=-1", "cc=1", "axons=1", "axons=a:b", "c=99999999999999999999"] {
      #expect(throws: PackError.self, "\(text)") { try NamedCounts(text) }
    }
  }
}
