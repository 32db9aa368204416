import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Chips that take whole layers, and why a program does not fit.
@Suite struct FittingTests {
  /// Two large and two small cores.
  static func chip(
    large: Int = 4096, small: Int = 256, limits: String = "", neurons: String = "",
    capacity: String = ""
  ) throws -> Chip {
    try Chip(
      yaml: """
        id: layered
        name: Layered
        kind: virtual
        takes: layers
        mesh: {width: 4, height: 1}
        cores:
          - {name: large, count: 2, capacities: {kernels: \(large)}, source: test}
          - {name: small, count: 2, capacities: {kernels: \(small)}, source: test}
        resources:
          - {name: kernels, scope: layer, demand: stored_weights, source: test}
        \(capacity)
        \(limits)
        \(neurons)
        """)
  }

  /// Two convolutions of 3×3 and a matrix behind a pooling.
  private func program(_ channels: Int = 4) throws -> SpikingProgram {
    try convolutionProgram(channels: channels, side: 4, bits: 8)
  }

  private func certificate(
    _ program: SpikingProgram, _ chip: Chip, accepted: Set<ErrorCode> = []
  ) throws -> Certificate? {
    let rates = program.populations.map { _ in 1.0 }
    switch try Placer.outcome(program, on: chip, rates: rates, accepted: accepted) {
    case .placed: return nil
    case .refused(let certificate): return certificate
    }
  }

