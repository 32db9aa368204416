internal import SynapackTensor

/// Real values of a population, one a channel or one a neuron, on their way to integers.
struct Parameters: Sendable {
  /// The values with the rounding of passed amplitudes applied.
  private let values: [Float]
  private let channels: Int

  init(_ values: [Float], _ shape: Shape, _ ratio: [Float]) {
    channels = shape.planes?.channels ?? 1
    let row = max(1, values.count / max(1, channels))
    self.values = values.indices.map { values[$0] * ratio[$0 / row, default: 1] }
  }

  private func channel(_ index: Int) -> Int { index * channels / max(1, values.count) }

  /// The values in membrane units, rounded and held in `range`.
  func quantized(_ units: [Float], _ range: ClosedRange<Int32>) -> [Int32] {
    values.indices.map { index in
      IntegerLevel.nearest(values[index], unit: units[channel(index)], in: range)
    }
  }

  /// The values in membrane units, not rounded.
  func steps(_ units: [Float]) -> [Float] {
    values.indices.map { values[$0] / units[channel($0)] }
  }

  /// The largest value of every channel.
  func largest(_ count: Int) -> [Float] {
    var largest = Array(repeating: Float(0), count: count)
    for index in values.indices {
      largest[channel(index)] = max(largest[channel(index)], values[index])
    }
    return largest
  }

  /// The first value of every channel.
  func perChannel(_ count: Int) -> [Float] {
    (0..<count).map { values[$0 * values.count / max(1, count)] }
  }

  /// What a payload stands for once its threshold has been rounded, a channel.
  func following(_ thresholds: [Int32], _ theta: Parameters, _ units: [Float]) -> [Float] {
    (0..<channels).map { channel in
      let index = channel * theta.values.count / max(1, channels)
      let real = Float(thresholds[index]) * units[channel]
      let asked = theta.values[index]
      let own = values[channel * values.count / max(1, channels)]
      return asked > 0 ? own * (real / asked) : own
    }
  }
}
