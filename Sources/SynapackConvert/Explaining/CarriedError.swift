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
/// Of each value the first four add up to its error. Unevenness is one share of the fourth, beside what
/// the whole input gives too much or too little; the two may have opposite signs, so that either can
/// exceed their sum. Rounding is another where the weights of the source network are not known.
struct CarriedError {
  private(set) var causes = LayerExplanation.Causes(
    clipping: 0, quantization: 0, miscount: 0, unevenness: 0)
  /// √(Σ (y − a·n/T)² / Σ y²) over the samples that judge, as are the causes; where y is always zero, 0
  /// where nothing is sent and else 1; `nil` where y is not known.
  private(set) var error: Double?
  /// `nil` where the weights of the source network are not known.
  private(set) var rounding: Double?
  /// Whether y is always zero.
  private(set) var isSilent = false
  private(set) var deadChannels = 0
  private(set) var saturated = 0.0

  init(
    _ fit: LayerwiseFit, _ layer: FitLayer, _ trains: PayloadTrains, _ population: Population,
    amplitude: [Float], ladder: NeuronSearch.Ladder, rounding weights: WeightRounding? = nil
  ) {
    guard let reference = fit.reference(layer) else { return }
    let neurons = trains.neurons
    let cells = max(1, neurons / max(1, amplitude.count))
    var sums = ErrorSums(
      channels: amplitude.count, ticks: fit.timesteps, ladder: ladder,
      range: fit.target(layer, ladder: ladder))
    var sent = Array(repeating: Float(0), count: neurons)
    for sample in 0..<fit.samples.count {
      let isJudged = fit.roles.isJudge(sample)
      for index in sent.indices { sent[index] = 0 }
      trains.totals(sample: sample, into: &sent, at: 0)
      for neuron in 0..<neurons {
        let channel = min(neuron / cells, amplitude.count - 1)
        let place = sample * neurons + neuron
        let unit = amplitude[channel] / Float(fit.timesteps)
        let coarse =
          isJudged
          ? weights?.error(at: place, of: reference[place], sums.carried(unit)) ?? 0 : nil
        sums.add(reference[place], sent[neuron], unit: unit, channel: channel, rounding: coarse)
      }
    }
    let dead = sums.powers.indices.filter { !sums.sent[$0] && sums.wanted[$0] }
    deadChannels = dead.count
    saturated = Double(sums.full) / Double(max(1, neurons * fit.samples.count))
    let total = sums.powers.reduce(0, +)
    guard total > 0 else {
      (isSilent, error) = (sums.everything == 0, sums.missed > 0 ? 1 : 0)
      causes.miscount = sums.missed > 0 ? 1 : 0
      return
    }
    error = (sums.missed / total).squareRoot()
    causes.clipping = (sums.clipped / total).squareRoot()
    causes.quantization = (sums.stepped / total).squareRoot()
    rounding = weights.map { _ in (sums.rounded / total).squareRoot() }
    causes.miscount = (sums.counted / total).squareRoot()
    causes.unevenness =
      ladder.forgets ? nil : (trains.unevenness(amplitude) / sums.everything).squareRoot()
    causes.silence = (dead.reduce(0) { $0 + sums.powers[$1] } / total).squareRoot()
    causes.isSurplus = sums.surplus > 0
  }
}

/// Sums over the values of a population, in the unit of the source network.
private struct ErrorSums {
  /// n of T ticks, at least and at most.
  private let least: Float
  private let most: Float
  /// What a neuron stands for, of a value before it.
  private let range: ClosedRange<Float>
  private(set) var (missed, clipped, stepped, rounded, counted) = (0.0, 0.0, 0.0, 0.0, 0.0)
  /// What is sent too much in all, less what is sent too little.
  private(set) var surplus = 0.0
  /// Neurons that sent the largest payload in every tick.
  private(set) var full = 0
  /// Σ y² of each channel over the samples that judge, and of all of them over all samples.
  private(set) var powers: [Double]
  private(set) var everything = 0.0
  /// Whether a channel sent anything on any sample, and whether it should have.
  private(set) var sent: [Bool]
  private(set) var wanted: [Bool]

  init(
    channels: Int, ticks: Int, ladder: NeuronSearch.Ladder, range: ClosedRange<Float>
  ) {
    most = Float(ladder.upper * ticks)
    least = ladder.memory ? 0 : Float(ladder.lower * ticks)
    self.range = range
    powers = Array(repeating: 0, count: channels)
    sent = Array(repeating: false, count: channels)
    wanted = sent
  }

  /// The values that payloads worth `unit` can carry.
  func carried(_ unit: Float) -> ClosedRange<Float> {
    let lowest = max(range.lowerBound, least * unit)
    return lowest...max(lowest, min(range.upperBound, most * unit))
  }

  /// - Parameter coarse: `nil` for a sample that does not judge.
  mutating func add(
    _ value: Float, _ sum: Float, unit: Float, channel: Int, rounding coarse: Float?
  ) {
    let y = min(max(value, range.lowerBound), range.upperBound)
    everything += Double(y * y)
    if sum != 0 { sent[channel] = true }
    if y > unit { wanted[channel] = true }
    if sum >= most { full += 1 }
    guard let coarse else { return }
    powers[channel] += Double(y * y)
    let count = unit > 0 ? y / unit : 0
    let held = min(max(count, least), most)
    let whole = (held + 0.5).rounded(.down)
    clipped += Double((count - held) * unit * (count - held) * unit)
    stepped += Double((held - whole) * unit * (held - whole) * unit)
    rounded += Double(coarse * coarse)
    let off = unit * (whole - sum) - coarse
    counted += Double(off * off)
    surplus -= Double(off)
    let left = y - unit * sum
    missed += Double(left * left)
  }
}
