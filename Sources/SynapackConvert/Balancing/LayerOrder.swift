/// Threshold, initial membrane and bias of each channel, layer after layer, on the payloads that the
/// layers before it really send; weights stay. See ``FitSteps``.
public enum LayerOrder: BalancingMethod {
  public static let id = "layer-order"
  public static let summary =
    "threshold, initial membrane and bias per channel, tried on what earlier layers really send"
  public static let fit: FitSteps? = FitSteps(searchesNeurons: true)

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    MMSE.threshold(channel, levels: levels)
  }
}
