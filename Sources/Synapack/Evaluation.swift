internal import SynapackConvert
internal import SynapackDense
public import SynapackGraph
public import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport
internal import SynapackTensor

/// Accuracy, agreement and cost of a program, and of its source network, on data.
public struct Evaluation: Sendable {
  /// What one spiking program reached.
  public struct Spiking: Sendable {
    /// All ticks of the program's clock; of a gated one those of its windows are `windowTicks`.
    public var timesteps: Int
    public var windowTicks: Int
    public var schedule: String
    public var accuracy: Double?
    public var agreement: Double?
    /// Σ ‖scores − source network‖² / Σ ‖source network‖²; `nil` where its outputs are not given.
    public var distance: Double?
    /// The events that a neuron's payloads were sent as in an inference, and the sum of their
    /// magnitudes.
    public var spikesPerNeuron: Double
    public var payloadPerNeuron: Double
    /// Of the simulation; under a rule that stops inputs early it runs all ticks of an input to find where
    /// it stops, and once more up to there.
    public var imagesPerSecond: Double
    /// Means an image over all ticks, as NeuroBench defines them for trains of events: each that is a
    /// unit or a power of two is an addition at every weight other than zero.
    public var denseOperations: Double
    public var effectiveMACs: Double
    public var effectiveACs: Double
    /// The share of neurons and ticks without a payload, of the ticks that were run.
    public var activationSparsity: Double
    public var clippedInputs: Int
    /// The ticks of the readout's window that an input took, below T where a rule stops some early.
    public var meanTicks: Double
    /// Those from the first of the input to the answer.
    public var meanLatencyTicks: Double
    /// `nil` without a rule that stops inputs early.
    public var exit: ExitEvaluation?
    /// What an inference costs under each table.
    public var energy: [EnergyEstimate]
    public var decisions: [Int]
  }

  /// What the source network reached.
  public struct Analog: Sendable {
    public var accuracy: Double?
    public var imagesPerSecond: Double
    public var decisions: [Int]
  }

  /// Samples run in one unit of work; a constant, so that no result depends on the threads.
  static let unit = 8

  /// Runs the source network on every sample.
  public static func analog<P: Phase>(
    _ graph: Graph<P>, _ samples: Samples, labels: [Int]?, threads: Int,
    instruments: Instruments
  ) throws(PackError) -> Analog {
    let network = try DenseNetwork(graph)
    let start = instruments.now()
    let decisions = decisions(
      try outputs(network, samples, threads: threads), count: samples.count)
    let seconds = instruments.now() - start
    return Analog(
      accuracy: labels.map { share(decisions, $0) },
      imagesPerSecond: seconds > 0 ? Double(samples.count) / seconds : 0, decisions: decisions)
  }

  /// What the source network answers to every sample, [samples][classes].
  static func outputs(
    _ network: DenseNetwork, _ samples: Samples, threads: Int
  ) throws(PackError) -> [Float] {
    let units = (samples.count + unit - 1) / unit
    return try parallelUnits(count: units, threads: threads) {
      (index) throws(PackError) -> [Float] in
      let range = index * unit..<min((index + 1) * unit, samples.count)
      return try network.output(try samples.means(range), count: range.count)
    }.flatMap { $0 }
  }

  /// What a program answers to every sample in the unit of its source network, [samples][classes].
  static func outputs(
    _ program: SpikingProgram, _ samples: Samples, threads: Int
  ) throws(PackError) -> [Float] {
    let simulator = try Simulator(program)
    return try parallelUnits(count: samples.count, threads: threads) {
      (index) throws(PackError) -> [Float] in
      let values = try samples.running(program.timesteps).values(index..<index + 1)
      return try simulator.decide(program.encode(values).payloads).scores.map {
        Float(Double($0) * Double(program.readout.unit))
      }
    }.flatMap { $0 }
  }

  /// The class that each of `count` samples has in `outputs`.
  static func decisions(_ outputs: [Float], count: Int) -> [Int] {
    let classes = outputs.count / max(1, count)
    return (0..<count).map { largest(outputs[$0 * classes..<($0 + 1) * classes]) }
  }

  /// Runs a program on every sample.
  ///
  /// - Parameters:
  ///   - coding: what payloads are sent as, and so their price.
  ///   - outputs: what the source network answers, [samples][classes], to measure the distance to.
  public static func spiking(
    _ program: SpikingProgram, coding: PayloadCoding, _ samples: Samples, labels: [Int]?,
    analog: [Int]?,
    outputs: [Float]? = nil, threads: Int, instruments: Instruments
  ) throws(PackError) -> Spiking {
    let simulator = try Simulator(program, coding: coding)
    let start = instruments.now()
    let units = (samples.count + unit - 1) / unit
    let parts = try parallelUnits(count: units, threads: threads) {
      (index) throws(PackError) -> Part in
      let range = index * unit..<min((index + 1) * unit, samples.count)
      let part = try run(simulator, samples, range, outputs)
      instruments.progress("evaluate T=\(program.timesteps)", range.upperBound, samples.count)
      return part
    }
    let seconds = instruments.now() - start
    var total = Part()
    for part in parts { total.add(part) }
    return summary(
      total, program, coding, count: samples.count, labels: labels, analog: analog, seconds: seconds
    )
  }

