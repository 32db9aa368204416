import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackBundle

/// Sections under codec 2: what they carry, and what they never accept.
@Suite struct ModelledSectionTests {
  /// A convolution or a dense layer of random levels.
  private func program(
    shape: Shape, bits: Int, density: Double, _ random: inout SeededGenerator
  ) throws -> SpikingProgram {
    var bundle = try denseBundle(weights: [Int16](repeating: 1, count: 10), bits: bits)
    let limit = (1 << (bits - 1)) - 1
    let values = (0..<shape.count).map { _ in
      Double(random.unitFloat()) < density
        ? Int16(Int.random(in: -limit...limit, using: &random)) : 0
    }
    let weights = IntegerWeights(shape: shape, values: values)
    bundle.program.connections[0].synapses =
      shape.dimensions.count == 2
      ? .dense(weights)
      : .convolution(weights, window: Window(kernel: Extent(y: 1, x: 1)), groups: 1)
    return bundle.program
  }

  private func manifest(of program: SpikingProgram) throws -> (Manifest, weights: [UInt8]) {
    var bundle = try denseBundle(weights: [Int16](repeating: 1, count: 10), bits: 4)
    bundle.program = program
    var (weights, neurons): ([UInt8], [UInt8]) = ([], [])
    let manifest = Manifest(taking: bundle, weights: &weights, neurons: &neurons)
    return (manifest, weights)
  }

  @Test(arguments: 2...16)
  func weightsOfEveryWidthShapeAndDensityComeBack(bits: Int) throws {
    let seed = UInt64(bits) &* 7919
    var random = SeededGenerator(seed: seed)
    for dimensions in [[1, 1], [7, 13], [3, 2, 3, 3], [2, 3, 1, 5], [1, 1, 4, 1], [64, 3]] {
      for density in [0, 0.03, 0.3, 1] {
        let shape = try Shape(dimensions)
        let program = try program(shape: shape, bits: bits, density: density, &random)
        let (manifest, raw) = try manifest(of: program)
        let stream = try #require(ModelledSection.weights(of: program))
        let back = try ModelledSection.weights(stream, for: manifest, count: raw.count)
        #expect(back == raw, "seed \(seed), \(dimensions) at density \(density)")
      }
    }
  }

  /// A memoryless source cannot be coded below its entropy, and must not cost much more.
  @Test(arguments: [(4, 0.3), (4, 1), (8, 0.1), (8, 1), (2, 0.5)])
  func aRandomTensorCostsLittleMoreThanItsEntropy(bits: Int, density: Double) throws {
    var random = SeededGenerator(seed: 41)
    let shape = try Shape([32, 64, 3, 3])
    let program = try program(shape: shape, bits: bits, density: density, &random)
    let stream = try #require(ModelledSection.weights(of: program))
    let values = program.connections[0].synapses.weights.values
    #expect(Double(stream.count) < 1.05 * values.entropyBits / 8, "\(bits) bits, \(density)")
  }

  /// Channels that are all zero, and weights alike in rows, are foreseen.
  @Test func structureCostsLessThanItsEntropy() throws {
    var random = SeededGenerator(seed: 5)
    let shape = try Shape([16, 64, 3, 3])
    var program = try program(shape: shape, bits: 4, density: 0.9, &random)
    var values = program.connections[0].synapses.weights.values
    for index in values.indices where index / 9 % 64 % 4 != 0 { values[index] = 0 }
    program.connections[0].synapses = .convolution(
      IntegerWeights(shape: shape, values: values), window: Window(kernel: Extent(y: 1, x: 1)),
      groups: 1)
    let stream = try #require(ModelledSection.weights(of: program))
    #expect(Double(stream.count) < 0.9 * values.entropyBits / 8)
  }

  @Test func streamsOfTheWrongLengthAreRefused() throws {
    var random = SeededGenerator(seed: 3)
    let program = try program(shape: Shape([10, 40]), bits: 6, density: 0.8, &random)
    let (manifest, raw) = try manifest(of: program)
    let stream = try #require(ModelledSection.weights(of: program))
    func code(_ stream: [UInt8], _ count: Int) -> ErrorCode? {
      do {
        _ = try ModelledSection.weights(stream, for: manifest, count: count)
        return nil
      } catch { return error.code }
    }
    #expect(code(stream, raw.count) == nil)
    #expect(code([], raw.count) == .malformedSection)
    #expect(code(Array(stream.prefix(stream.count / 2)), raw.count) == .malformedSection)
    #expect(code(stream + [0, 0, 0, 0, 0], raw.count) == .malformedSection)
    #expect(code(stream, raw.count + 1) == .malformedSection)
    #expect(code(stream, 0) == .malformedSection)
  }