  @Test func wholeLayersTakeTheCoresThatHoldThem() throws {
    let program = try program()
    let chip = try FittingTests.chip()
    let rates = program.populations.map { _ in 1.0 }
    let placement = try Placer.place(program, on: chip, rates: rates)
    #expect(placement.slices.count == program.populations.count)
    #expect(Set(placement.slices.map(\.core)).count == placement.slices.count)
    #expect(placement.resources == ["kernels"])
    #expect(PlacementCheck.findings(program, placement, chip).isEmpty)
    // On a core that is too small the check finds it.
    let narrow = try FittingTests.chip(large: 4096, small: 1)
    let findings = PlacementCheck.findings(program, placement, narrow)
    #expect(
      findings.contains { $0.code == .limitExceeded } == placement.slices.contains { $0.core >= 2 })
  }

  @Test func aLayerThatNoCoreHoldsIsNamedWithWhatWouldFit() throws {
    let program = try program(8)
    let chip = try FittingTests.chip(large: 300, small: 200)
    let certificate = try #require(try certificate(program, chip))
    let miss = try #require(certificate.misses.first)
    #expect(miss.code == .resourceExceeded && miss.resource == "kernels")
    #expect(miss.coreKind == "large" && miss.capacity == 300)
    #expect(try #require(miss.demand) > 300 && miss.layer != nil)
    #expect(certificate.edits.contains { $0.kind == .channels || $0.kind == .width })
    for edit in certificate.edits where edit.fits { #expect(edit.remaining == nil) }
    for edit in certificate.edits where !edit.fits { #expect(edit.remaining != nil) }
    let thrown = try #require(throws: PackError.self) {
      try Placer.place(program, on: chip, rates: program.populations.map { _ in 1 })
    }
    #expect(thrown.code == .resourceExceeded && thrown.message.contains("kernels"))
    guard case .object(let members) = certificate.json else { throw Unexpected() }
    #expect(Set(members.keys) == ["chip", "misses", "edits"])
  }

  @Test func layersThatFitOneByOneAndNotTogetherAreProved() throws {
    // Five layers of which four need a large core.
    let program = try chain(layers: 4, channels: 4)
    let chip = try FittingTests.chip(large: 4096, small: 20)
    let certificate = try #require(try certificate(program, chip))
    let miss = try #require(certificate.misses.first { $0.code == .noMatching })
    let hall = try #require(miss.hall)
    #expect(hall.layers.count > hall.cores && hall.coreKinds == ["large"] && hall.cores == 2)
    #expect(certificate.error.code == .noMatching)
  }

  @Test func whatNobodyPublishedIsNotGuessed() throws {
    let program = try program()
    let chip = try FittingTests.chip(
      capacity:
        "  - {name: wires, scope: layer, capacity: unpublished, demand: synapses, source: none}")
    let certificate = try #require(try certificate(program, chip))
    #expect(certificate.misses.map(\.code) == [.missingNumber])
    #expect(certificate.error.message.contains("how much layered has of `wires`"))
    // Going without the check is a change like any other: it is tried, and named with its option.
    #expect(certificate.edits.map(\.options) == [["--allow", "SYN0509"]])
    #expect(certificate.edits.allSatisfy { $0.fits && $0.optionsSuffice })
    #expect(try self.certificate(program, chip, accepted: [.missingNumber]) == nil)
    let placement = try Placer.place(
      program, on: chip, rates: program.populations.map { _ in 1 }, accepted: [.missingNumber])
    let findings = PlacementCheck.findings(program, placement, chip)
    #expect(findings.map(\.code) == [.missingNumber] && findings.first?.severity == .warning)
  }

  /// Weights out of tables, where neurons have room for few values.
  @Test func tablesOfWeightsAreTried() throws {
    var program = try program()
    let shape = program.connections[2].synapses.weights.shape
    program.connections[2].synapses = .dense(
      IntegerWeights(shape: shape, values: (0..<shape.count).map { Int16($0 % 7) }))
    let chip = try FittingTests.chip(
      neurons: "weights: {encoding: axon-table, bits: [8], entries: 2, source: test}",
      capacity:
        "  - {name: entries, scope: neuron, capacity: 2, demand: weight_values, source: none}")
    let certificate = try #require(try certificate(program, chip))
    #expect(certificate.misses.allSatisfy { $0.resource == "entries" && $0.demand ?? 0 > 2 })
    let edit = try #require(certificate.edits.first)
    #expect(edit.options == ["--weight-levels", "axon-table"] && edit.fits && edit.optionsSuffice)
  }

  /// One threshold a layer, where cores have room for few; what still lacks is then looked for from
  /// there, with the option that it takes.
  @Test func oneThresholdALayerIsTried() throws {
    var program = try program()
    program.populations[0].thresholds = Parameter([5, 6, 7, 8])
    func chip(kernels: Int) throws -> Chip {
      try FittingTests.chip(
        large: kernels, small: kernels,
        capacity:
          "  - {name: thresholds, scope: core, capacity: 2, demand: distinct(thresholds), source: t}"
      )
    }
    let first = try #require(try certificate(program, chip(kernels: 4096)))
    #expect(first.misses.map(\.resource) == ["thresholds"])
    let option = ["--threshold-scope", "layer"]
    #expect(first.edits.map(\.options) == [option])
    #expect(first.edits.allSatisfy { $0.fits && $0.optionsSuffice })
    let second = try #require(try certificate(program, chip(kernels: 100)))
    #expect(second.edits.contains { $0.fits })
    #expect(second.edits.allSatisfy { $0.options.starts(with: option) })
    #expect(second.error.hint.hasSuffix("these options are --threshold-scope layer"))
    // Options on top of options: each change that fits names all of them.
    let narrow = try FittingTests.chip(
      neurons: "neurons: {weight_bits: [2, 4], source: test}",
      capacity:
        "  - {name: thresholds, scope: core, capacity: 2, demand: distinct(thresholds), source: t}")
    let third = try #require(try certificate(program, narrow))
    let edit = try #require(third.edits.first)
    #expect(edit.fits && edit.optionsSuffice && edit.kind == .options)
    #expect(!third.error.hint.contains("these options"))
    #expect(
      edit.options == ["--weight-bits", "4", "--shortcut-bits", "4", "--threshold-scope", "layer"])
  }

  @Test func optionsOfAConversionAreTriedFirst() throws {
    let program = try program()
    let chip = try FittingTests.chip(
      neurons: "neurons: {payloads: [[0, 1]], schedules: [tick], weight_bits: [2, 4], source: test}"
    )
    let certificate = try #require(try certificate(program, chip))
    #expect(certificate.misses.allSatisfy { $0.code == .unsupportedByChip })
    let edit = try #require(certificate.edits.first)
    #expect(edit.kind == .options && edit.fits)
    #expect(edit.options.contains("--schedule") && edit.options.contains("--weight-bits"))
    #expect(edit.options.contains("if"))
  }

  @Test func limitsAreHeldAndAWiderStrideIsTried() throws {
    let program = try program()
    let chip = try FittingTests.chip(
      limits: "limits: [{name: rows, scope: layer, value: oy, range: [1, 2], source: test}]")
    let certificate = try #require(try certificate(program, chip))
    #expect(certificate.misses.allSatisfy { $0.code == .resourceExceeded && $0.resource == "rows" })
    #expect(certificate.misses.allSatisfy { $0.demand == 4 && $0.capacity == 2 })
    #expect(certificate.edits.contains { $0.kind == .stride })
  }

  /// Each edit that is said to fit does so when it is carried out by hand.
  @Test func anEditOfChannelsIsTheLargestThatFits() throws {
    let program = try chain(layers: 2, channels: 8)
    for capacity in [100, 200, 300, 400, 500] {
      let chip = try FittingTests.chip(large: capacity, small: capacity)
      guard let certificate = try certificate(program, chip) else { continue }
      for edit in certificate.edits where edit.kind == .channels && edit.fits {
        let words = edit.text.split(separator: " ")
        let channels = try #require(words.compactMap { Int($0) }.first)
        let layer = try #require(program.populations.firstIndex { $0.name == edit.layer })
        let cut = try #require(ProgramEdit.cut(program, layer, channels: channels))
        #expect(try Fitting(cut, chip).misses.isEmpty)
        if let wider = ProgramEdit.cut(program, layer, channels: channels + 1) {
          #expect(try !Fitting(wider, chip).misses.isEmpty)
        }
      }
    }
  }

  @Test(arguments: [UInt64](1...60))
  func editsOfRandomProgramsHaveShapesThatAgree(seed: UInt64) throws {
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    for layer in program.populations.indices {
      let edited = [
        ProgramEdit.cut(program, layer, channels: 1), ProgramEdit.stride(program, layer, factor: 2),
        ProgramEdit.split(program, layer, parts: 2), ProgramEdit.thinned(program, eighths: 4),
      ]
      for case .some(let edit) in edited {
        for connection in edit.connections {
          let arriving = try connection.relayedShape(from: edit.shape(of: connection.source))
          let shape = connection.outputShape(for: arriving)
          #expect(shape?.count == edit.populations[connection.target].shape.count, "seed \(seed)")
        }
        for population in edit.populations {
          #expect(population.thresholds.fits(population.shape), "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: Chips.texts.map(\.id))
  func everyBuiltInChipPlacesARandomProgramOrSaysWhyNot(id: String) throws {
    let chip = try Chips.named(id)
    guard chip.cores <= 8192 else { return }
    for seed in UInt64(1)...6 {
      var programs = RandomProgram(seed: seed)
      let program = try programs.next()
      let rates = program.populations.map { _ in 1.0 }
      switch try Placer.outcome(program, on: chip, rates: rates, accepted: [.missingNumber]) {
      case .placed(let placement):
        let findings = PlacementCheck.findings(program, placement, chip)
        #expect(!findings.contains { $0.severity == .error }, "\(id), seed \(seed): \(findings)")
      case .refused(let certificate):
        #expect(!certificate.misses.isEmpty)
        #expect(certificate.misses.allSatisfy { !$0.text.isEmpty })
      }
    }
  }

  struct Unexpected: Error {}

  /// No larger chip helps where none computes operators, and no change that is tried does either.
  @Test func operatorsAreNotSentToLargerChips() throws {
    var programs = RandomProgram(seed: 1, compensates: true)
    var program = try programs.next()
    while !program.populations.contains(where: {
      if case .compensated = $0.model { true } else { false }
    }) { program = try programs.next() }
    let hint = try #require(try certificate(program, FittingTests.chip())).error.hint
    #expect(hint.contains("no chip computes operators") && !hint.contains("larger"), "\(hint)")
  }
}

/// 1×1 convolutions one after another.
func chain(layers: Int, channels: Int) throws -> SpikingProgram {
  var program = try convolutionProgram(channels: channels, side: 4, bits: 8)
  let first = program.connections[1]
  while program.populations.count < layers + 1 {
    let last = program.populations.count - 1
    var population = program.populations[1]
    population.name = "extra\(last)"
    program.populations.insert(population, at: last)
    for index in program.connections.indices where program.connections[index].target == last {
      program.connections[index].target = last + 1
      program.connections[index].source = .population(last)
    }
    var connection = first
    connection.source = .population(last - 1)
    connection.target = last
    program.connections.insert(connection, at: program.connections.count - 1)
    program.readout.population = last + 1
  }
  return program
}
