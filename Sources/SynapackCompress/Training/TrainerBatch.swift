internal import SynapackDense
internal import SynapackGraph
internal import SynapackSupport

/// One unit of a batch: what it loses, and which way.
extension Trainer {
  /// Every copy of the trainer is gone when it returns, so that what it remembers grows in place.
  func parts(
    _ network: DenseGradients, _ observer: (any StudentObserver<P>)?, _ batch: [TrainingView],
    features share: Double
  ) throws(PackError) -> [BatchLoss] {
    try parallelUnits(
      count: BatchUnits.count(batch.count), threads: options.threads
    ) { (unit) throws(PackError) in
      try part(
        network, observer, batch[BatchUnits.range(unit, batch.count)], of: batch.count,
        features: share)
    }
  }

  private func part(
    _ network: DenseGradients, _ observer: (any StudentObserver<P>)?,
    _ batch: ArraySlice<TrainingView>, of count: Int, features share: Double
  ) throws(PackError) -> BatchLoss {
    let seen = batch.map { $0.seen(samples, inputShape) }
    let inputs = Array(seen.joined())
    let observed = try observer?.observe(inputs, count: batch.count) ?? Observation()
    let pass = try network.forward(
      inputs: [inputs], count: batch.count, given: observed.given, unread: observed.unread)
    let wanted = try answers(to: seen, batch)
    let output = student.graph.outputs[0]
    var (part, gradient) = compared(
      pass[output], wanted.scores, batch.map(\.parts), of: count)
    part.answers = wanted.new
    var losses: [WireID: [Float]] = [output: gradient]
    func add(_ slope: [Float], to wire: WireID, share: Double = 1) {
      let scale = Float(share) / Float(count)
      guard let sum = losses[wire] else {
        losses[wire] = slope.map { $0 * scale }
        return
      }
      losses[wire] = zip(sum, slope).map { $0 + $1 * scale }
    }
    for feature in features {
      let pair = feature.feature
      let (loss, slope) = feature.loss(
        pass[pair.student], wanted.features[pair.teacher] ?? [], count: batch.count)
      part.loss += share * loss
      add(slope, to: pair.student, share: share)
    }
    let operations = price.loss(
      Dictionary(uniqueKeysWithValues: price.names.map { ($0, pass[$0]) }), count: batch.count)
    part.loss += operations.loss
    for (wire, slope) in operations.gradients { add(slope, to: wire) }
    part.weights = try network.backward(pass, from: losses).weights
    return part
  }

  private typealias Answers = (
    scores: [Float], features: [WireID: [Float]], new: [(TaughtViews.Key, [Float])]
  )

  /// What the teacher says about views, and of that what nobody remembers.
  private func answers(
    to seen: [[Float]], _ batch: ArraySlice<TrainingView>
  ) throws(PackError) -> Answers {
    var result: Answers = ([], [:], [])
    let wires = Set(features.map(\.feature.teacher))
    for (view, values) in zip(batch, seen) {
      if view.other == nil, let known = taught[view.key] {
        result.scores += known
        continue
      }
      let answer = try teacher.answers(values, count: 1, features: wires)
      result.scores += answer.scores
      for wire in wires { result.features[wire, default: []] += answer.features[wire] ?? [] }
      // Features are too large to be remembered, scores alone would not do, and no mixture comes back.
      if wires.isEmpty, view.other == nil { result.new.append((view.key, answer.scores)) }
    }
    return result
  }

  /// The loss of some samples, and its derivatives divided by the batch's `count`.
  ///
  /// - Parameter batch: the samples that each is made of, by which labels are found, and what they
  ///   count; empty where labels do not count.
  func compared(
    _ student: [Float], _ teacher: [Float], _ batch: [[(sample: Int, weight: Float)]], of count: Int
  ) -> (part: BatchLoss, gradient: [Float]) {
    var part = BatchLoss()
    var gradient: [Float] = []
    for (sample, start) in stride(from: 0, to: student.count, by: classes).enumerated() {
      let (own, goal) = (
        student[start..<start + classes], teacher[start..<start + classes]
      )
      var (loss, slope) = DistillationLoss.logits(own, goal, temperature: options.temperature)
      if !labels.isEmpty, batch.indices.contains(sample) {
        for part in batch[sample] {
          let label = DistillationLoss.label(own, labels[part.sample])
          let weight = options.labelWeight * part.weight
          loss += Double(weight) * label.loss
          for index in slope.indices { slope[index] += weight * label.gradient[index] }
        }
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