  @Test func aWeightBeyondItsWidthIsRefused() throws {
    let program = try denseBundle(weights: [-1, 1, 0, 2, 3, 0, 1, -2, 1, 1], bits: 4).program
    let (manifest, raw) = try manifest(of: program)
    // 15 would be packed as −1, and so look like the weight that the digest is of.
    for weight: Int16 in [8, -8, 15, .max, -.max] {
      var wide = program
      var values = program.connections[0].synapses.weights.values
      values[0] = weight
      wide.connections[0].synapses = .dense(
        IntegerWeights(shape: program.connections[0].synapses.weights.shape, values: values))
      let stream = try #require(ModelledSection.weights(of: wide))
      let error = #expect(throws: PackError.self) {
        try ModelledSection.weights(stream, for: manifest, count: raw.count)
      }
      #expect(error?.code == .valueOutsideWidth, "\(weight)")
    }
  }

  @Test(arguments: [UInt64](1...40))
  func neuronsAndVectorsComeBack(seed: UInt64) throws {
    var generator = RandomBundle(seed: seed)
    let bundle = try generator.next()
    var (weights, neurons): ([UInt8], [UInt8]) = ([], [])
    let manifest = Manifest(taking: bundle, weights: &weights, neurons: &neurons)
    let parameters = try #require(ModelledSection.neurons(of: bundle.program))
    #expect(
      try ModelledSection.neurons(parameters, for: manifest, count: neurons.count) == neurons,
      "seed \(seed)")
    let raw = try ConformanceSection.bytes(of: bundle.conformance, for: bundle.program)
    let stream = ModelledSection.conformance(bundle.conformance, of: bundle.program)
    guard let stream else {
      #expect(bundle.conformance.isEmpty)
      return
    }
    #expect(
      try ModelledSection.conformance(stream, for: bundle.program, count: raw.count) == raw,
      "seed \(seed)")
  }

  /// Numbers at the ends of their types, whose differences do not fit them.
  @Test func extremeNumbersComeBack() throws {
    var bundle = try denseBundle(weights: [Int16](repeating: 1, count: 20), bits: 4)
    bundle.program.populations[0].thresholds = Parameter([.max])
    bundle.program.populations[0].biases = Parameter([.min])
    bundle.program.populations[0].initial = Parameter([
      Int32.min, 0, .max, .max, .min, 1, -1, 0, 0, 9,
    ])
    let extremes: [Int64] = [.min, .max, 0, -1, 1, .max, .min, .min, 1 << 62, -(1 << 62)]
    let records = [(Int.max, Int.min), (0, Int.max), (Int.max, 0), (1, -1)].map { spikes, payload in
      TickRecord(spikes: spikes, payload: payload, membraneChecksum: .max)
    }
    bundle.conformance = [
      ConformanceVector(input: [-127, 127], populations: [records], scores: extremes),
      ConformanceVector(input: [127, -127], populations: [records.reversed()], scores: extremes),
    ]
    var (weights, neurons): ([UInt8], [UInt8]) = ([], [])
    let manifest = Manifest(taking: bundle, weights: &weights, neurons: &neurons)
    let parameters = try #require(ModelledSection.neurons(of: bundle.program))
    #expect(
      try ModelledSection.neurons(parameters, for: manifest, count: neurons.count) == neurons)
    let raw = try ConformanceSection.bytes(of: bundle.conformance, for: bundle.program)
    let stream = try #require(
      ModelledSection.conformance(bundle.conformance, of: bundle.program))
    #expect(
      try ModelledSection.conformance(stream, for: bundle.program, count: raw.count) == raw)
  }

  @Test(arguments: [UInt64](1...6))
  func damagedVectorsNeverTrap(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var generator = RandomBundle(seed: seed)
    var bundle = try generator.next()
    while bundle.conformance.isEmpty { bundle = try generator.next() }
    var (weights, neurons): ([UInt8], [UInt8]) = ([], [])
    let manifest = Manifest(taking: bundle, weights: &weights, neurons: &neurons)
    let raw = try ConformanceSection.bytes(of: bundle.conformance, for: bundle.program)
    for _ in 0..<20 {
      let noise = (0..<Int.random(in: 0...900, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for count in [raw.count, raw.count - 1, 8, 9, 1 << 40, Int.max] {
        _ = try? ModelledSection.conformance(noise, for: bundle.program, count: count)
      }
      for count in [neurons.count, 4, Int.max] {
        _ = try? ModelledSection.neurons(noise, for: manifest, count: count)
      }
    }
  }

  @Test func moreValuesThanAReaderHasToBearAreNotModelled() throws {
    let most = BundleLimits.modelledValues
    var bundle = try denseBundle(weights: [Int16](repeating: 1, count: 10), bits: 2)
    var (manifest, _) = try manifest(of: bundle.program)
    bundle.program.connections[0].synapses = .dense(
      IntegerWeights(shape: try Shape([1, most + 1]), values: Array(repeating: 0, count: most + 1)))
    #expect(ModelledSection.weights(of: bundle.program) == nil)
    // What a map of so many weights of two bits would take.
    manifest.program = bundle.program
    manifest.weights[0].length = (most + 4) / 4
    #expect(throws: PackError.self) {
      try ModelledSection.weights([0], for: manifest, count: (most + 4) / 4)
    }
  }
}
