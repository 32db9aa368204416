internal import SynapackGraph
public import SynapackSupport

/// The thresholds of every site, one a channel.
public struct Balance: Sendable {
  /// θ for each channel of a site, by the site's name.
  public private(set) var thresholds: [String: [Float]]

  /// Chooses every threshold with one method.
  ///
  /// Channels without a positive value get the mean threshold of their layer and a finding.
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
      let mean = live.isEmpty ? 1 : live.reduce(0, +) / Float(live.count)
      if live.count < channels.count {
        report.add(
          Finding(
            .deadChannels, 2 * live.count < channels.count ? .warning : .note,
            "\(channels.count - live.count) of \(channels.count) channels never fire"
              + (2 * live.count < channels.count
                ? " on the calibration inputs; check --preprocess, and the file" : ""),
            at: .layer(site.name)))
      }
      thresholds[site.name] = channels.map { $0 ?? mean }
    }
    self.thresholds = thresholds
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
