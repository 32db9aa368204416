extension ErrorCode {
  public static let malformedSafetensors = ErrorCode(rawValue: "SYN0240")
  public static let unsupportedWeightType = ErrorCode(rawValue: "SYN0241")
  public static let malformedShards = ErrorCode(rawValue: "SYN0242")
  public static let malformedArchitecture = ErrorCode(rawValue: "SYN0250")
  public static let unknownArchitecture = ErrorCode(rawValue: "SYN0251")
  public static let missingTensor = ErrorCode(rawValue: "SYN0252")
  public static let spareTensor = ErrorCode(rawValue: "SYN0253")
  public static let misshapenTensor = ErrorCode(rawValue: "SYN0254")
  public static let chosenArchitecture = ErrorCode(rawValue: "SYN0255")
  public static let absentBias = ErrorCode(rawValue: "SYN0256")
}

/// Files of weights without a graph, SYN024x, and the descriptions that give them one, SYN025x.
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
  Explanation(
    .malformedArchitecture, .badInput, title: "malformed architecture description",
    cause: "The description is no YAML of the form in schemas/architecture.md: an unknown layer or "
      + "key, a value of the wrong kind, a name that nothing gives, or more layers or nesting than "
      + "a network has.",
    remedy: "Mend the line that the message names; it proposes the nearest known word."),
  Explanation(
    .unknownArchitecture, .badInput, title: "architecture not known",
    cause: "A file of weights holds no graph. There is no ready description of that name, or none "
      + "was named and the tensors' names fit none of the ready ones.",
    remedy: "Name one with `--architecture`, or give the path of a description of your own."),
  Explanation(
    .missingTensor, .badInput, title: "tensor missing",
    cause: "The architecture needs a tensor that the file does not hold. Nothing is filled in.",
    remedy: "Choose the architecture that the weights belong to, or mend the names in yours."),
  Explanation(
    .spareTensor, .badInput, title: "tensors left over",
    cause: "The file holds tensors that no layer of the architecture takes, so it belongs to "
      + "another network. Only counters of batches are known to be harmless.",
    remedy: "Choose the architecture that the weights belong to; list what may be left under "
      + "`ignore` in a description of your own."),
  Explanation(
    .misshapenTensor, .badInput, title: "tensor does not fit its layer",
    cause: "A tensor has another shape than its layer can have at this place: another number of "
      + "inputs, another rank, or another number of channels.",
    remedy: "Check the parameters of the description, such as the input size, and its layers."),
  Explanation(
    .chosenArchitecture, .finding, title: "architecture chosen by the tensors' names",
    cause: "No architecture was named, and the names of the tensors fit this ready description.",
    remedy: "Name it with `--architecture` to be sure, with parameters where they differ."),
  Explanation(
    .absentBias, .finding, title: "layer without a bias beside layers that have one",
    cause: "A description takes a bias where the file holds one. This layer has none, no batch "
      + "normalization behind it shifts its outputs, and others of its kind have one: the tensor "
      + "may have been lost or renamed on the way.",
    remedy: "Nothing where the layer was trained without a bias. Otherwise store the tensor, and "
      + "say `bias: required` in a description of your own so that its absence is an error."),
]
