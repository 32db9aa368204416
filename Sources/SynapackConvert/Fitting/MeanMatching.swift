internal import SynapackSupport

/// The means behind the neurons matched by what a payload stands for, as ``Exact`` does.
extension LayerwiseFit {
  /// A channel that hardly ever fires says little about the worth of a payload.
  private static let worths: ClosedRange<Double> = 0.5...2

  func matchMeans(_ adjusting: inout Adjusting, _ reference: [Float]) throws(PackError) {
    let means = try means(adjusting, reference)
    let channels = adjusting.amplitude.count
    let wanted = NeuronMeans.perChannel(means.wanted, channels: channels)
    let sent = NeuronMeans.perChannel(means.sent, channels: channels)
    for channel in 0..<channels where wanted[channel] > 0 && sent[channel] > 0 {
      let worth = Double(timesteps) * wanted[channel] / sent[channel]
      let ratio = worth / Double(adjusting.amplitude[channel])
      adjusting.amplitude[channel] *= Float(
        min(max(ratio, LayerwiseFit.worths.lowerBound), LayerwiseFit.worths.upperBound))
    }
  }
}