  /// What one unit of samples gave.
  private struct Part: Sendable {
    var decisions: [Int] = []
    /// Of inputs under an exit rule, the classes of tick T.
    var last: [Int] = []
    var leaving = 0
    var payload = 0
    var spikes = 0
    var neuronTicks = 0
    var events = 0
    var additions = 0
    var multiplications = 0
    var input = 0
    var clipped = 0
    var ticks = 0
    var missed = 0.0
    var power = 0.0

    mutating func add(_ other: Part) {
      missed += other.missed
      power += other.power
      decisions += other.decisions
      last += other.last
      leaving += other.leaving
      payload += other.payload
      spikes += other.spikes
      neuronTicks += other.neuronTicks
      events += other.events
      additions += other.additions
      multiplications += other.multiplications
      input += other.input
      clipped += other.clipped
      ticks += other.ticks
    }
  }

  private static func run(
    _ simulator: Simulator, _ samples: Samples, _ range: Range<Int>, _ outputs: [Float]?
  ) throws(PackError) -> Part {
    let values = try samples.running(simulator.program.timesteps).values(range)
    let size = values.count / range.count
    var part = Part()
    for sample in 0..<range.count {
      let (input, clipped) = simulator.program.encode(
        Array(values[sample * size..<(sample + 1) * size]))
      let outcome = try simulator.decide(input)
      part.ticks += outcome.ticks
      part.decisions.append(outcome.decision)
      if let last = outcome.lastDecision {
        part.last.append(last)
        part.leaving += outcome.ticks < simulator.program.timesteps ? 1 : 0
      }
      part.payload += outcome.payload.reduce(0, +)
      part.spikes += outcome.spikes.reduce(0, +)
      part.neuronTicks += outcome.neuronTicks
      part.events += outcome.events.reduce(0, +)
      part.additions += outcome.effectiveACs
      part.multiplications += outcome.effectiveMACs
      part.input += outcome.inputOperations
      part.clipped += clipped
      guard let outputs else { continue }
      let (unit, count) = (simulator.program.readout.unit, outcome.scores.count)
      let first = (range.lowerBound + sample) * count
      for (score, value) in zip(outcome.scores, outputs[first..<first + count]) {
        let error = Double(score) * Double(unit) - Double(value)
        part.missed += error * error
        part.power += Double(value) * Double(value)
      }
    }
    return part
  }

  private static func summary(
    _ total: Part, _ program: SpikingProgram, _ coding: PayloadCoding, count: Int, labels: [Int]?,
    analog: [Int]?,
    seconds: Double
  ) -> Spiking {
    let samples = Double(max(1, count))
    let neurons = Double(program.firingNeurons)
    let ticks = Double(program.timesteps)
    let (work, taken) = (ProgramWork(program, coding), Double(total.ticks) / samples)
    func perNeuron(_ sum: Int) -> Double { neurons > 0 ? Double(sum) / samples / neurons : 0 }
    return Spiking(
      timesteps: program.timesteps, windowTicks: GatedProgram.windowTicks(of: program),
      schedule: program.schedule.description,
      accuracy: labels.map { share(total.decisions, $0) },
      agreement: analog.map { share(total.decisions, $0) },
      distance: total.power > 0 ? total.missed / total.power : nil,
      spikesPerNeuron: perNeuron(total.events), payloadPerNeuron: perNeuron(total.payload),
      imagesPerSecond: seconds > 0 ? samples / seconds : 0,
      denseOperations: Double(program.denseOperationsPerTick) * ticks,
      effectiveMACs: Double(total.multiplications) / samples,
      effectiveACs: Double(total.additions) / samples,
      activationSparsity: 1 - Double(total.spikes) / Double(max(1, total.neuronTicks)),
      clippedInputs: total.clipped, meanTicks: taken,
      meanLatencyTicks: taken + Double(Clock(program).latency - program.timesteps),
      exit: earlyExit(total, program.readout.exit, labels: labels, analog: analog),
      energy: CostTables.all.map {
        work.estimate($0, ticks: taken, operations(total, work, samples))
      },
      decisions: total.decisions)
  }

  private static func earlyExit(
    _ total: Part, _ rule: ExitRule?, labels: [Int]?, analog: [Int]?
  ) -> ExitEvaluation? {
    guard let rule, !total.last.isEmpty else { return nil }
    let (agreeing, count) = (agreeing(total.decisions, total.last), total.last.count)
    return ExitEvaluation(
      promised: nil, agreement: share(total.decisions, total.last),
      agreementBound: AgreementBound.least(agreeing: agreeing, of: count),
      mostAgreement: AgreementBound.most(agreeing: agreeing, of: count),
      leaving: Double(total.leaving) / Double(total.last.count),
      hasLimits: rule.limits.contains { $0 < ExitRule.never },
      fullAccuracy: labels.map { share(total.last, $0) },
      fullAgreement: analog.map { share(total.last, $0) })
  }

  private static func operations(
    _ total: Part, _ work: ProgramWork, _ samples: Double
  ) -> ProgramWork.Operations {
    let (additions, products) =
      work.addsInput
      ? (total.additions - total.input, total.multiplications)
      : (total.additions, total.multiplications - total.input)
    return ProgramWork.Operations(
      input: Double(total.input) / samples, additions: Double(additions) / samples,
      multiplications: Double(products) / samples)
  }

  private static func share(_ decisions: [Int], _ truth: [Int]) -> Double {
    Double(agreeing(decisions, truth)) / Double(max(1, truth.count))
  }

  private static func agreeing(_ decisions: [Int], _ truth: [Int]) -> Int {
    zip(decisions, truth).count { $0 == $1 }
  }

  private static func largest(_ values: ArraySlice<Float>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }
}
