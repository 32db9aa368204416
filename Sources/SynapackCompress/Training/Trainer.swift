internal import SynapackDense
public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Trains a student to answer as its teacher does, step by step.
///
///     min over the parameters:  Σ_n L(student(x_n), teacher(x_n)) + labels + features
///
/// L and its companions stand at ``DistillationLoss``, the update at ``Adam``. The caller decides
/// how long to go on and keeps the time: a step is a function of the state and the inputs alone,
/// whatever the number of threads.
public struct Trainer<P: Phase>: Sendable {
  /// Makes an observer of the student as it is in a step.
  public typealias Observing = @Sendable (Graph<P>) throws(PackError) -> any StudentObserver<P>

  private let teacher: TeacherAnswers
  private let student: Student<P>
  private let inputShape: Shape
  private let classes: Int
  private let samples: [Float]
  private let labels: [Int]
  private let features: [SizedFeature]
  private let options: TrainerOptions
  private let observing: Observing?
  private let run: UInt64
  private var state: TrainerState
  private var order = BatchOrder()
  private var taught = TaughtViews()

  /// - Parameters:
  ///   - samples: inputs of both networks, one after the other.
  ///   - labels: the class of each sample; empty where they are not known.
  ///   - observing: gives what the student's wires carry where that is not what its graph computes.
  /// - Throws: `SYN0012` where samples, labels or features do not fit, `SYN0210` and `SYN0211` as
  ///   trained tensors do not fit the student.
  public init(
    teacher: Teacher, student: Graph<P>, training tensors: [TrainedTensor],
    samples: [Float], labels: [Int] = [], features: [Feature] = [], options: TrainerOptions,
    observing: Observing? = nil
  ) throws(PackError) {
    let asked = try TeacherAnswers(teacher)
    guard let input = student.inputs.first, let output = student.outputs.first,
      student.inputs.count == 1, asked.inputShape == student.shape(of: input),
      asked.classes == student.shape(of: output).count
    else { throw Trainer.mismatch("teacher and student take or give different shapes") }
    inputShape = student.shape(of: input)
    classes = student.shape(of: output).count
    let count = samples.count / max(1, inputShape.count)
    guard inputShape.count > 0, count > 0, samples.count == count * inputShape.count,
      labels.isEmpty || labels.count == count, options.batch > 0, options.steps > 0
    else { throw Trainer.mismatch("\(samples.count) values, \(labels.count) labels") }
    self.teacher = asked
    self.student = try Student(student, tensors)
    self.samples = samples
    self.labels = labels
    self.features = try SizedFeature.sized(
      features, asked, student, samples: samples, weight: options.featureWeight)
    self.options = options
    self.observing = observing
    let start = try self.student.parameters()
    run = Trainer.run(
      [try student.canonicalDigest(), asked.identity], start, samples, labels, features, options)
    state = TrainerState(adam: Adam(start))
  }

  private static func mismatch(_ message: String) -> PackError {
    PackError(
      .wrongDataShape, message,
      hint: "train a student of the teacher's shapes on samples of its input's shape")
  }

  /// The number of steps done.
  public var steps: Int { state.adam.updates }

  /// The loss in the first check; infinite before it.
  public var firstLoss: Double { state.firstLoss }

  /// The least loss in a check; infinite before one.
  public var bestLoss: Double { state.bestLoss }

  /// The student as it is now.
  public func graph() throws(PackError) -> Graph<P> { try student.graph(state.adam.parameters) }

  /// The student that did best in a check; as it is now where there was none.
  public func bestGraph() throws(PackError) -> Graph<P> {
    try student.graph(state.best.isEmpty ? state.adam.parameters : state.best)
  }

