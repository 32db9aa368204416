public import SynapackGraph
public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// The weights of a source network in the layout of its programs, so wide that their rounding counts
/// for nothing.
public struct SourceWeights: Sendable {
  private let program: SpikingProgram
  private let layers: [LoweredLayer]

  /// Lowers the network once more, without any fit and in the widest integers; its thresholds are of
  /// no interest.
  ///
  /// - Parameters:
  ///   - graph: to which every rule has been applied.
  ///   - other: the program whose neurons and input the layout is for.
  ///   - samples: [N][input], of which the thresholds are made.
  /// - Throws: what a conversion throws.
  public init(
    _ graph: Graph<Analog>, _ plan: SpikingPlan, layoutOf other: SpikingProgram, samples: [Float],
    threads: Int
  ) throws(PackError) {
    let ranges = other.populations.filter { $0.resets != nil }.map(\.payloads)
    let options = ConversionOptions(
      timesteps: other.timesteps,
      payloads: (ranges.map(\.lowerBound).min() ?? 0)...(ranges.map(\.upperBound).max() ?? 1),
      method: Maximum.id, weightBits: 16, biasBits: 32, membraneBits: 32)
    var unused = Report()
    let calibration = try Calibration(
      graph, sites: plan.sites, samples: samples, threads: threads)
    let balance = try Balance(plan.sites, calibration, options, threads: threads, &unused)
    let spiking = try SpikingConversion.convert(
      graph, plan: plan, balance: balance, options: options, &unused)
    let lowered = try ProgramLowering.lower(
      spiking, input: other.input.encoding, options: options, &unused)
    (program, layers) = (lowered.program, lowered.layers)
  }

  /// What drives one population of another program, in the unit of the source network a payload of
  /// this one's; `nil` where the layouts differ, as where channels were removed.
  func connections(
    of index: Int, in other: SpikingProgram, like connections: [FloatConnection]
  ) -> [FloatConnection]? {
    guard program.populations.count == other.populations.count,
      program.populations[index].name == other.populations[index].name,
      program.populations[index].shape == other.populations[index].shape
    else { return nil }
    let own = program.incoming(index).map { FloatConnection($0).scaled(layers[index].unit) }
    guard own.count == connections.count,
      zip(own, connections).allSatisfy({ $0.source == $1.source && $0.shape == $1.shape })
    else { return nil }
    return own
  }

  /// What a payload of another program's population stands for in payloads of this one's, a channel;
  /// `nil` where nothing says so.
  func worth(of source: Source, _ others: [LoweredLayer]) -> [Float]? {
    guard case .population(let index) = source else { return [1] }
    guard layers.indices.contains(index), others.indices.contains(index) else { return nil }
    let (own, other) = (layers[index].amplitude, others[index].amplitude)
    guard !own.isEmpty, own.count == other.count, own.allSatisfy({ $0.isNormal }) else {
      return nil
    }
    return zip(other, own).map { $0 / $1 }
  }
}
