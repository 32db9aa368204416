public import SynapackTensor

/// Where the sample enters: its shape, and how its numbers become payloads.
public struct InputPort: Sendable, Hashable {
  public var name: String
  public var shape: Shape
  public var encoding: InputEncoding
  /// The ticks, from the first, in which payloads are injected; `nil` for all T.
  public var ticks: Int?

  public init(name: String, shape: Shape, encoding: InputEncoding, ticks: Int? = nil) {
    self.name = name
    self.shape = shape
    self.encoding = encoding
    self.ticks = ticks
  }
}

/// How a sample's numbers become payloads.
public enum InputEncoding: Sendable, Hashable {
  /// The same payload in each of the T ticks, round(x / scale) limited to the width: the current
  /// that a host injects.
  case constantCurrent(bits: Int, signed: Bool, scale: Float)
  /// In each tick a payload of the sign of x with the probability |x| / scale, else none.
  ///
  /// Whether neuron i fires in tick t depends on the seed, t, i and x alone: a sample has the same
  /// spikes wherever it stands among others.
  case poisson(signed: Bool, scale: Float, seed: UInt64)
  /// The sample is T frames of recorded events; in tick t the payload is round(x(t) / scale),
  /// limited to the width.
  case events(bits: Int, signed: Bool, scale: Float)

  /// What a payload of 1 in every tick stands for.
  public var scale: Float {
    switch self {
    case .constantCurrent(_, _, let scale), .poisson(_, let scale, _), .events(_, _, let scale):
      scale
    }
  }

  /// Whether each tick has payloads of its own.
  public var varies: Bool {
    switch self {
    case .constantCurrent: false
    case .poisson, .events: true
    }
  }

  public var payloads: ClosedRange<Int> {
    switch self {
    case .constantCurrent(let bits, let signed, _), .events(let bits, let signed, _):
      let width = min(max(bits, 1), 16)
      return signed ? -((1 << (width - 1)) - 1)...((1 << (width - 1)) - 1) : 0...((1 << width) - 1)
    case .poisson(let signed, _, _): return signed ? -1...1 : 0...1
    }
  }

  /// The payloads of one sample, and the count of values that had to be limited.
  ///
  /// - Parameters:
  ///   - values: one for each neuron of the input; for events T times as many, tick after tick.
  ///   - ticks: T.
  /// - Returns: as many payloads as values; for a Poisson input T times as many, tick after tick.
  public func encode(_ values: [Float], ticks: Int) -> (payloads: [Int32], clipped: Int) {
    switch self {
    case .constantCurrent(_, _, let scale), .events(_, _, let scale):
      levels(values, scale)
    case .poisson(let signed, let scale, let seed):
      PoissonSource(isSigned: signed, scale: scale, seed: seed).spikes(values, ticks: ticks)
    }
  }

  private func levels(_ values: [Float], _ scale: Float) -> (payloads: [Int32], clipped: Int) {
    let lower = Float(payloads.lowerBound)
    let upper = Float(payloads.upperBound)
    var clipped = 0
    let encoded = values.map { value in
      let level = (value / scale).rounded(.toNearestOrEven)
      // A value that is no number has no level; importers of data refuse it before this point.
      guard !level.isNaN else { return Int32(0) }
      if level < lower || level > upper { clipped += 1 }
      return Int32(min(max(level, lower), upper))
    }
    return (encoded, clipped)
  }
}

extension SpikingProgram {
  /// The ticks in which the input has payloads.
  public var inputTicks: Int { input.ticks ?? timesteps }

  /// The payloads that one sample has in all: one for each neuron of the input, or for each of
  /// them and each tick.
  public var inputPayloads: Int {
    input.encoding.varies ? input.shape.count * inputTicks : input.shape.count
  }

  /// The values that one sample has before it is encoded.
  public var inputValues: Int {
    switch input.encoding {
    case .constantCurrent, .poisson: input.shape.count
    case .events: input.shape.count * inputTicks
    }
  }

  /// The payloads of one sample, and the count of values that had to be limited.
  public func encode(_ values: [Float]) -> (payloads: [Int32], clipped: Int) {
    input.encoding.encode(values, ticks: inputTicks)
  }
}