  /// One update on the next batch.
  ///
  /// - Throws: `SYN0804` where the gradients are not finite; the parameters stay as they were.
  public mutating func step() throws(PackError) -> TrainingProgress {
    let step = state.adam.updates
    let batch = views(of: order.batch(step, of: samples.count / inputShape.count, options), step)
    let graph = try student.graph(state.adam.parameters)
    let network = try DenseGradients(graph, weights: student.names, inputs: false)
    let observer = try observing?(graph)
    let parts = try parts(network, observer, batch)
    let whole = BatchLoss.sum(parts)
    for (key, answer) in whole.answers { taught.add(key, answer) }
    let gradients = student.gradients(from: whole.weights)
    var adam = state.adam
    let norm = adam.update(
      gradients, rate: options.rate(at: step), largestNorm: options.largestNorm)
    guard norm.isFinite, whole.loss.isFinite else {
      throw PackError(
        .trainingDiverged, "the loss of step \(step + 1) is \(whole.loss), its gradients \(norm)",
        hint: "lower the learning rate")
    }
    student.hold(&adam.parameters)
    state.adam = adam
    return TrainingProgress(
      step: step + 1, loss: whole.loss / Double(batch.count),
      agreement: Double(whole.agreed) / Double(batch.count), norm: norm)
  }

  /// Compares the student with its teacher on samples of their own, and keeps it where its loss is
  /// the least so far.
  public mutating func check(on held: [Float]) throws(PackError) -> TrainingProgress {
    let count = held.count / inputShape.count
    guard count > 0, held.count == count * inputShape.count else {
      throw Trainer.mismatch("\(held.count) values to check on")
    }
    let graph = try student.graph(state.adam.parameters)
    let (network, observer) = (try DenseNetwork(graph), try observing?(graph))
    let output = graph.outputs[0]
    let current = self
    let parts = try parallelUnits(count: BatchUnits.count(count), threads: options.threads) {
      (unit) throws(PackError) in
      let range = BatchUnits.range(unit, count)
      let size = current.inputShape.count
      let inputs = Array(held[range.lowerBound * size..<range.upperBound * size])
      let wanted = try current.teacher.answers(inputs, count: range.count).scores
      let own: [Float]
      if let observer {
        own = try observer.observe(inputs, count: range.count).given[output] ?? []
      } else {
        own = try network.output(inputs, count: range.count)
      }
      return current.compared(own, wanted, [], of: range.count).part
    }
    let whole = BatchLoss.sum(parts)
    let loss = whole.loss / Double(count)
    if state.firstLoss == .infinity { state.firstLoss = loss }
    if loss < state.bestLoss {
      state.bestLoss = loss
      state.best = state.adam.parameters
    }
    return TrainingProgress(
      step: steps, loss: loss, agreement: Double(whole.agreed) / Double(count), norm: 0)
  }

  /// The state as bytes, from which ``resume(_:)`` goes on to the same bits.
  public func encoded() -> [UInt8] { state.encoded(run: run) }

  /// Takes up the state of another trainer that was made of the same inputs.
  ///
  /// - Throws: `SYN0803` where the bytes are damaged or belong to another run.
  public mutating func resume(_ bytes: [UInt8]) throws(PackError) {
    state = try TrainerState(bytes, like: state, run: run)
  }

