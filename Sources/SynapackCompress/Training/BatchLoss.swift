internal import SynapackSupport

/// Loss and gradients of some samples, summed.
struct BatchLoss: Sendable {
  var loss = 0.0
  var agreed = 0
  var weights: [String: [Float]] = [:]
  /// What the teacher was asked for the first time.
  var answers: [(TaughtViews.Key, [Float])] = []

  /// In the order of the units.
  static func sum(_ parts: [BatchLoss]) -> BatchLoss {
    var whole = BatchLoss()
    for part in parts {
      whole.loss += part.loss
      whole.agreed += part.agreed
      whole.answers += part.answers
      for (name, values) in part.weights {
        guard var sum = whole.weights[name] else {
          whole.weights[name] = values
          continue
        }
        whole.weights[name] = nil
        for index in sum.indices { sum[index] += values[index] }
        whole.weights[name] = sum
      }
    }
    return whole
  }
}

/// Samples that one thread takes at a time; sums follow them, so their number is fixed.
enum BatchUnits {
  static let size = 8
  static func count(_ samples: Int) -> Int { (samples + size - 1) / size }
  static func range(_ unit: Int, _ samples: Int) -> Range<Int> {
    unit * size..<min(samples, (unit + 1) * size)
  }
}

/// The order of the samples, shuffled anew for each epoch from the seed and its number alone.
struct BatchOrder: Sendable {
  private var epoch = -1
  private var samples: [Int] = []

  /// The samples of a step; the rest of an epoch that fills no batch waits for the next shuffle.
  mutating func batch(_ step: Int, of count: Int, _ options: TrainerOptions) -> [Int] {
    let size = min(options.batch, count)
    let batches = count / size
    if epoch != step / batches || samples.count != count {
      epoch = step / batches
      var random = SeededGenerator(seed: options.seed)
      random = SeededGenerator(seed: random.next() ^ UInt64(epoch))
      samples = Array(0..<count).shuffled(using: &random)
    }
    let start = step % batches * size
    return Array(samples[start..<start + size])
  }
}
