internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A population whose weights are integers already, with what a correction of it needs.
struct Adjusting: Sendable {
  var population: Population
  /// What a payload of 1 stands for, a channel.
  var amplitude: [Float]
  let layer: FitLayer
  let currents: LayerCurrents
  /// What one unit of the membrane stands for, a channel.
  let units: [Float]
  let ladder: NeuronSearch.Ladder
  /// The largest threshold and initial membrane that the program's widths hold.
  let limit: Float
  /// Whether all channels keep to one integer threshold.
  let sharesThreshold: Bool

  /// The neurons of a channel.
  var cells: Int { population.shape.count / max(1, amplitude.count) }

  /// By how much one unit of the source network moves each neuron's membrane: θ/a, which differs
  /// from one over the channel's unit where pooling has thresholds of its own a place.
  func membrane(perValue neuron: Int, _ thresholds: [Int32]) -> Double {
    let worth = Double(amplitude[neuron / max(1, cells)])
    return worth > 0 ? Double(thresholds[neuron]) / worth : 0
  }
}

extension LayerwiseFit {
  /// Sets neurons by what is measured on the inputs they hear; what the source network knows no
  /// values of, such as neurons that only compare others, stays as it is.
  func adjust(_ adjusting: inout Adjusting) throws(PackError) {
    guard let reference = reference(adjusting.layer) else { return }
    switch steps.adjustment {
    case nil: return
    case .largestInput: try setLargestInput(&adjusting)
    case .potentials: try correctPotentials(&adjusting, reference)
    case .means: try matchMeans(&adjusting, reference)
    }
  }

  /// The samples that a correction may see; those held out decide on it, and means need no more than
  /// so many ticks.
  var seenSamples: [Int] {
    let wanted = max(FitSamples.least, LayerwiseFit.adjustedTicks / timesteps)
    return Array(roles.samples(samples.count) { $0 == .solves }.prefix(wanted))
  }

  private static let adjustedTicks = 4_096
}
