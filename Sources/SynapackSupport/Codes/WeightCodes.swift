extension ErrorCode {
  public static let malformedSafetensors = ErrorCode(rawValue: "SYN0240")
  public static let unsupportedWeightType = ErrorCode(rawValue: "SYN0241")
  public static let malformedShards = ErrorCode(rawValue: "SYN0242")
}

/// Files of weights without a graph, SYN024x.
let weightExplanations: [Explanation] = [
  Explanation(
    .malformedSafetensors, .badInput, title: "malformed safetensors file",
    cause: "The header or the data break the rules of the format: a header that is too long or no "
      + "strict JSON, a name or key that stands twice (escapes are undone first), offsets that "
      + "overlap or leave a gap, a size that is not that of the shape and type, bytes behind the "
      + "data. Readers that forgive these differ in what they see.",
    remedy: "The file looks damaged or made by hand: write it again with the safetensors library."),
  Explanation(
    .unsupportedWeightType, .badInput, title: "element type of a weight not supported",
    cause: "A tensor has elements of 8-bit or 4-bit floating point or of another type that this "
      + "build does not compute with, or a layer's weights are no floating-point numbers.",
    remedy: "Store the tensor as F32, F16 or BF16."),
  Explanation(
    .malformedShards, .badInput, title: "index and shards do not agree",
    cause: "The index of a model in several files must name each tensor once, in the file that "
      + "holds it, and the files must hold nothing else.",
    remedy: "Fetch the index and all of its shards again; they belong together."),
]
