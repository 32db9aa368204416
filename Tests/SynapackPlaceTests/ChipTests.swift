import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

@Suite struct DemandTests {
  private var counts: CoreCounts {
    var counts = CoreCounts()
    counts.neurons = 10
    counts.inAxons = 33
    counts.synapses = 100
    counts.synapseBits = 801
    counts.weightBits = 8
    counts.axons = [
      .init(synapses: 3, count: 30), .init(synapses: 5, count: 2), .init(synapses: 6, count: 1),
    ]
    counts.thresholds = [1, 4, 9]
    return counts
  }

  @Test func expressionsHaveTheirValue() throws {
    for (text, expected) in [
      ("neurons", 10), ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("24 / 4 / 2", 3),
      ("synapse_bits / 8", 101), ("ceil(synapse_bits/8)*2", 202), ("min(neurons, 3, 7)", 3),
      ("max( 1 ,in_axons )", 33), ("log2ceil(33)", 6), ("log2ceil(32)", 5), ("log2ceil(0)", 0),
      ("pow2ceil(in_axons)", 64), ("pow2ceil(1)", 1), ("0.5", 1), ("  neurons  ", 10),
      ("weight_bits*synapses", 800), ("floor(neurons / 4)", 2), ("distinct(thresholds)", 3),
      ("sum(axons, 1)", 33), ("sum(axons, axon_synapses)", 106), ("distinct(biases) + 1", 1),
      ("sum(axons, ceil(axon_synapses / 4)) * 2", 2 * (30 + 3 * 2)),
    ] {
      #expect(try DemandExpression(text).value(counts) == expected, "\(text)")
    }
  }

  @Test func wrongExpressionsAreRefused() throws {
    for text in [
      "", " ", "neuron", "1 +", "(1", "1)", "ceil", "ceil()", "ceil(1,2)", "floor(1, 2)",
      "distinct(weights)", "sum(axons)", "sum(neurons, 1)",
      "axon_synapses", "sum(axons, sum(axons, 1))", "sum(connections, 1)", "kx", "fan_in", "1 2",
      "-1",
      "1..2", "*", "neurons neurons", "1e999", String(repeating: "(", count: 500),
      String(repeating: "1+", count: 500) + "1", String(repeating: "1", count: 2000),
    ] {
      #expect(throws: PackError.self, "\(text)") { try DemandExpression(text) }
    }
    for text in ["1 / 0", "neurons - 11", "0 / 0", "9007199254740993 * 2"] {
      #expect(throws: PackError.self, "\(text)") { try DemandExpression(text).value(counts) }
    }
  }

  /// A value that is none is told with what it was computed from, in the words of the chip file.
  @Test func whatHasNoValueTellsItsVariables() throws {
    for (text, words) in [
      ("neurons - in_axons", "is -23.0 where neurons = 10, in_axons = 33"),
      ("neurons / (slices - slices)", "is inf where neurons = 10, slices = 0"),
    ] {
      let error = #expect(throws: PackError.self, "\(text)") {
        try DemandExpression(text).value(counts)
      }
      #expect(error?.message == "the demand `\(text)` \(words)")
    }
    var most = CoreCounts()
    most.neurons = .max
    let error = #expect(throws: PackError.self) { try DemandExpression("0 - neurons").value(most) }
    #expect(error?.message.hasSuffix("where neurons = 9.223372036854776e+18") == true)
  }

  @Test(arguments: [UInt64](1...4))
  func randomTextsNeverTrap(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let words = [
      "neurons", "ceil", "min", "max", "log2ceil", "pow2ceil", "(", ")", "+", "-", "*", "/", ",",
      "1", "0", "99999999999999999999", "0.1", "in_axons", " ", "é", "x", "1e308", "\0",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in
        words[Int.random(in: words.indices, using: &random)]
      }.joined()
      _ = try? DemandExpression(text).value(counts)
    }
  }
}

@Suite struct ChipTests {
  @Test func everyBuiltInChipIsRegisteredAndValid() throws {
    let chips = try Chips.all()
    #expect(chips.map(\.id) == Chips.texts.map(\.id))
    #expect(chips.map(\.id) == chips.map(\.id).sorted())
    let folder = Fixtures.root + "/Sources/SynapackPlace/Chips"
    let files = FixtureFiles.names(inFolder: folder, suffix: ".yaml")
    #expect(Set(files) == Set(chips.map(\.id)))
    for entry in Chips.texts { #expect(try Chip(yaml: entry.text).id == entry.id) }
    let mesh = try Chips.named("generic-mesh")
    #expect(mesh.cores == 256 && mesh.resources.map(\.capacity) == [1024, 4096, 131_072])
    #expect(mesh.kind == .virtual && mesh.note.contains("does not exist"))
    #expect(throws: PackError.self) { try Chips.named("nothing") }
  }

  @Test func whatIsAbsentStaysAbsent() throws {
    let chip = try Chip(
      yaml: "{id: a, name: A, kind: virtual, mesh: {width: 2, height: 1}, resources: []}")
    #expect(chip.costs.energyRoute == nil && chip.neurons.weightBits == nil)
    let program = try convolutionProgram(channels: 1, side: 4, bits: 8)
    let placement = try Placer.place(program, on: chip, rates: [1, 1, 0])
    #expect(placement.cost.energy == nil && placement.cost.maxLatency == nil)
    #expect(placement.cost.lowerBound == nil && placement.cost.gap == nil)
    #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
  }

  @Test func mistakesAreNamedWithTheNearestKey() throws {
    let good = try #require(Chips.texts.first { $0.id == "generic-mesh" }?.text)
    for (from, to, part) in [
      ("capacity: 1024", "capasity: 1024", "capacity"),
      ("kind: virtual", "kind: unreal", "virtual"),
      ("width: 16", "width: many", "whole number"), ("width: 16", "width: 0", "whole number"),
      ("scope: core", "scope: board", "core"), ("demand: in_axons", "demand: axons", "in_axons"),
      ("[subtract, zero]", "[soft]", "soft"), ("weight_bits: [2, 16]", "weight_bits: 16", "range"),
      ("weight_bits: [2, 16]", "weight_bits: [0, 16]", "widths"),
      ("membrane_bits: [2, 32]", "membrane_bits: [2, 65]", "widths"),
      ("demand: neurons", "demand: 0x10", "no number"),
      ("value: 1.7", "value: nan", "not negative"), ("id: generic-mesh", "id: [1]", "text"),
      ("name: inbound axons", "name: neurons", "second time"),
      ("leak: true", "leak: maybe", "true"),
    ] {
      let text = good.replacing(from, with: to)
      let error = try #require(throws: PackError.self, "\(to)") { try Chip(yaml: text) }
      #expect(error.code == .malformedChip)
      #expect((error.message + error.hint).contains(part), "\(to): \(error)")
    }
    for text in [
      "", "[]", "x", "a: [", "id: a\nid: b", String(repeating: "[", count: 5000),
      String(repeating: "- ", count: 900) + "x", "a: &b [x]\nc: *b",
      String(repeating: " ", count: 300_000),
    ] {
      #expect(throws: PackError.self) { try Chip(yaml: text) }
    }
  }
}
