import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

/// Every README ends with how numbers become payloads, in the words of `program.h`.
@Suite struct InputWordsTests {
  private func section(_ encoding: InputEncoding, preprocess: String = "") throws -> String {
    var programs = RandomProgram(seed: 5)
    var program = try programs.next()
    program.input.encoding = encoding
    program.input.ticks = 3
    return InputWords(program: program, preprocess: preprocess).section
  }

  /// Ranges at their edges: one bit, a sign of two bits, all sixteen.
  @Test func currentsHaveTheirRangeAndScale() throws {
    let cases = [(1, false, "0, 1"), (2, true, "-1, 1"), (16, false, "0, 65535")]
    for (bits, isSigned, range) in cases {
      let text = try section(.constantCurrent(bits: bits, signed: isSigned, scale: 0.1))
      #expect(text.contains("numpy.clip(levels, \(range)).astype(int)"), "\(text)")
      #expect(text.contains("numpy.float32(\"0.1\"), 3\n"))
      #expect(text.contains("of \(bits) bits, \(isSigned ? "signed" : "unsigned"),"))
      #expect(text.contains("repeat(TICKS, axis=0)"))
    }
    let events = try section(.events(bits: 4, signed: true, scale: 2))
    #expect(events.contains("clip(levels, -7, 7)") && !events.contains("repeat("))
  }

  /// All 64 bits of a seed, and negative numbers only where payloads have a sign.
  @Test func drawnSpikesHaveTheirSeed() throws {
    let text = try section(.poisson(signed: false, scale: 1, seed: .max))
    #expect(text.contains("word(18446744073709551615)") && text.contains("numpy.sign(x), 0, 1)"))
    let signed = try section(.poisson(signed: true, scale: 1, seed: 0))
    #expect(signed.contains("word(0) + ") && signed.contains("numpy.sign(x), -1, 1)"))
  }

  /// A text of a bundle cannot end the quotes that it stands in.
  @Test func preprocessingIsQuotedOrLeftOut() throws {
    let encoding = InputEncoding.constantCurrent(bits: 4, signed: false, scale: 1)
    #expect(try section(encoding, preprocess: "scale=1/16").contains("after `scale=1/16`."))
    for text in ["a`b", "a\nb", "ä", ""] {
      #expect(try section(encoding, preprocess: text).contains("after its own preprocessing."))
    }
  }

  /// Two neurons that count spikes and reset to zero, which most targets carry.
  private func carried(_ schedule: Schedule) throws -> SpikingProgram {
    let shape = try Shape([2])
    let program = SpikingProgram(
      timesteps: 4, schedule: schedule,
      input: InputPort(
        name: "x", shape: shape, encoding: .poisson(signed: false, scale: 0.5, seed: 7)),
      populations: [
        Population(
          name: "layer", shape: shape,
          model: .integrateAndFire(FiringBehaviour(payloads: 0...1, reset: .zero)),
          thresholds: Parameter([5]), biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(IntegerWeights(shape: try Shape([2, 2]), values: [3, 1, 0, 2])),
          weightBits: 4)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  /// Whatever is exported with a README says it, once.
  @Test func everyReadmeSaysIt() throws {
    var told: Set<String> = []
    for schedule in [Schedule.tick, .wavefront] {
      let source = ExportSource(program: try carried(schedule), preprocess: "scale=1/255")
      for target in ExportTargets.all {
        var report = Report()
        guard let files = try? ExportTargets.export(source, to: target, &report) else { continue }
        for file in files where file.name == "README.md" {
          let text = String(decoding: file.bytes, as: UTF8.self)
          #expect(text.ranges(of: "## From numbers to payloads").count == 1)
          #expect(text.contains(InputWords.rule(source.program.input.encoding)), "\(target.id)")
          #expect(text.contains("after `scale=1/255`."))
          told.insert(target.id)
        }
      }
    }
    for id in ["c", "nir-norse", "sanafe", "spinnaker", "tinyodin"] {
      #expect(told.contains(id), "\(id) is not of \(told.sorted())")
    }
  }
}
