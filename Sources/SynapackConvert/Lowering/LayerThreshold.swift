internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One integer threshold for all channels of a layer, for chips that keep one a core.
///
///     Θ = the quantile of θ(c)/q(c) over the channels     q′(c) = max(q(c), θ(c)/Θ)
///
/// θ(c): the threshold that suits a channel; q(c): the least unit in which its weights, bias and
/// threshold keep their widths; q′(c): the unit that it gets, so that Θ·q′(c) is its threshold. A
/// channel above the quantile gives bits of its weights away, one below it a threshold that is
/// larger than suits it.
struct LayerThreshold {
  /// Θ, in units of the membrane.
  let steps: Int32
  /// q′, one a channel.
  let units: [Float]

  /// Low, because a coarse weight costs more than a threshold that is a little large: the search
  /// over initial membranes and biases makes up for the second.
  private static let quantile = 0.25

  /// - Parameters:
  ///   - thresholds: θ(c) > 0 in the unit of the source network; `nil` for a channel that is silent.
  ///   - units: q(c).
  ///   - most: the largest threshold that the membrane holds.
  init(_ thresholds: [Float?], _ units: [Float], most: Int32) {
    var ratios = zip(thresholds, units).compactMap { threshold, unit in
      threshold.map { $0 / unit }
    }
    ratios.sort()
    let place = Int(Double(max(0, ratios.count - 1)) * LayerThreshold.quantile)
    let wanted = ratios.indices.contains(place) ? ratios[place] : 1
    let steps = IntegerLevel.nearest(wanted, unit: 1, in: 1...max(1, most))
    self.steps = steps
    self.units = zip(thresholds, units).map { threshold, unit in
      max(unit, (threshold ?? 0) / Float(steps))
    }
  }
}

extension ProgramLowering {
  /// The common threshold of the layer that was lowered last with thresholds of its channels.
  ///
  /// Where a fit searches neurons, what it finds without the limit says which threshold suits
  /// each channel. The layer is taken back: it is lowered again in the units that are returned.
  ///
  /// - Throws: `SYN0302` where the places of one channel need thresholds of their own.
  mutating func layerThreshold(
    _ input: WeightedInput, _ units: [Float], _ attempt: NeuronAttempt
  ) throws(PackError) -> LayerThreshold {
    let population = populations[populations.count - 1]
    let channels = units.count
    let values = population.thresholds.values
    let cells = max(1, values.count / max(1, channels))
    guard values.indices.allSatisfy({ values[$0] == values[$0 / cells * cells] }) else {
      throw PackError(
        .badOption, "the layer's pooling needs a threshold for each of its places",
        at: .option("--threshold-scope"), hint: "use `--threshold-scope channel`")
    }
    let searched = try searchedNeurons(input, units, attempt)
    let thresholds = units.indices.map { channel -> Float? in
      guard let neuron = searched?[channel] else {
        return Float(values[channel * values.count / channels]) * units[channel]
      }
      return neuron.isSilent ? nil : neuron.threshold * units[channel]
    }
    let index = populations.count - 1
    populations.removeLast()
    connections.removeAll { $0.target == index }
    return LayerThreshold(thresholds, units, most: population.membrane.upperBound)
  }
}
