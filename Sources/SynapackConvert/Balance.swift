internal import SynapackGraph
public import SynapackSupport

/// The thresholds of every site, one a channel.
public struct Balance: Sendable {
  /// θ for each channel of a site, by the site's name.
  public private(set) var thresholds: [String: [Float]]

  /// Chooses every threshold with one method.
  ///
  /// Channels without a positive value get a finding, and of their range of values the part that is
  /// the threshold of the others on the average: one that follows them if the network scales them.
  public init(
    _ sites: [NeuronSite], _ calibration: Calibration, _ options: ConversionOptions,
    threads: Int, _ report: inout Report
  ) throws(PackError) {
    guard let method = BalancingMethods.named(options.method) else {
      throw PackError(
        .unknownName, "there is no balancing method `\(options.method)`",
        hint: "list the methods with `synapack methods`")
    }
    let levels = Levels(timesteps: options.timesteps, upper: options.payloads.upperBound)
    let chosen = try parallelUnits(count: sites.count, threads: threads) {
      (index) throws(PackError) -> [Float?] in
      let site = sites[index]
      let channels = calibration.sites[site.name]?.channels ?? []
      guard site.isUniform else {
        return channels.map { Balance.threshold(site, $0, method, levels) }
      }
      let shared = Balance.threshold(site, SiteValues.Channel(joining: channels), method, levels)
      return Array(repeating: shared, count: channels.count)
    }
    var thresholds: [String: [Float]] = [:]
    for (site, channels) in zip(sites, chosen) {
      let live = channels.compactMap { $0 }
      if live.count < channels.count {
        report.add(
          Finding(
            .deadChannels, 2 * live.count < channels.count ? .warning : .note,
            "\(channels.count - live.count) of \(channels.count) channels never fire"
              + (2 * live.count < channels.count
                ? " on the calibration inputs; check --preprocess, and the file" : ""),
            at: .layer(site.name)))
      }
      let ranges = calibration.sites[site.name]?.channels.map(\.range) ?? []
      thresholds[site.name] = Balance.completed(channels, ranges)
    }
    self.thresholds = thresholds
  }

  /// Of a site without any other threshold it is 1.
  private static func completed(_ thresholds: [Float?], _ ranges: [Float]) -> [Float] {
    let shares = zip(thresholds, ranges).compactMap { threshold, range in
      threshold.map { range > 0 ? $0 / range : 1 }
    }
    guard !shares.isEmpty else { return thresholds.map { _ in 1 } }
    let share = shares.reduce(0, +) / Float(shares.count)
    return thresholds.enumerated().map { channel, threshold in
      if let threshold { return threshold }
      let own = share * ranges[channel, default: 1]
      return own.isNormal ? own : 1
    }
  }

  private static func threshold(
    _ site: NeuronSite, _ channel: SiteValues.Channel, _ method: any BalancingMethod.Type,
    _ levels: Levels
  ) -> Float? {
    guard let threshold = method.threshold(ChannelValues(channel, of: site), levels: levels),
      threshold.isNormal
    else { return nil }
    // Above the source network's own ceiling nothing may pass.
    return min(threshold, site.ceiling / Float(levels.upper))
  }
}
