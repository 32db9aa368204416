import SynapackBundle
import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@Suite struct WriteReadTests {
  @Test func everythingComesBackAndTwiceTheSameBytes() throws {
    for seed in UInt64(1)...60 {
      var generator = RandomBundle(seed: seed)
      let bundle = try generator.next()
      let bytes = try BundleWriter.bytes(of: bundle)
      #expect(try BundleWriter.bytes(of: bundle) == bytes, "seed \(seed)")
      var report = Report()
      let stored = try BundleReader.read(bytes, &report)
      #expect(stored.bundle == bundle, "seed \(seed)")
      #expect(try BundleWriter.bytes(of: stored.bundle) == bytes, "seed \(seed)")
      #expect(report.findings.isEmpty)
      #expect(stored.isRewritable && stored.fileBytes == bytes.count)
    }
  }

  @Test func everyScheduleIsCarried() throws {
    var generator = RandomBundle(seed: 7)
    var bundle = try generator.next()
    bundle.conformance = []
    for schedule in [Schedule.wavefront, .tick, .accumulate, .staggered(0), .staggered(1024)] {
      bundle.program.schedule = schedule
      #expect(try reading(BundleWriter.bytes(of: bundle)).get().bundle == bundle)
    }
  }

  /// For each width and density, so that every encoding is chosen; 4000 weights in one layer.
  @Test func everyWidthAndDensityOfWeightsIsCarried() throws {
    for bits in 2...16 {
      for step in [1, 2, 5, 40, 300, 5000] {
        let limit = (1 << (bits - 1)) - 1
        let values = (0..<4000).map { index in
          index % step == 0 ? Int16(index % 2 == 0 ? limit : -limit) : 0
        }
        let bundle = try denseBundle(weights: values, bits: bits)
        let bytes = try BundleWriter.bytes(of: bundle)
        #expect(try reading(bytes).get().bundle == bundle, "\(bits) bits, every \(step)th")
      }
    }
  }

  @Test func largeUncompressibleWeightsGetAPage() throws {
    var random = SeededGenerator(seed: 3)
    let values = (0..<80_000).map { _ in Int16.random(in: -127...127, using: &random) }
    let stored = try reading(
      BundleWriter.bytes(of: denseBundle(weights: values, bits: 8))
    ).get()
    let weights = try #require(stored.sections.first { $0.name == "weights" })
    #expect(weights.storedBytes <= 80_000)
    if !weights.isCompressed { #expect(weights.offset.isMultiple(of: 4096)) }
  }

  @Test func theContentIdentityDoesNotDependOnCompression() throws {
    var generator = RandomBundle(seed: 5)
    let stored = try reading(BundleWriter.bytes(of: generator.next())).get()
    var listed: [UInt8] = []
    for section in stored.sections {
      for shift in [0, 8, 16, 24] { listed.append(UInt8(section.type >> UInt32(shift) & 0xFF)) }
      for shift in 0..<8 { listed.append(UInt8(section.rawBytes >> (8 * shift) & 0xFF)) }
      listed += bytes(hexadecimal: section.rawDigest)
    }
    #expect(stored.contentID == Digest(of: listed))
  }

  @Test func aWriterRefusesWhatTheFormatCannotHold() throws {
    var generator = RandomBundle(seed: 11)
    let good = try generator.next()
    var bundle = good
    bundle.recipe = #"{ "a": 1 }"#
    #expect(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
    bundle = good
    bundle.preprocess = String(repeating: "x", count: 1025)
    #expect(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
    bundle.preprocess = String(repeating: "x", count: 1024)
    #expect(try reading(BundleWriter.bytes(of: bundle)).get().bundle == bundle)
    bundle = good
    bundle.program.populations[0].name = String(repeating: "n", count: LayerName.longest + 1)
    let error = #expect(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
    #expect(error?.code == .malformedGraph)
    #expect(error?.message.contains("has 1025 bytes; a bundle stores at most 1024") == true)
    bundle.program.populations[0].name.removeLast()
    #expect(try reading(BundleWriter.bytes(of: bundle)).get().bundle == bundle)
    bundle = good
    bundle.generator = "a\0b"
    #expect(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
    bundle = good
    bundle.conformance = [ConformanceVector(input: [], populations: [], scores: [])]
    #expect(throws: PackError.self) { try BundleWriter.bytes(of: bundle) }
  }
}

/// One dense layer of 10 neurons.
func denseBundle(weights: [Int16], bits: Int) throws -> Bundle {
  let inputs = try Shape([weights.count / 10])
  let readout = try Shape([10])
  let program = SpikingProgram(
    timesteps: 4, schedule: .wavefront,
    input: InputPort(
      name: "x", shape: inputs, encoding: .constantCurrent(bits: 8, signed: true, scale: 0.5)),
    populations: [
      Population(
        name: "out", shape: readout, model: .integrator, thresholds: Parameter([1]),
        biases: Parameter([0]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 24), biasBits: 16)
    ],
    connections: [
      Connection(
        source: .input, target: 0,
        synapses: .dense(
          IntegerWeights(shape: try Shape([10, inputs.count]), values: weights)),
        weightBits: bits)
    ], readout: Readout(population: 0, decoding: .membrane, unit: 1))
  return Bundle(
    program: program, origin: BundleOrigin(format: "none", digest: ""), generator: "test")
}

func bytes(hexadecimal text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}
