import SynapackBundle
import SynapackPlace
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Draws bundles around random programs. Their conformance vectors have the right form but no
/// meaning: the container must carry any numbers.
struct RandomBundle {
  private var programs: RandomProgram
  private var random: SeededGenerator

  init(seed: UInt64) {
    programs = RandomProgram(seed: seed, compensates: seed % 3 == 2)
    random = SeededGenerator(seed: seed &+ 1)
  }

  mutating func next() throws -> Bundle {
    let program = try programs.next()
    let vectors = (0..<Int.random(in: 0...2, using: &random)).map { _ in vector(for: program) }
    return Bundle(
      program: program,
      placement: Bool.random(using: &random) ? placement(of: program) : nil,
      recipe: #"{"method":"percentile","seed":0,"timesteps":[1,2.5,true,null]}"#,
      report: #"{"findings":[],"text":"häß\u000b"}"#, conformance: vectors,
      preprocess: "scale=1/255,layout=nhwc",
      origin: BundleOrigin(
        format: "onnx", digest: Digest(of: [1, 2, 3]).description, producer: "pytorch",
        version: "2.5"),
      generator: "synapack test")
  }

  private mutating func vector(for program: SpikingProgram) -> ConformanceVector {
    let records = Clock(program).populations.map { times in
      (times.begins..<max(times.begins, times.ends)).map { _ in
        TickRecord(
          spikes: Int.random(in: 0...9, using: &random),
          payload: Int.random(in: -9...9, using: &random),
          membraneChecksum: UInt32.random(in: 0 ... .max, using: &random))
      }
    }
    let classes = program.populations[program.readout.population].shape.count
    return ConformanceVector(
      input: programs.sample(for: program), populations: records,
      scores: (0..<classes).map { _ in Int64.random(in: -1 << 40...1 << 40, using: &random) })
  }

  /// One slice a population, wherever: the bundle carries a placement, it does not judge it.
  private mutating func placement(of program: SpikingProgram) -> Placement {
    let slices = program.populations.enumerated().map { index, population in
      let planes = population.shape.planes ?? (1, 1, 1)
      return Slice(
        population: index, core: index, channels: 0..<planes.channels, rows: 0..<planes.height,
        columns: 0..<planes.width)
    }
    let rates = program.populations.map { _ in Double.random(in: 0...2, using: &random) }
    let neurons = min(3, program.populations[0].shape.count)
    return Placement(
      chip: "generic-mesh", mesh: Extent(y: 4, x: 4), slices: slices,
      routes: [
        Route(
          population: 0, core: 0, destinations: [1, 2], neurons: neurons,
          weight: Double(neurons) * rates[0])
      ],
      resources: ["neurons", "axons"],
      usage: slices.map { CoreUsage(core: $0.core, amounts: [$0.neurons, 7]) },
      rates: rates,
      cost: PlacementCost(
        energy: 1.5, averageLatency: 2.5, maxLatency: nil, averageCongestion: 0.25,
        maxCongestion: 3, connectivity: 0, lowerBound: 1))
  }
}

/// The outcome of reading: the bundle, or the code of the refusal. Weights that stay in their section
/// make no difference.
func reading(_ bytes: [UInt8]) -> Result<StoredBundle, PackError> {
  func outcome(leavingWeights leaves: Bool) -> Result<StoredBundle, PackError> {
    Result { () throws(PackError) in
      var report = Report()
      let file = unsafe MappedFile(bytes: bytes.span.bytes, path: "")
      return try BundleReader.read(file, leavesWeights: leaves, &report)
    }
  }
  let whole = outcome(leavingWeights: false)
  switch (whole, outcome(leavingWeights: true)) {
  case (.success(let bundle), .success(let left)): #expect(bundle.contentID == left.contentID)
  case (.failure(let error), .failure(let other)): #expect(error.code == other.code)
  case (.success, .failure(let error)): Issue.record("refused where weights are left: \(error)")
  case (.failure(let error), .success): Issue.record("taken where weights are left: \(error)")
  }
  return whole
}

func refusal(of bytes: [UInt8]) -> PackError? {
  if case .failure(let error) = reading(bytes) { error } else { nil }
}
