extension ErrorCode {
  public static let cannotCompress = ErrorCode(rawValue: "SYN0801")
  public static let pruned = ErrorCode(rawValue: "SYN0802")
}

/// Compression, SYN08xx.
let compressionExplanations: [Explanation] = [
  Explanation(
    .cannotCompress, .badInput, title: "weights that cannot be compressed",
    cause: "Second-order compression weighs each change by what the calibration inputs make of it. "
      + "The inputs of this layer do not determine its weights, or the method does not solve any.",
    remedy: "Use more, or more varied, calibration inputs, `--method refit`, or "
      + "`--solver nearest`."),
  Explanation(
    .pruned, .finding, title: "weights removed",
    cause: "Weights were removed as `--sparsity` asks. What that changes is measured on the "
      + "calibration inputs, layer by layer, in the errors of the report.",
    remedy: "Lower `--sparsity`, or accept it."),
]
