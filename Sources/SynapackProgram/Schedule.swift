/// When a population listens and when it may fire, relative to the populations before it.
public enum Schedule: Sendable, Hashable, CustomStringConvertible {
  /// A spike reaches the next layer in the same tick.
  case wavefront
  /// A spike reaches the next layer one tick later, as on Loihi, TrueNorth and SpiNNaker.
  case tick
  /// A window opens D ticks after the one before it: the layer has heard D + 1 ticks when it
  /// first decides.
  case staggered(Int)
  /// A window opens when the whole input is in.
  case accumulate

  /// Ticks that a spike travels.
  public var travel: Int {
    switch self {
    case .tick: 1
    case .wavefront, .staggered, .accumulate: 0
    }
  }

  /// Ticks between the opening of a window and of the next, where each lasts `timesteps`.
  public func lag(timesteps: Int) -> Int {
    switch self {
    case .wavefront: 0
    case .tick: 1
    case .staggered(let delay): delay
    case .accumulate: timesteps
    }
  }

  /// The name used on the command line, e.g. `staggered:2`.
  public var description: String {
    switch self {
    case .wavefront: "wavefront"
    case .tick: "tick"
    case .staggered(let delay): "staggered:\(delay)"
    case .accumulate: "accumulate"
    }
  }

  /// Reads the name used on the command line.
  public init?(_ text: String) {
    switch text {
    case "wavefront": self = .wavefront
    case "tick": self = .tick
    case "accumulate": self = .accumulate
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "staggered", let delay = Int(parts[1]),
        Schedule.delays.contains(delay)
      else { return nil }
      self = .staggered(delay)
    }
  }

  /// The delays that `staggered:D` takes.
  public static let delays = 0...1024
}
