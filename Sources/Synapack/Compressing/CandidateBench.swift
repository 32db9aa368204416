internal import SynapackBundle
internal import SynapackDense
internal import SynapackGraph
internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// Runs every candidate on the same inputs beside the source network.
struct CandidateBench: Sendable {
  let samples: Samples
  let labels: [Int]?
  let threads: Int
  /// The outputs of the source network, [inputs][classes].
  let wanted: [Float]

  var count: Int { samples.count }

  init(
    _ graph: Graph<Analog>, _ samples: Samples, labels: [Int]?, threads: Int
  ) throws(PackError) {
    self.samples = samples
    self.labels = labels
    self.threads = threads
    let network = try DenseNetwork(graph)
    let unit = Evaluation.unit
    let parts = try parallelUnits(count: (samples.count + unit - 1) / unit, threads: threads) {
      (index) throws(PackError) -> [Float] in
      let range = index * unit..<min((index + 1) * unit, samples.count)
      return try network.output(try samples.means(range), count: range.count)
    }
    wanted = parts.flatMap { $0 }
  }

  func measured(_ bundle: Bundle, _ recipe: Recipe) throws(PackError) -> Candidate {
    let program = bundle.program
    let simulator = try Simulator(program)
    let samples = samples.running(program.timesteps)
    let classes = wanted.count / max(1, samples.count)
    let parts = try parallelUnits(
      count: (samples.count + Evaluation.unit - 1) / Evaluation.unit, threads: threads
    ) { (index) throws(PackError) -> Tally in
      let range =
        index * Evaluation.unit..<min((index + 1) * Evaluation.unit, samples.count)
      let values = try samples.values(range)
      let size = values.count / range.count
      var tally = Tally()
      for sample in range {
        let start = (sample - range.lowerBound) * size
        let outcome = try simulator.decide(
          program.encode(Array(values[start..<start + size])).payloads)
        let goal = Array(wanted[sample * classes..<(sample + 1) * classes])
        tally.add(
          outcome, unit: program.readout.unit, goal: goal, label: labels.map { $0[sample] })
      }
      return tally
    }
    let whole = parts.reduce(into: Tally()) { $0.add($1) }
    let count = Double(max(1, samples.count))
    return Candidate(
      recipe: recipe, bytes: try BundleWriter.bytes(of: bundle).count,
      cores: bundle.placement?.usage.count, operations: Double(whole.operations) / count,
      agreement: Double(whole.agreed) / count,
      accuracy: labels == nil ? nil : Double(whole.right) / count,
      distance: whole.missed / max(whole.power, 1e-300))
  }
}

/// What some inputs gave.
private struct Tally: Sendable {
  var operations = 0
  var agreed = 0
  var right = 0
  var missed = 0.0
  var power = 0.0

  mutating func add(_ outcome: Outcome, unit: Float, goal: [Float], label: Int?) {
    operations += outcome.effectiveACs + outcome.effectiveMACs
    agreed += outcome.decision == Evaluation.largest(goal[...]) ? 1 : 0
    right += outcome.decision == label ? 1 : 0
    for (score, value) in zip(outcome.scores, goal) {
      let error = Double(score) * Double(unit) - Double(value)
      missed += error * error
      power += Double(value) * Double(value)
    }
  }

  mutating func add(_ other: Tally) {
    operations += other.operations
    agreed += other.agreed
    right += other.right
    missed += other.missed
    power += other.power
  }
}
