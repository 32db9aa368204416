internal import SynapackBundle
internal import SynapackPolicy
internal import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport

/// Runs a bundle on recorded inputs and finds where it leaves the recording.
public enum RecordingReplay {
  public struct Result: Sendable {
    public var samples: Int
    /// The recorded layers, in the order of the program.
    public var layers: [String]
    /// Layers that send and that the recording does not hold.
    public var unrecorded: [String]
    /// Nodes of the recording that are no layers of the bundle.
    public var strangers: [String]
    /// Recorded numbers that were compared, and how many differ.
    public var compared: Int
    public var differing: Int
    /// The first divergence: in the first sample that differs the earliest tick of the program, in
    /// it the first layer. A count, which has no tick, stands where its layer's window opens.
    public var findings: [Finding]
  }

  /// Where a layer first leaves its recording.
  private struct Divergence {
    var count: Int
    var neuron: Int
    /// Of the layer's window, from 0; `nil` for counts.
    var tick: Int?
    var expected: Int64
    var found: Int64
  }

  /// - Parameter recording: a .npz archive or a recording of NIR.
  /// - Throws: `SYN0012` where it does not fit the bundle, `SYN0235` for an array of an archive
  ///   that is no layer, `SYN0608` where nobody has inputs.
  public static func run(
    _ bundle: String, against recording: String, threads: Int
  ) throws(PackError) -> Result {
    var unused = Report()
    let stored = try FoundFile.bundle(try MappedFile(path: bundle), &unused)
    let program = stored.bundle.program
    let recorded = try Recording(path: recording, for: program)
    let names = program.populations.map(\.name).filter { recorded.layers[$0] != nil }
    // What never sends can be recorded as nothing else, so it proves nothing.
    let sending = Set(program.populations.filter { $0.payloads != 0...0 }.map(\.name))
    guard names.contains(where: sending.contains) else {
      throw Recording.wrong("no layer that it holds ever sends").at(.file(recording))
    }
    let samples = names.compactMap { recorded.layers[$0]?.samples }.max() ?? 0
    let inputs = recorded.inputs ?? stored.bundle.conformance.map(\.input)
    guard names.allSatisfy({ recorded.layers[$0]?.samples == samples }), samples <= inputs.count
    else {
      throw Recording.wrong(
        "\(samples) samples, and inputs of \(inputs.count) in the recording or the bundle"
      ).at(.file(recording))
    }
    let simulator = try Simulator(program)
    let results = try parallelUnits(count: samples, threads: threads) {
      (sample) throws(PackError) -> [Divergence?] in
      let trains = try simulator.trains(inputs[sample])
      return program.populations.indices.map { index in
        recorded.layers[program.populations[index].name].flatMap {
          divergence($0, sample, trains[index])
        }
      }
    }
    var result = Result(
      samples: samples, layers: names,
      unrecorded: program.populations.map(\.name).filter {
        recorded.layers[$0] == nil && sending.contains($0)
      },
      strangers: recorded.strangers, compared: 0, differing: 0, findings: [])
    for name in names where sending.contains(name) {
      guard let layer = recorded.layers[name] else { continue }
      result.compared += size(of: layer)
    }
    for (sample, layers) in results.enumerated() {
      result.differing += layers.reduce(0) { $0 + ($1?.count ?? 0) }
      // What comes later may follow from it.
      guard result.findings.isEmpty, let (index, divergence) = first(layers, simulator.clock) else {
        continue
      }
      result.findings.append(finding(divergence, sample, index, program, simulator.clock))
    }
    return result
  }

  /// The earliest divergence of a sample.
  private static func first(
    _ layers: [Divergence?], _ clock: Clock
  ) -> (index: Int, divergence: Divergence)? {
    let all = layers.enumerated().compactMap { index, divergence in
      divergence.map { (tick: clock.populations[index].opens + ($0.tick ?? 0), index, $0) }
    }
    return all.min { ($0.tick, $0.1) < ($1.tick, $1.1) }.map { ($0.1, $0.2) }
  }

  private static func size(of layer: Recording.Layer) -> Int {
    switch layer {
    case .counts(let rows), .trains(let rows): rows.reduce(0) { $0 + $1.count }
    }
  }

  /// The first tick that differs, in it the first neuron; `nil` where all is as recorded.
  private static func divergence(
    _ layer: Recording.Layer, _ sample: Int, _ train: [[Int32]]
  ) -> Divergence? {
    let neurons = train.first?.count ?? 0
    let (expected, found, isTrain): ([Int64], [Int64], Bool) =
      switch layer {
      case .trains(let rows): (rows[sample], train.flatMap { $0.map(Int64.init) }, true)
      case .counts(let rows):
        (
          rows[sample],
          (0..<neurons).map { neuron in train.reduce(Int64(0)) { $0 + Int64($1[neuron]) } }, false
        )
      }
    // An integrator sends nothing and may have been recorded so.
    let padded = found + Array(repeating: 0, count: max(0, expected.count - found.count))
    let places = expected.indices.filter { expected[$0] != padded[$0] }
    guard let first = places.first else { return nil }
    return Divergence(
      count: places.count, neuron: neurons > 0 ? first % neurons : first,
      tick: isTrain && neurons > 0 ? first / neurons : nil, expected: expected[first],
      found: padded[first])
  }

  private static func finding(
    _ divergence: Divergence, _ sample: Int, _ index: Int, _ program: SpikingProgram,
    _ clock: Clock
  ) -> Finding {
    let tick = divergence.tick.map { tick in
      ", tick \(tick) of its window (\(clock.populations[index].opens + tick) of the program)"
    }
    let what = divergence.tick == nil ? "in all" : "there"
    return Finding(
      .recordingDiffers, .error,
      "sample \(sample) differs first here, neuron \(divergence.neuron)\(tick ?? ""): recorded "
        + "\(divergence.expected), the bundle sends \(divergence.found) \(what)",
      at: .layer(program.populations[index].name))
  }
}
