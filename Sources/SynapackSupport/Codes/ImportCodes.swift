extension ErrorCode {
  public static let malformedModel = ErrorCode(rawValue: "SYN0201")
  public static let modelTooDeep = ErrorCode(rawValue: "SYN0202")
  public static let modelTooLarge = ErrorCode(rawValue: "SYN0203")
  public static let unsupportedOperators = ErrorCode(rawValue: "SYN0204")
  public static let unsupportedVersion = ErrorCode(rawValue: "SYN0205")
  public static let unsupportedAttribute = ErrorCode(rawValue: "SYN0206")
  public static let malformedTensor = ErrorCode(rawValue: "SYN0207")
  public static let unsafeExternalData = ErrorCode(rawValue: "SYN0208")
  public static let malformedGraph = ErrorCode(rawValue: "SYN0209")
  public static let wrongShape = ErrorCode(rawValue: "SYN0210")
  public static let missingWeight = ErrorCode(rawValue: "SYN0211")
  public static let unknownShape = ErrorCode(rawValue: "SYN0212")
  public static let unsupportedInterface = ErrorCode(rawValue: "SYN0213")
  public static let alreadySpiking = ErrorCode(rawValue: "SYN0214")
}

/// Model files and graphs, SYN02xx.
let importExplanations: [Explanation] = [
  Explanation(
    .malformedModel, .badInput, title: "malformed model file",
    cause: "The bytes break the rules of their format: a length that leaves the file, a field of "
      + "the wrong type, a truncated message.",
    remedy: "The file looks damaged or cut off: fetch or export it again."),
  Explanation(
    .modelTooDeep, .badInput, title: "messages nested too deeply",
    cause: "The file nests its messages more than 100 levels deep. Real models stay below 20; "
      + "bombs that overflow the stack do not.",
    remedy: "Do not trust this file."),
  Explanation(
    .modelTooLarge, .badInput, title: "model would take too much memory",
    cause: "Reading the file would need more memory than its size explains, as with a million "
      + "empty messages, or it passes a limit of this build.",
    remedy: "Do not trust this file; a real model of this size keeps its weights in raw form."),
  Explanation(
    .unsupportedOperators, .badInput, title: "operators not supported",
    cause: "The model uses operators that this build does not import. Nothing is dropped or "
      + "guessed: the whole list is given before any work.",
    remedy: "Replace the operators in the source model as the message says, and export it again."),
  Explanation(
    .unsupportedVersion, .badInput, title: "version not supported",
    cause: "The file is written in a version of its format that this build does not read.",
    remedy: "Export the model with a supported operator set (ONNX: 7 or newer)."),
  Explanation(
    .unsupportedAttribute, .badInput, title: "attribute not supported",
    cause: "An operator is known, but not with this attribute or combination of attributes.",
    remedy: "Export the model with the attribute as the message says."),
  Explanation(
    .malformedTensor, .badInput, title: "malformed tensor",
    cause: "A tensor's declared shape and type do not agree with its bytes, its size overflows, or "
      + "its data stands in two places.",
    remedy: "The file looks damaged: export it again."),
  Explanation(
    .unsafeExternalData, .badInput, title: "external data refused",
    cause: "A weight points to a file outside the model's folder, through a link, or past the end "
      + "of its data file. Such paths are how a model reads other people's files.",
    remedy: "Store the data beside the model, or inside it."),
  Explanation(
    .malformedGraph, .badInput, title: "malformed graph",
    cause: "The nodes do not form a graph: a name is used before or without its definition, is "
      + "defined twice, a cycle closes, or the name of a layer is longer than a bundle stores.",
    remedy:
      "Export the model again; check it with the format's own checker. Give layers shorter names."),
  Explanation(
    .wrongShape, .badInput, title: "shapes do not fit",
    cause: "An operator's inputs and weights do not have shapes that fit one another.",
    remedy: "Check the layer that the message names in the source model."),
  Explanation(
    .missingWeight, .badInput, title: "weight missing",
    cause: "A layer names a weight that the file does not hold, or its weights are not constant.",
    remedy: "Export the model with its weights."),
  Explanation(
    .unknownShape, .badInput, title: "shape not known",
    cause: "A dimension other than the batch is dynamic; a chip needs fixed sizes.",
    remedy: "Export the model with a fixed input size; only the batch may vary."),
  Explanation(
    .unsupportedInterface, .badInput, title: "inputs or outputs not supported",
    cause: "The model must have one input with the batch as its first dimension, and one output.",
    remedy: "Cut the model to one input and one output before export."),
  Explanation(
    .alreadySpiking, .badInput, title: "the network spikes already",
    cause: "This step works on a conventional network, but the file holds a spiking one.",
    remedy: "Give the conventional network that it was made from."),
]
