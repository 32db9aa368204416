/// The largest weighted input of a single tick, layer after layer.
///
///     θ = max Σ w·s(t) + b / upper      v₀ = 0
///
/// w, b: weights and bias; s(t): the payloads that the sources, converted already, send in tick t of
/// their window; upper: the largest payload. The maximum is over the ticks, the samples and all
/// neurons of the layer, which share the threshold; where both signs are carried it is that of the
/// absolute values. Where the layer's integer threshold has to be one as well, the maximum is taken in units
/// of the membrane, which each channel has of its own. Neurons never clip, and need many ticks for it. Reset is by subtraction as
/// everywhere here, where the source resets to zero. A layer that hears nothing, neurons of
/// pooling whose thresholds differ from place to place, and neurons that only compare others keep
/// what ``Maximum`` and θ/2 give them.
///
/// Source: Sengupta et al., "Going deeper in spiking neural networks: VGG and residual
/// architectures", Front. Neurosci. 2019 (Spike-Norm).
public enum SpikeNorm: BalancingMethod {
  public static let id = "spike-norm"
  public static let summary = "largest weighted input of a tick that a layer hears, per layer"
  public static let fit: FitSteps? = FitSteps(adjustment: .largestInput)

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    Maximum.threshold(channel, levels: levels)
  }
}
