internal import SynapackBundle
internal import SynapackDense
internal import SynapackPlace
internal import SynapackSupport

/// Runs every candidate on the same inputs beside the source network.
struct CandidateBench {
  let samples: Samples
  let labels: [Int]?
  let threads: Int
  let instruments: Instruments
  /// The outputs of the source network, [inputs][classes], and the classes that they name.
  private let outputs: [Float]
  private let decisions: [Int]

  init(
    _ source: CompressionSource, _ samples: Samples, labels: [Int]?, threads: Int,
    instruments: Instruments
  ) throws(PackError) {
    self.samples = samples
    self.labels = labels
    self.threads = threads
    self.instruments = instruments
    switch source {
    case .model(let graph):
      outputs = try Evaluation.outputs(try DenseNetwork(graph), samples, threads: threads)
    case .bundle(let stored, _):
      outputs = try Evaluation.outputs(stored.bundle.program, samples, threads: threads)
    }
    decisions = Evaluation.decisions(outputs, count: samples.count)
  }

  func measured(_ bundle: Bundle, _ recipe: Recipe) throws(PackError) -> Candidate {
    let row = try Evaluation.spiking(
      bundle.program, coding: bundle.coding, samples, labels: labels, analog: decisions,
      outputs: outputs,
      threads: threads, instruments: instruments)
    return Candidate(
      recipe: recipe, bytes: try BundleWriter.bytes(of: bundle).count,
      cores: bundle.placement?.usage.count, operations: row.effectiveACs + row.effectiveMACs,
      agreement: row.agreement ?? 0, accuracy: row.accuracy, distance: row.distance ?? 0)
  }
}
