internal import SynapackDense
public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Trains a student to answer as its teacher does, step by step.
///
///     min over the parameters:  Σ_n L(student(x_n), teacher(x_n)) + labels + features + operations
///
/// L and its companions stand at ``DistillationLoss``, the price of operations at
/// ``OperationPrice``, the update at ``Adam``. The caller decides
/// how long to go on and keeps the time: a step is a function of the state and the inputs alone,
/// whatever the number of threads.
public struct Trainer<P: Phase>: Sendable {
  /// Makes an observer of the student as it is in a step.
  public typealias Observing = @Sendable (Graph<P>) throws(PackError) -> any StudentObserver<P>

  let teacher: TeacherAnswers
  let student: Student<P>
  let inputShape: Shape
  let classes: Int
  let samples: [Float]
  let labels: [Int]
  let features: [SizedFeature]
  let price: OperationPrice
  let options: TrainerOptions
  private let observing: Observing?
  private let run: UInt64
  private var state: TrainerState
  private var order = BatchOrder()
  var taught = TaughtViews()

  /// - Parameters:
  ///   - samples: inputs of both networks, one after the other.
  ///   - labels: the class of each sample; empty where they are not known.
  ///   - priced: wires of the student whose rates cost something.
  ///   - observing: gives what the student's wires carry where that is not what its graph computes.
  /// - Throws: `SYN0012` where samples, labels or features do not fit, `SYN0210` and `SYN0211` as
  ///   trained tensors do not fit the student.
  public init(
    teacher: Teacher, student: Graph<P>, training tensors: [TrainedTensor],
    samples: [Float], labels: [Int] = [], features: [Feature] = [],
    priced: [PricedWire] = [], options: TrainerOptions, observing: Observing? = nil
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
    price = try Trainer.price(
      priced, student, try observing?(student), samples: samples, options)
    self.options = options
    self.observing = observing
    let start = try self.student.parameters()
    run = Trainer.run(
      [try student.canonicalDigest(), asked.identity], start, samples, labels, features, options)
    state = TrainerState(adam: Adam(start))
  }

  /// The price of operations, by those of the student as it is on some of the samples.
  private static func price(
    _ priced: [PricedWire], _ student: Graph<P>, _ observer: (any StudentObserver<P>)?,
    samples: [Float], _ options: TrainerOptions
  ) throws(PackError) -> OperationPrice {
    guard options.operationWeight != 0, !priced.isEmpty else { return .none }
    let size = max(1, student.shape(of: student.inputs[0]).count)
    let count = min(SizedFeature.measured, samples.count / size)
    let inputs = Array(samples[..<(count * size)])
    let values = try Trainer.values(
      of: Set(priced.map(\.wire)), DenseNetwork(student), observer, inputs, count: count)
    return try OperationPrice(
      priced, weight: options.operationWeight, values: values, count: count)
  }

  /// What wires of the student carry, as it is observed where it is.
  private static func values(
    of wires: Set<WireID>, _ network: DenseNetwork, _ observer: (any StudentObserver<P>)?,
    _ inputs: [Float], count: Int
  ) throws(PackError) -> [WireID: [Float]] {
    if let observer { return try observer.observe(inputs, count: count).given }
    return try network.run(inputs, count: count, keeping: wires)
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

  /// The student or mean that did best in a check; the student as it is now where there was none.
  public func bestGraph() throws(PackError) -> Graph<P> {
    try student.graph(state.best.isEmpty ? state.adam.parameters : state.best)
  }

  /// One update on the next batch.
  ///
  /// - Throws: `SYN0804` where the gradients are not finite; the parameters stay as they were.
  public mutating func step() throws(PackError) -> TrainingProgress {
    let step = state.adam.updates
    let batch = options.augmentation.views(
      of: order.batch(step, of: samples.count / inputShape.count, options), inputShape, step: step,
      seed: options.seed)
    let graph = try student.graph(state.adam.parameters)
    let network = try DenseGradients(graph, weights: student.names, inputs: false)
    let observer = try observing?(graph)
    let parts = try parts(network, observer, batch, features: options.share(at: step))
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
    state.average(keeping: options.averaging)
    return TrainingProgress(
      step: step + 1, loss: whole.loss / Double(batch.count),
      agreement: Double(whole.agreed) / Double(batch.count), norm: norm)
  }

  /// Compares the student and that of the mean parameters with their teacher on samples of their own,
  /// and keeps the better one where its loss is the least so far.
  ///
  /// On a coarse grid the mean may be rounded to what no step ever saw; elsewhere it is mostly better.
  public mutating func check(on held: [Float]) throws(PackError) -> TrainingProgress {
    let candidates =
      [state.adam.parameters] + (options.averaging > 0 && steps > 0 ? [state.average] : [])
    let all = try compared(candidates, on: held)
    var (kept, seen) = (candidates[0], all[0])
    for (other, progress) in zip(candidates, all) where progress.loss < seen.loss {
      (kept, seen) = (other, progress)
    }
    if state.firstLoss == .infinity { state.firstLoss = seen.loss }
    if seen.loss < state.bestLoss {
      state.bestLoss = seen.loss
      state.best = kept
    }
    return seen
  }

  /// The losses of the students that parameters stand for, on inputs about which the teacher is asked
  /// once.
  private func compared(
    _ candidates: [[[Float]]], on held: [Float]
  ) throws(PackError) -> [TrainingProgress] {
    let size = inputShape.count
    let count = held.count / size
    guard count > 0, held.count == count * size else {
      throw Trainer.mismatch("\(held.count) values to check on")
    }
    let output = student.graph.outputs[0]
    let students = try candidates.map { (parameters) throws(PackError) in
      let graph = try student.graph(parameters)
      return (network: try DenseNetwork(graph), observer: try observing?(graph))
    }
    let parts = try parallelUnits(count: BatchUnits.count(count), threads: options.threads) {
      (unit) throws(PackError) -> [BatchLoss] in
      let range = BatchUnits.range(unit, count)
      let inputs = Array(held[range.lowerBound * size..<range.upperBound * size])
      let wanted = try teacher.answers(inputs, count: range.count).scores
      return try students.map { (candidate) throws(PackError) in
        let own = try Trainer.values(
          of: price.names.union([output]), candidate.network, candidate.observer, inputs,
          count: range.count)
        var part = compared(own[output] ?? [], wanted, [], of: range.count).part
        part.loss += price.loss(own, count: range.count).loss
        return part
      }
    }
    return candidates.indices.map { index in
      let whole = BatchLoss.sum(parts.map { $0[index] })
      return TrainingProgress(
        step: steps, loss: whole.loss / Double(count),
        agreement: Double(whole.agreed) / Double(count), norm: 0)
    }
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
      views.shift, views.mixes ? 1 : 0, labels.count, features.count, options.warmUp,
    ]
    for number in numbers + labels { builder.add(number) }
    for feature in features {
      for number in [feature.teacher.index, feature.student.index] + feature.channels {
        builder.add(number)
      }
    }
    let reals = [
      options.rate, options.largestNorm, options.temperature, options.labelWeight,
      options.featureWeight, options.operationWeight, options.averaging,
    ]
    for values in [reals, samples] + features.map(\.worth) + start {
      builder.add(values.count)
      unsafe builder.add(values.span.bytes)
    }
    return builder.digest().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
