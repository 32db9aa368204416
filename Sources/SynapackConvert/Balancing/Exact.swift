/// Exact rounding under `accumulate`, with the mean errors of each channel taken out before and
/// behind the neuron.
///
///     n = clip(⌊(T·(Σ w·r + b + ψ) + θ/2) / θ⌋, 0, T·upper)      r' = ((θ + φ) / T)·n
///
///     ψ = mean(z − Σ w·r − b)      φ with mean((θ + φ)/T·n) = mean(y)
///
/// z, y: the source network's value before and behind the neuron; r: what the layer before sends,
/// averaged over the T ticks; w, b: weights and bias; θ: the threshold; upper: the largest payload;
/// ψ, φ: one a channel, means over samples and places. ψ moves into the bias, φ into what a payload
/// stands for, so neither costs anything at run time.
///
/// The parallel conversion of the source computes n from the whole window at once: in its tick x a
/// neuron fires iff the total is at least T − x + 1. Under `accumulate` the program's own neuron has
/// the same count, as the whole input is in before the first tick: with v₀ = θ/2 it sends until
/// less than θ is left, which is the clip of the floor above. So under that schedule every method
/// whose initial membrane is θ/2 rounds exactly, and this one adds ψ and φ. Under the other
/// schedules they are means over what is really sent, unevenness included.
///
/// Source: Hao et al., "Faster and stronger: when ANN-SNN conversion meets parallel spiking
/// calculation", ICML 2025 (DA-QCFS), with the means solved instead of
/// followed by momentum and thresholds as ``MMSE`` instead of the largest value.
public enum Exact: BalancingMethod {
  public static let id = "exact"
  public static let summary =
    "mmse, then channel means matched before and behind each neuron; exact under accumulate"
  public static let fit: FitSteps? = FitSteps(adjustment: .means)

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    MMSE.threshold(channel, levels: levels)
  }
}
