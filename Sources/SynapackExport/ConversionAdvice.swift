internal import SynapackProgram

extension Capability {
  /// What a conversion for the target must ask for where the defaults of `convert` are not carried,
  /// as its options and their values; in ascending order of the options.
  public var advice: [(option: String, value: String)] {
    var options: [String: String] = [:]
    if inputs.upperBound < 3 {
      options["input"] = "poisson"
    } else if inputs.upperBound < 4095 {
      options["input-bits"] = String(digits(inputs.upperBound))
    }
    if !carries(.saturation) { options["membrane-bits"] = "32" }
    if timesteps.upperBound == 1 {
      options["timesteps"] = "1"
      options["neuron"] = "graded:\(digits(payloads.upperBound))"
    }
    if let first = resets.first, !resets.contains(.subtract) { options["reset"] = first.rawValue }
    if let first = schedules.first, !schedules.contains(.wavefront) {
      options["schedule"] = first.rawValue
    }
    if !carries(.start) { options["start"] = "zero" }
    if thresholdSharing == .perLayer { options["threshold-scope"] = "layer" }
    options.merge(conversion) { _, own in own }
    return options.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func digits(_ value: Int) -> Int { value.bitWidth - value.leadingZeroBitCount }
}
