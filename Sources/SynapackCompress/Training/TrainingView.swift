internal import SynapackSupport
internal import SynapackTensor

/// What a student is shown in one place of a batch.
///
///     x = (1 - λ)·a + λ·b,    λ uniform in [0, ½)
///
/// a is a view of the place's sample, b one of the next place's; λ is 0 for half of the places, and
/// for all where nothing is mixed. The teacher is asked about x itself, so that no mixture is wrong:
/// it shows how the teacher answers between its samples, which matters most where those are few.
/// Labels count as a and b do (Zhang et al., mixup, ICLR 2018, section 2).
struct TrainingView: Sendable {
  var key: TaughtViews.Key
  /// b and λ.
  var other: (key: TaughtViews.Key, weight: Float)?

  /// The input.
  func seen(_ samples: [Float], _ shape: Shape) -> [Float] {
    func values(_ key: TaughtViews.Key) -> [Float] {
      let size = shape.count
      return key.view.applied(
        to: Array(samples[key.sample * size..<(key.sample + 1) * size]), shape)
    }
    guard let other else { return values(key) }
    return zip(values(key), values(other.key)).map { (1 - other.weight) * $0 + other.weight * $1 }
  }

  /// Samples and what each of them counts; together 1.
  var parts: [(sample: Int, weight: Float)] {
    guard let other else { return [(key.sample, 1)] }
    return [(key.sample, 1 - other.weight), (other.key.sample, other.weight)]
  }
}

extension Augmentation {
  /// What is shown of a batch's samples in a step; each place draws for itself.
  func views(of batch: [Int], _ shape: Shape, step: Int, seed: UInt64) -> [TrainingView] {
    let drawn = batch.enumerated().map { place, sample in
      var random = SeededGenerator(seed: seed)
      random = SeededGenerator(seed: random.next() ^ UInt64(step))
      random = SeededGenerator(seed: random.next() ^ UInt64(place))
      let key = TaughtViews.Key(sample: sample, view: view(of: shape, &random))
      return (
        key: key, isMixed: random.next() & 1 == 1, weight: Float.random(in: 0..<0.5, using: &random)
      )
    }
    guard mixes, drawn.count > 1 else { return drawn.map { TrainingView(key: $0.key) } }
    return drawn.enumerated().map { place, own in
      let next = drawn[(place + 1) % drawn.count].key
      return TrainingView(key: own.key, other: own.isMixed ? (next, own.weight) : nil)
    }
  }
}
