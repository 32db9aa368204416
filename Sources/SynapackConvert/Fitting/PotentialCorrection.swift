internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Mean errors taken out by biases and initial membranes, as ``Corrected`` does.
extension LayerwiseFit {
  func correctPotentials(
    _ adjusting: inout Adjusting, _ reference: [Float]
  ) throws(PackError) {
    let before = try means(adjusting, reference).missing(
      adjusting.amplitude, timesteps: timesteps)
    let thresholds = adjusting.population.thresholds.expanded(to: adjusting.population.shape)
    shiftBiases(&adjusting, before, thresholds)
    guard start == .balanced else { return }
    // What the new biases left, neuron by neuron.
    let left = try means(adjusting, reference).missing(
      adjusting.amplitude, timesteps: timesteps)
    let initial = adjusting.population.initial.expanded(to: adjusting.population.shape)
    let limit = Double(adjusting.limit)
    let moved = left.indices.map { neuron in
      let change =
        Double(timesteps) * left[neuron] * adjusting.membrane(perValue: neuron, thresholds)
      return Float(min(max(Double(initial[neuron]) + change, -limit), limit))
    }
    let range = adjusting.population.membrane
    adjusting.population.initial = Parameter(
      moved.map { IntegerLevel.nearest($0, unit: 1, in: range) })
  }

  private func shiftBiases(
    _ adjusting: inout Adjusting, _ missing: [Double], _ thresholds: [Int32]
  ) {
    let channels = adjusting.amplitude.count
    let changes = NeuronMeans.perChannel(
      missing.indices.map { missing[$0] * adjusting.membrane(perValue: $0, thresholds) },
      channels: channels)
    let biases = adjusting.population.biases.values
    let range = IntegerLevel.range(bits: adjusting.population.biasBits)
    adjusting.population.biases = Parameter(
      changes.indices.map { channel in
        let old = Double(biases[channel * biases.count / channels])
        return IntegerLevel.nearest(Float(old + changes[channel]), unit: 1, in: range)
      })
  }
}
