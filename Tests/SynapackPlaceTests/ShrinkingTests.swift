import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Changes of a network that a certificate offers.
@Suite struct ShrinkingTests {
  private func chip(_ body: String) throws -> Chip {
    try Chip(
      yaml: """
        id: small
        name: Small
        kind: virtual
        mesh: {width: 8, height: 8}
        \(body)
        """)
  }

  /// Brute force over the one layer that matters: 8 channels of 4 × 4 hear 9 · c axons.
  @Test(arguments: [36, 45, 54, 60, 71])
  func channelsAreGivenBackAsFarAsTheyFit(axons: Int) throws {
    let program = try convolutionProgram(channels: 8, side: 4, bits: 8)
    let chip = try chip(
      "resources: [{name: axons, scope: core, capacity: \(axons), demand: in_axons, source: test}]")
    let base = ProgramEdit.shapeOnly(program)
    let fit = { (program: SpikingProgram) throws(PackError) in try Fitting(program, chip) }
    let misses = try fit(base).misses
    try #require(!misses.isEmpty)
    var shrinking = Shrinking(base, budget: 200, fit: fit)
    let result = try #require(try shrinking.result(misses))
    guard result.fitting.misses.isEmpty else {
      // Then not even one channel of every layer fits.
      let least = try #require(ProgramEdit.thinned(base, eighths: 1))
      let refused = try fit(least)
      #expect(!refused.misses.isEmpty)
      return
    }
    // No single layer can have one channel more.
    var channels: [Int: Int] = [:]
    for change in result.changes {
      let layer = try #require(base.populations.firstIndex { $0.name == change.layer })
      channels[layer] = change.stays
    }
    let found = try #require(ProgramEdit.resized(base, channels))
    let placed = try fit(found)
    #expect(placed.misses.isEmpty)
    for change in result.changes {
      let layer = try #require(base.populations.firstIndex { $0.name == change.layer })
      var more = channels
      more[layer] = change.stays + 1
      let larger = try #require(ProgramEdit.resized(base, more))
      let refused = try fit(larger)
      #expect(!refused.misses.isEmpty, "\(change.layer) could keep \(change.stays + 1)")
    }
  }

  /// A pooling written out hears the same neurons by the same number of paths.
  @Test func aPoolingWrittenOutHearsTheSame() throws {
    let program = try convolutionProgram(channels: 4, side: 8, bits: 8)
    try #require(program.connections.contains { !$0.relays.isEmpty })
    let written = try #require(ProgramEdit.unpooled(program))
    #expect(!written.connections.contains { !$0.relays.isEmpty })
    for (old, new) in zip(program.connections, written.connections) {
      let (before, after) = (ConnectionReach(old, of: program), ConnectionReach(new, of: written))
      for (left, right) in [(before.rows, after.rows), (before.columns, after.columns)] {
        #expect(left.cells == right.cells && left.paths == right.paths)
      }
    }
  }

  @Test func layersThatGoAreThoseBetweenEqualShapes() throws {
    let program = try chain(layers: 5, channels: 4)
    let (shorter, removed) = try #require(ProgramEdit.shallower(program, layers: 3))
    #expect(shorter.populations.count == 3)
    #expect(removed.count == program.populations.count - 3)
    #expect(shorter.readout.population == 2)
    for index in shorter.populations.indices { #expect(!shorter.incoming(index).isEmpty) }
    #expect(ProgramEdit.shallower(program, layers: program.populations.count) == nil)
  }

  /// The option counts from the network that the program was made from.
  @Test(arguments: [0, 0.25, 0.5]) func sparsityCountsWhatIsGone(removed: Double) throws {
    let program = try convolutionProgram(channels: 8, side: 4, bits: 8)
    let chip = try chip(
      "resources: [{name: axons, scope: core, capacity: 45, demand: in_axons, source: test}]")
    let outcome = try Placer.outcome(
      program, on: chip, rates: program.populations.map { _ in 1 }, removed: removed)
    guard case .refused(let certificate) = outcome else {
      Issue.record("the program fits, and nothing is proposed")
      return
    }
    let thinned = certificate.edits.filter { $0.text.contains("near --channel-sparsity") }
    #expect(!thinned.isEmpty, "\(certificate.edits.map(\.text))")
    for edit in thinned {
      let eighths = try #require(edit.text.first?.wholeNumberValue)
      let share = 1 - (1 - removed) * Double(eighths) / 8
      #expect(edit.text.contains("near --channel-sparsity \(share),"), "\(edit.text)")
    }
  }

  /// Every option that a certificate names exists, and later values replace earlier ones.
  @Test func optionsAreNamedOnce() throws {
    let program = try convolutionProgram(channels: 4, side: 4, bits: 8)
    let chip = try chip(
      """
      resources: [{name: bits, scope: core, capacity: 2000, demand: synapse_bits, source: test}]
      neurons: {payloads: [[0, 1]], weight_bits: [2, 6], source: test}
      """)
    let outcome = try Placer.outcome(
      program, on: chip, rates: program.populations.map { _ in 1 })
    guard case .refused(let certificate) = outcome else { return }
    for edit in certificate.edits {
      let names = edit.options.filter { $0.hasPrefix("--") }
      #expect(Set(names).count == names.count, "\(edit.options)")
    }
  }
}
