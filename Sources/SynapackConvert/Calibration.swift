internal import SynapackDense
public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// What unlabelled inputs showed of the values that the neurons will carry.
public struct Calibration: Sendable {
  /// For each site, by name, its values channel by channel.
  public private(set) var sites: [String: SiteValues]
  /// The range of the input values.
  public private(set) var inputRange: ClosedRange<Float>
  /// The number of samples seen.
  public let sampleCount: Int

  /// Samples run in one unit of work; a constant, so that no sum depends on the thread count.
  static let unit = 8
  /// Values kept of one channel; enough for the 99.9th percentile and the search for a threshold.
  static let valuesPerChannel = 8_192

  /// Runs `samples`, laid one after the other, through the graph.
  ///
  /// - Throws: `SYN0309` where there are none, `SYN0012` where the last is cut short, `SYN0014`
  ///   for a value that is not finite.
  public init(
    _ graph: Graph<Analog>, sites: [NeuronSite], samples: [Float], threads: Int
  ) throws(PackError) {
    let size = graph.inputs.first.map { graph.shape(of: $0).count } ?? 0
    let count = size > 0 ? samples.count / size : 0
    guard count > 0 else {
      throw PackError(
        .emptyCalibration, "there are no calibration inputs",
        hint: "give a few hundred unlabelled inputs with --calibration")
    }
    guard samples.count == count * size else {
      throw PackError(
        .wrongDataShape, "\(samples.count) calibration values for samples of \(size)",
        hint: "give samples of the model's input shape")
    }
    guard samples.allSatisfy(\.isFinite) else {
      throw PackError(
        .notFinite, "a calibration input is NaN or infinite", hint: "clean the calibration data")
    }
    self.sites = try Calibration.values(
      graph, sites, samples, size: size, count: count, threads: threads)
    sampleCount = count
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in samples {
      low = min(low, value)
      high = max(high, value)
    }
    // Values near the end of float32 overflow in the first sum behind them.
    guard max(high.magnitude, low.magnitude) < 0x1p100,
      self.sites.values.allSatisfy(\.isFinite)
    else {
      throw PackError(
        .notFinite, "the network's activations on these inputs are not finite",
        hint: "check --preprocess: the inputs are far larger than those the model was trained on")
    }
    inputRange = low...high
  }

  /// The values of every site, gathered unit by unit in the order of the samples.
  private static func values(
    _ graph: Graph<Analog>, _ sites: [NeuronSite], _ samples: [Float], size: Int, count: Int,
    threads: Int
  ) throws(PackError) -> [String: SiteValues] {
    let network = try DenseNetwork(graph)
    let wires = Set(sites.map(\.wire))
    let perSample = max(1, valuesPerChannel / count)
    let units = (count + unit - 1) / unit
    let parts = try parallelUnits(count: units, threads: threads) {
      (index) throws(PackError) -> [String: SiteValues] in
      let first = index * unit
      let last = min(first + unit, count)
      let values = try network.run(
        Array(samples[first * size..<last * size]), count: last - first, keeping: wires)
      var collected: [String: SiteValues] = [:]
      for site in sites {
        guard let batch = values[site.wire] else { continue }
        collected[site.name] = SiteValues(
          batch, count: last - first, shape: graph.shape(of: site.wire), perSample: perSample,
          firstSample: first)
      }
      return collected
    }
    var merged: [String: SiteValues] = [:]
    for part in parts {
      for site in sites {
        guard let values = part[site.name] else { continue }
        merged[site.name, default: SiteValues(channels: values.channels.count)].append(values)
      }
    }
    return merged
  }
}

/// The values seen at one site: a spread of them and the extremes, channel by channel.
public struct SiteValues: Sendable {
  public struct Channel: Sendable {
    /// Values at evenly spread positions of every sample.
    public internal(set) var values: [Float] = []
    public internal(set) var maximum: Float = -.infinity
    public internal(set) var minimum: Float = .infinity
    /// From the least value to the largest; 0 where there are none.
    var range: Float { max(0, maximum - minimum) }
  }

  public internal(set) var channels: [Channel]

  init(channels: Int) {
    self.channels = Array(repeating: Channel(), count: channels)
  }

  /// Takes `perSample` values a channel and sample of a batch.
  init(_ batch: [Float], count: Int, shape: Shape, perSample: Int, firstSample: Int) {
    let channelCount = shape.planes?.channels ?? 1
    let plane = shape.count / max(1, channelCount)
    self.init(channels: channelCount)
    let taken = min(perSample, plane)
    for sample in 0..<count {
      for channel in 0..<channelCount {
        let base = sample * shape.count + channel * plane
        for position in 0..<plane {
          channels[channel].maximum = max(channels[channel].maximum, batch[base + position])
          channels[channel].minimum = min(channels[channel].minimum, batch[base + position])
        }
        // The offset walks with the sample, so that all positions are seen over the samples.
        for position in FitSamples.positions(taken, of: plane, sample: firstSample + sample) {
          channels[channel].values.append(batch[base + position])
        }
      }
    }
  }

  /// Whether every extreme is a number.
  var isFinite: Bool {
    channels.allSatisfy { $0.maximum.isFinite && $0.minimum.isFinite }
  }

  mutating func append(_ other: SiteValues) {
    for channel in channels.indices where other.channels.indices.contains(channel) {
      channels[channel].values += other.channels[channel].values
      channels[channel].maximum = max(
        channels[channel].maximum, other.channels[channel].maximum)
      channels[channel].minimum = min(
        channels[channel].minimum, other.channels[channel].minimum)
    }
  }
}

extension SiteValues.Channel {
  /// All values of some channels as those of one.
  init(joining channels: [SiteValues.Channel]) {
    for channel in channels {
      values += channel.values
      maximum = max(maximum, channel.maximum)
      minimum = min(minimum, channel.minimum)
    }
  }
}
