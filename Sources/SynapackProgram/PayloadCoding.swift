/// The events that a payload is sent as; the program and its integers are the same for all.
///
///     whole    e(s) = [s ≠ 0]         one event that carries s: binary, signed and graded neurons
///     units    e(s) = |s|             a burst, one spike for each unit
///     powers   e(s) = Σₖ bitₖ(|s|)    one spike for each threshold θ·2ᵏ that is crossed
///
/// s: the payload of one neuron in one tick; bitₖ: the binary digit of 2ᵏ. A multi-threshold neuron
/// goes through its thresholds from the largest to the smallest and subtracts each that it reaches
/// (H-MT, AAAI 2026), which leaves the binary digits of |s|: no digits −1 among them, so the sparser
/// non-adjacent form is not what is sent. A weight that meets such a spike is shifted by k and added.
public enum PayloadCoding: Sendable, Hashable, CaseIterable {
  case whole
  case units
  case powers

  /// e(s)
  public func events(_ payload: Int) -> Int {
    switch self {
    case .whole: payload == 0 ? 0 : 1
    case .units: Int(clamping: payload.magnitude)
    case .powers: payload.magnitude.nonzeroBitCount
    }
  }
}