  /// A number that differs where anything does that a step depends on.
  private static func run(
    _ networks: [Digest], _ start: [[Float]], _ samples: [Float], _ labels: [Int],
    _ features: [Feature], _ options: TrainerOptions
  ) -> UInt64 {
    var builder = DigestBuilder()
    for network in networks { builder.add(network.bytes) }
    let views = options.augmentation
    let numbers = [
      options.steps, options.batch, Int(truncatingIfNeeded: options.seed), views.flips ? 1 : 0,
      views.shift, labels.count, features.count,
    ]
    for number in numbers + labels { builder.add(number) }
    for feature in features {
      for number in [feature.teacher.index, feature.student.index] + feature.channels {
        builder.add(number)
      }
    }
    let reals = [
      options.rate, options.largestNorm, options.temperature, options.labelWeight,
      options.featureWeight,
    ]
    for values in [reals, samples] + features.map(\.worth) + start {
      builder.add(values.count)
      unsafe builder.add(values.span.bytes)
    }
    return builder.digest().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

// MARK: - One unit of a batch

extension Trainer {
  private func views(of batch: [Int], _ step: Int) -> [TaughtViews.Key] {
    batch.enumerated().map { place, sample in
      var random = SeededGenerator(seed: options.seed)
      random = SeededGenerator(seed: random.next() ^ UInt64(step))
      random = SeededGenerator(seed: random.next() ^ UInt64(place))
      return TaughtViews.Key(
        sample: sample, view: options.augmentation.view(of: inputShape, &random))
    }
  }

  /// Every copy of the trainer is gone when it returns, so that what it remembers grows in place.
  private func parts(
    _ network: DenseGradients, _ observer: (any StudentObserver<P>)?, _ batch: [TaughtViews.Key]
  ) throws(PackError) -> [BatchLoss] {
    try parallelUnits(
      count: BatchUnits.count(batch.count), threads: options.threads
    ) { (unit) throws(PackError) in
      try part(network, observer, batch[BatchUnits.range(unit, batch.count)], of: batch.count)
    }
  }

  private func part(
    _ network: DenseGradients, _ observer: (any StudentObserver<P>)?,
    _ batch: ArraySlice<TaughtViews.Key>, of count: Int
  ) throws(PackError) -> BatchLoss {
    let size = inputShape.count
    let seen = batch.map { key in
      key.view.applied(to: Array(samples[key.sample * size..<(key.sample + 1) * size]), inputShape)
    }
    let inputs = Array(seen.joined())
    let observed = try observer?.observe(inputs, count: batch.count) ?? Observation()
    let pass = try network.forward(
      inputs: [inputs], count: batch.count, given: observed.given, unread: observed.unread)
    let wanted = try answers(to: seen, batch)
    let output = student.graph.outputs[0]
    var (part, gradient) = compared(
      pass[output], wanted.scores, batch.map(\.sample), of: count)
    part.answers = wanted.new
    var losses: [WireID: [Float]] = [output: gradient]
    for feature in features {
      let pair = feature.feature
      let (loss, slope) = feature.loss(
        pass[pair.student], wanted.features[pair.teacher] ?? [], count: batch.count)
      part.loss += loss
      let scale = 1 / Float(count)
      guard let sum = losses[pair.student] else {
        losses[pair.student] = slope.map { $0 * scale }
        continue
      }
      losses[pair.student] = zip(sum, slope).map { $0 + $1 * scale }
    }
    part.weights = try network.backward(pass, from: losses).weights
    return part
  }

  private typealias Answers = (
    scores: [Float], features: [WireID: [Float]], new: [(TaughtViews.Key, [Float])]
  )

  /// What the teacher says about views, and of that what nobody remembers.
  private func answers(
    to seen: [[Float]], _ batch: ArraySlice<TaughtViews.Key>
  ) throws(PackError) -> Answers {
    var result: Answers = ([], [:], [])
    let wires = Set(features.map(\.feature.teacher))
    for (key, values) in zip(batch, seen) {
      if let known = taught[key] {
        result.scores += known
        continue
      }
      let answer = try teacher.answers(values, count: 1, features: wires)
      result.scores += answer.scores
      for wire in wires { result.features[wire, default: []] += answer.features[wire] ?? [] }
      // Features are too large to be remembered, and scores alone would not do.
      if wires.isEmpty { result.new.append((key, answer.scores)) }
    }
    return result
  }

  /// The loss of some samples, and its derivatives divided by the batch's `count`.
  ///
  /// - Parameter batch: the places of the samples, by which their labels are found; empty where
  ///   labels do not count.
  private func compared(
    _ student: [Float], _ teacher: [Float], _ batch: [Int], of count: Int
  ) -> (part: BatchLoss, gradient: [Float]) {
    var part = BatchLoss()
    var gradient: [Float] = []
    for (sample, start) in stride(from: 0, to: student.count, by: classes).enumerated() {
      let (own, goal) = (
        student[start..<start + classes], teacher[start..<start + classes]
      )
      var (loss, slope) = DistillationLoss.logits(own, goal, temperature: options.temperature)
      if !labels.isEmpty, batch.indices.contains(sample) {
        let label = DistillationLoss.label(own, labels[batch[sample]])
        loss += Double(options.labelWeight) * label.loss
        for index in slope.indices { slope[index] += options.labelWeight * label.gradient[index] }
      }
      part.loss += loss
      part.agreed += decision(own) == decision(goal) ? 1 : 0
      gradient += slope.map { $0 / Float(count) }
    }
    return (part, gradient)
  }

  /// The place of the largest value, of several the first.
  private func decision(_ values: ArraySlice<Float>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }
}
