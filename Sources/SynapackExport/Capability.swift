public import SynapackProgram

/// What a target carries, stated once: `export --list` prints it and every export is held to it.
///
/// The default is everything that a program can say; a target takes away from it.
public struct Capability: Sendable, Hashable {
  /// What reads the files; where it was held against them, with its version.
  public var reader: String
  public var resets: [Reset] = Reset.allCases
  /// The chip, by its id, whose cores and published costs a comparison counts.
  public var chip: String?
  /// The payloads that a neuron can send.
  public var payloads: ClosedRange<Int> = -32_767...32_767
  /// The payloads that the input can send.
  public var inputs: ClosedRange<Int> = -65_535...65_535
  public var schedules: [ScheduleKind] = ScheduleKind.allCases
  /// T.
  public var timesteps: ClosedRange<Int> = 1...SpikingProgram.largestTimesteps
  public var weights: ClosedRange<Int> = -32_767...32_767
  public var thresholds: ClosedRange<Int32> = 1...Int32.max
  public var biases: ClosedRange<Int32> = -Int32.max...Int32.max
  /// How many thresholds a layer can have.
  public var thresholdSharing: ThresholdSharing = .perNeuron
  public var features: [CarriedFeature] = CarriedFeature.allCases
  /// Options of `convert` beside those that follow from the rest, for programs that fit its widths.
  public var conversion: [String: String] = [:]
  /// What is rewritten so that the result is the same machine, in the words of the table.
  public var transformations: [String] = []

  public init(reader: String) {
    self.reader = reader
  }

  public func carries(_ feature: CarriedFeature) -> Bool { features.contains(feature) }
}

/// A schedule without its delay.
public enum ScheduleKind: String, Sendable, Hashable, CaseIterable {
  case wavefront, tick, staggered, accumulate

  public init(_ schedule: Schedule) {
    self =
      switch schedule {
      case .wavefront: .wavefront
      case .tick: .tick
      case .staggered: .staggered
      case .accumulate: .accumulate
      }
  }
}

/// Over what neurons a target shares one threshold.
public enum ThresholdSharing: String, Sendable, Hashable {
  case perNeuron = "per neuron"
  case perLayer = "per layer"
}

/// A part of the machine that a target has or has not.
public enum CarriedFeature: String, Sendable, Hashable, CaseIterable {
  /// v ← v − (v ≫ k).
  case leak
  /// Payloads whose running sum never falls below zero.
  case memory
  /// Membranes that start at another value than zero.
  case start
  /// Neurons that compute operators on running means.
  case compensation
  /// A floor and ceiling of the membrane at the program's own values; without it an export needs a
  /// proof that no membrane gets there.
  case saturation
  /// Sum-pooling, cropping and picking between layers.
  case relays
  /// Several connections into one layer.
  case shortcuts
  /// An early exit, and ticks that the readout leaves out.
  case exit
}
