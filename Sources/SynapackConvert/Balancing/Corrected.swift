/// Thresholds as ``MMSE``, then the mean errors that are left, layer after layer.
///
///     b_c ← b_c + mean(y_c − (a_c/T)·n_c)       over samples and places of the channel c
///     v₀ ← v₀ + T·mean(y − (a_c/T)·n)           over samples, for each neuron, n counted anew
///
/// y: the value in the source network that a neuron stands for; n: the sum of its payloads when it
/// hears what the converted layers before it send; a: what a payload stands for; b, v₀: bias and
/// initial membrane; T: the ticks. The bias of the readout is corrected too. An initial membrane a
/// neuron is memory that a chip must have; nothing else grows.
///
/// Source: Li et al., "A free lunch from ANN: towards efficient, accurate spiking neural networks
/// calibration", ICML 2021 (light pipeline: bias and potential correction).
public enum Corrected: BalancingMethod {
  public static let id = "corrected"
  public static let summary =
    "mmse, then biases and initial membranes corrected by mean errors, layer after layer"
  public static let fit: FitSteps? = FitSteps(adjustment: .potentials)

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    MMSE.threshold(channel, levels: levels)
  }
}
