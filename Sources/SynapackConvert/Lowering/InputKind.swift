public import SynapackProgram
public import SynapackSupport

/// What drives the input of a program.
public enum InputKind: String, Sendable, Hashable, CaseIterable {
  /// The same payload in every tick.
  case current
  /// Spikes drawn at random in proportion to the value.
  case poisson
  /// Recorded frames of events, one a tick.
  case events

  /// The encoding for inputs whose values lie in `range`.
  ///
  /// Events count things: where all values are whole multiples of the smallest one that is not
  /// zero, a payload stands for that, and the counts arrive as they were recorded.
  ///
  /// - Parameter values: what is to be encoded, for events frame after frame.
  /// - Throws: `SYN0014` where the values are too large or too small to be encoded.
  public func encoding(
    of values: [Float], bits: Int, seed: UInt64
  ) throws(PackError) -> InputEncoding {
    let first = values.first ?? 0
    let range = values.reduce(first...first) { min($0.lowerBound, $1)...max($0.upperBound, $1) }
    let signed = range.lowerBound < 0
    let most = max(range.upperBound, -range.lowerBound)
    let steps = Float(signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1)
    let scale: Float =
      switch self {
      case .current: most > 0 ? most / steps : 1
      case .poisson: most > 0 ? most : 1
      case .events: InputKind.unit(values, steps: steps) ?? (most > 0 ? most / steps : 1)
      }
    guard scale.isNormal else {
      throw PackError(
        .notFinite, "the inputs reach \(most), too little or too much to be encoded",
        hint: "check --preprocess against how the model was trained")
    }
    return switch self {
    case .current: .constantCurrent(bits: bits, signed: signed, scale: scale)
    case .poisson: .poisson(signed: signed, scale: scale, seed: seed)
    case .events: .events(bits: bits, signed: signed, scale: scale)
    }
  }

  /// The smallest magnitude, where all others are up to `steps` whole multiples of it.
  private static func unit(_ values: [Float], steps: Float) -> Float? {
    guard let least = values.lazy.filter({ $0 != 0 }).map(\.magnitude).min() else { return nil }
    let isWhole = values.allSatisfy { value in
      let count = value / least
      return count.magnitude <= steps && abs(count - count.rounded()) < 1e-3
    }
    return isWhole ? least : nil
  }
}
