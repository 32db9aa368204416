public import SynapackTensor

/// Where the sample enters: its shape, and how its numbers become payloads.
public struct InputPort: Sendable, Hashable {
  public var name: String
  public var shape: Shape
  public var encoding: InputEncoding

  public init(name: String, shape: Shape, encoding: InputEncoding) {
    self.name = name
    self.shape = shape
    self.encoding = encoding
  }
}

/// How a sample's numbers become payloads.
public enum InputEncoding: Sendable, Hashable {
  /// The same payload in each of the T ticks, round(x / scale) limited to the width: the current
  /// that a host injects.
  case constantCurrent(bits: Int, signed: Bool, scale: Float)

  public var payloads: ClosedRange<Int> {
    switch self {
    case .constantCurrent(let bits, let signed, _):
      let width = min(max(bits, 1), 16)
      return signed ? -((1 << (width - 1)) - 1)...((1 << (width - 1)) - 1) : 0...((1 << width) - 1)
    }
  }

  /// The payloads of one sample; the count of values that had to be limited comes with them.
  public func encode(_ values: [Float]) -> (payloads: [Int32], clipped: Int) {
    switch self {
    case .constantCurrent(_, _, let scale):
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
}
