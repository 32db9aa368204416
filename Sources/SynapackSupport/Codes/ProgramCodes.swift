extension ErrorCode {
  public static let malformedProgram = ErrorCode(rawValue: "SYN0401")
  public static let valueOutsideWidth = ErrorCode(rawValue: "SYN0402")
  public static let accumulatorOverflow = ErrorCode(rawValue: "SYN0403")
}

/// Spiking programs, SYN04xx.
let programExplanations: [Explanation] = [
  Explanation(
    .malformedProgram, .badInput, title: "malformed program",
    cause: "A spiking program breaks one of its invariants: populations out of order, a connection "
      + "whose shapes do not fit, a parameter of the wrong length.",
    remedy: "Make the bundle again from its model."),
  Explanation(
    .valueOutsideWidth, .badInput, title: "value outside its width",
    cause: "A weight, threshold, bias or initial membrane does not fit the bits that the program "
      + "declares for it.",
    remedy: "Raise the width, or make the bundle again from its model."),
  Explanation(
    .accumulatorOverflow, .badInput, title: "sum could overflow",
    cause: "The worst-case input of a neuron in one tick does not fit 62 bits, so the program "
      + "would not have a defined result.",
    remedy: "Lower the weight bits or the payload range."),
]
