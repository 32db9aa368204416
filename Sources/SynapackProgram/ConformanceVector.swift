/// One sample run by the reference simulator, tick by tick: the proof that a bundle carries.
public struct ConformanceVector: Sendable, Hashable {
  /// The encoded input payloads, row-major.
  public var input: [Int32]
  /// For each population, a record for every tick from `begins` to `ends` of its clock.
  public var populations: [[TickRecord]]
  /// The scores that the readout gives.
  public var scores: [Int64]

  public init(input: [Int32], populations: [[TickRecord]], scores: [Int64]) {
    self.input = input
    self.populations = populations
    self.scores = scores
  }
}

/// What one population did in one tick.
public struct TickRecord: Sendable, Hashable {
  /// The number of neurons that sent a payload other than zero.
  public var spikes: Int
  /// The sum of the payloads sent.
  public var payload: Int
  /// CRC-32 (ISO 3309) over the membranes after the tick, as little-endian Int32, row-major.
  public var membraneChecksum: UInt32

  public init(spikes: Int, payload: Int, membraneChecksum: UInt32) {
    self.spikes = spikes
    self.payload = payload
    self.membraneChecksum = membraneChecksum
  }
}
