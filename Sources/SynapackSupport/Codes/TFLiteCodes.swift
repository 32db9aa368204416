extension ErrorCode {
  public static let malformedFlatBuffer = ErrorCode(rawValue: "SYN0260")
  public static let malformedQuantization = ErrorCode(rawValue: "SYN0261")
}

/// TFLite models, SYN026x.
let tfliteExplanations: [Explanation] = [
  Explanation(
    .malformedFlatBuffer, .badInput, title: "malformed TFLite file",
    cause: "An offset, table, vector or text of the file leaves it, is not aligned, or is read so "
      + "often that a small file would stand for a huge model.",
    remedy: "The file looks damaged: fetch or convert it again."),
  Explanation(
    .malformedQuantization, .badInput, title: "malformed quantization",
    cause: "A tensor's scales are not positive numbers, its zero points are no levels of its type, "
      + "or there are not as many of them as places along its quantized dimension.",
    remedy: "Convert the model again."),
]
