import Synapack
import SynapackBundle
import SynapackDense
import SynapackGraph
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackCompress

/// Bundles as networks again, and made smaller.
struct BundleCompressionTests {
  private static let calibration = Fixtures.path("digits/calibration_x.npy")
  private static let origin = Origin(format: "onnx", digest: nil, producer: "", version: "")

  private static func bundle(
    _ model: String, _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> [UInt8] {
    var recipe = Recipe()
    recipe.timesteps = 4
    recipe.preprocess = "scale=1/16"
    change(&recipe)
    var report = Report()
    return try Job(recipe: recipe, threads: 2, instruments: .still).convert(
      model: Fixtures.path("digits/\(model).torchscript17.onnx"), calibration: calibration,
      &report
    ).bytes
  }

  private static func program(_ bytes: [UInt8]) throws -> SpikingProgram {
    var report = Report()
    return try BundleReader.read(bytes, &report).bundle.program
  }

  /// Σ ‖a − b‖² / Σ ‖b‖²
  private static func distance(_ first: [Float], _ second: [Float]) -> Double {
    let missed = zip(first, second).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    return missed / second.reduce(0.0) { $0 + Double($1 * $1) }
  }

  /// With many ticks a program that fires after everything came has the values of its network.
  @Test(arguments: ["cnn-average", "cnn-residual", "mlp"])
  func theNetworkOfAProgramAnswersAsItDoes(model: String) throws {
    var report = Report()
    let bundle = try BundleReader.read(
      BundleCompressionTests.bundle(model) {
        $0.timesteps = 64
        $0.schedule = "accumulate"
        $0.method = "max"
      }, &report
    ).bundle
    let program = bundle.program
    let graph = try ProgramSource.network(of: program, origin: BundleCompressionTests.origin)
    let values = bundle.conformance.flatMap { vector in
      vector.input.map { Float($0) * program.input.encoding.scale }
    }
    let network = try DenseNetwork(graph).output(values, count: bundle.conformance.count)
    let scores = bundle.conformance.flatMap { vector in
      vector.scores.map { Float($0) * program.readout.unit }
    }
    #expect(!scores.isEmpty)
    #expect(BundleCompressionTests.distance(network, scores) < 5e-3)
  }

  /// A fitted program hurries and waits; its network answers as it does all the same.
  @Test func theNetworkOfAFittedProgramIsObserved() throws {
    var report = Report()
    let bundle = try BundleReader.read(
      BundleCompressionTests.bundle("cnn-average"), &report
    ).bundle
    let program = bundle.program
    let simulator = try Simulator(program)
    var random = SeededGenerator(seed: 3)
    // Mixtures of the stored inputs are about what the program was fitted to.
    let all = (0..<48).map { _ in
      let share = random.unitFloat()
      return zip(bundle.conformance[0].input, bundle.conformance[1].input).map { first, second in
        Int32(share * Float(first) + (1 - share) * Float(second))
      }
    }
    // What it is judged on was not observed.
    let (seen, inputs) = (Array(all.prefix(32)), Array(all.suffix(16)))
    let values = inputs.flatMap { $0.map { Float($0) * program.input.encoding.scale } }
    let scores = try inputs.flatMap {
      try simulator.run($0).scores.map { Float($0) * program.readout.unit }
    }
    func error(_ seen: [[Int32]]) throws -> Double {
      let graph = try ProgramSource.network(
        of: program, origin: BundleCompressionTests.origin, inputs: seen)
      let network = try DenseNetwork(graph).output(values, count: inputs.count)
      return BundleCompressionTests.distance(network, scores)
    }
    let (observed, even) = (try error(seen), try error([]))
    #expect(observed < even)
    #expect(observed < 0.2)
  }

  @Test func shortcutsStayShortcuts() throws {
    let program = try BundleCompressionTests.program(BundleCompressionTests.bundle("cnn-residual"))
    // A silent channel hears nothing, which no shortcut says.
    let passed = program.connections.count {
      $0.passesOn && $0.relays.isEmpty && $0.synapses.weights.values.allSatisfy { $0 > 0 }
    }
    #expect(passed > 0)
    let graph = try ProgramSource.network(of: program, origin: BundleCompressionTests.origin)
    let products = graph.nodes.count {
      switch $0.op {
      case .convolution, .linear: true
      default: false
      }
    }
    #expect(products == program.connections.count - passed)
  }

  @Test(arguments: ["mlp", "cnn-residual"])
  func aBundleIsMadeSmaller(model: String) throws {
    let folder = TemporaryFolder()
    let path = folder.path("net.synapack")
    let bytes = try BundleCompressionTests.bundle(model)
    try AtomicFile.write(bytes, to: path)
    var recipe = try #require(try Recipe.ofBundle(path))
    #expect(recipe.timesteps == 4 && recipe.preprocess == "scale=1/16")
    (recipe.weightBits, recipe.sparsity) = (4, 0.5)
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still).compress(
      CompressRequest(model: path, calibration: BundleCompressionTests.calibration), &report)
    let (before, after) = (result.outcome.candidates[0], result.outcome.candidates[1])
    #expect(result.isOfBundle && result.outcome.winner == 1)
    // The bundle against itself.
    #expect(before.agreement == 1 && before.distance < 1e-9 && before.bytes == bytes.count)
    #expect(after.bytes < before.bytes * 3 / 4)
    #expect(after.agreement > 0.9)
    let program = try BundleCompressionTests.program(result.converted.bytes)
    #expect(program.connections.allSatisfy { $0.weightBits == 4 || $0.passesOn })
    #expect(program.connectionSparsity > 0.45)
    // Names of layers are those of the model still.
    #expect(
      program.populations.map(\.name)
        == (try BundleCompressionTests.program(bytes)).populations.map(\.name))
  }

  @Test func aGatedProgramIsRefused() throws {
    let program = try BundleCompressionTests.program(
      BundleCompressionTests.bundle("cnn-average") {
        $0.schedule = "staggered:2"
        $0.gated = true
        $0.membraneBits = 32
      })
    let error = #expect(throws: PackError.self) {
      try ProgramSource.network(of: program, origin: BundleCompressionTests.origin)
    }
    #expect(error?.code == .cannotCompress)
  }
}
