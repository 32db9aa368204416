internal import SynapackProgram
internal import SynapackTensor

/// The error of a population's values by cause, with what the payloads stand for as given.
///
///     clipping       y − min(max(y, lower), upper)
///     quantization   what is left within the range, against the nearest whole number of payloads
///     rounding       f(x) − f(x̂),  as ``WeightRounding`` has it
///     miscount       (m − n)·a/T less the rounding,  m: that whole number of payloads, n: those sent
///     unevenness     (n − n*)·a/T,  n*: the payloads that the whole input would have given,
///                    as the membrane at the end tells
///
/// Of each value the first four add up to its error; unevenness is a part of the fourth, and so is
/// rounding where the weights of the source network are not known.
struct CarriedError {
  private(set) var causes = LayerExplanation.Causes(
    clipping: 0, quantization: 0, miscount: 0, unevenness: 0)
  /// √(Σ (y − a·n/T)² / Σ y²); `nil` where y is not known or always zero.
  private(set) var error: Double?
  /// `nil` where the weights of the source network are not known.
  private(set) var rounding: Double?
  private(set) var deadChannels = 0
  private(set) var saturated = 0.0

  init(
    _ fit: LayerwiseFit, _ layer: FitLayer, _ trains: PayloadTrains, _ population: Population,
    amplitude: [Float], ladder: NeuronSearch.Ladder, rounding weights: WeightRounding? = nil
  ) {
    guard let reference = fit.reference(layer) else { return }
    let ticks = Float(fit.timesteps)
    let neurons = trains.neurons
    let cells = max(1, neurons / max(1, amplitude.count))
    let range = fit.target(layer, ladder: ladder)
    let most = Float(ladder.upper) * ticks
    let least = ladder.memory ? 0 : Float(ladder.lower) * ticks
    var (missed, clipped, stepped, rounded, counted) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (total, full) = (0.0, 0)
    var sent = Array(repeating: false, count: amplitude.count)
    var wanted = sent
    var sums = Array(repeating: Float(0), count: neurons)
    for sample in 0..<fit.samples.count {
      for index in sums.indices { sums[index] = 0 }
      trains.totals(sample: sample, into: &sums, at: 0)
      for neuron in 0..<neurons {
        let channel = min(neuron / cells, amplitude.count - 1)
        let place = sample * neurons + neuron
        let y = min(max(reference[place], range.lowerBound), range.upperBound)
        let unit = amplitude[channel] / ticks
        if sums[neuron] != 0 { sent[channel] = true }
        if y > unit { wanted[channel] = true }
        if sums[neuron] >= most { full += 1 }
        let count = unit > 0 ? y / unit : 0
        let held = min(max(count, least), most)
        let whole = (held + 0.5).rounded(.down)
        clipped += Double((count - held) * unit * (count - held) * unit)
        stepped += Double((held - whole) * unit * (held - whole) * unit)
        let lowest = max(range.lowerBound, least * unit)
        let carried = lowest...max(lowest, min(range.upperBound, most * unit))
        let coarse = weights?.error(at: place, of: reference[place], carried) ?? 0
        rounded += Double(coarse * coarse)
        let off = unit * (whole - sums[neuron]) - coarse
        counted += Double(off * off)
        let left = y - unit * sums[neuron]
        missed += Double(left * left)
        total += Double(y * y)
      }
    }
    deadChannels = zip(sent, wanted).count { !$0 && $1 }
    saturated = Double(full) / Double(max(1, neurons * fit.samples.count))
    guard total > 0 else { return }
    error = (missed / total).squareRoot()
    causes.clipping = (clipped / total).squareRoot()
    causes.quantization = (stepped / total).squareRoot()
    rounding = weights.map { _ in (rounded / total).squareRoot() }
    causes.miscount = (counted / total).squareRoot()
    causes.unevenness = (trains.unevenness(amplitude) / total).squareRoot()
  }
}
