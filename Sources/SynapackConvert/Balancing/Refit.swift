/// Weights solved by least squares on what the layers before really send, then neurons as in
/// ``LayerOrder``. See ``FitSteps``.
public enum Refit: BalancingMethod {
  public static let id = "refit"
  public static let summary =
    "least-squares weights on what earlier layers really send, then neurons as in layer-order"
  public static let fit: FitSteps? = FitSteps(refitsWeights: true, searchesNeurons: true)

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    MMSE.threshold(channel, levels: levels)
  }
}
