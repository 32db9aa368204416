extension ErrorCode {
  public static let malformedChip = ErrorCode(rawValue: "SYN0501")
  public static let unknownChip = ErrorCode(rawValue: "SYN0502")
  public static let doesNotFit = ErrorCode(rawValue: "SYN0503")
  public static let limitExceeded = ErrorCode(rawValue: "SYN0504")
  public static let malformedPlacement = ErrorCode(rawValue: "SYN0505")
  public static let unsupportedByChip = ErrorCode(rawValue: "SYN0506")
}

/// Chips and placement, SYN05xx.
let placementExplanations: [Explanation] = [
  Explanation(
    .malformedChip, .badInput, title: "malformed chip file",
    cause: "The chip file is not valid YAML, misses a number, has an unknown key or an expression "
      + "that cannot be read. Unknown keys are refused, because a mistyped limit is no limit.",
    remedy: "Mend the line that the message names; `schemas/chip.schema.json` lists the keys."),
  Explanation(
    .unknownChip, .usage, title: "unknown chip",
    cause: "No chip of that name is built in and no file of that name exists.",
    remedy: "List the chips with `synapack chips`, or give the path of a chip file."),
  Explanation(
    .doesNotFit, .badInput, title: "the network does not fit the chip",
    cause: "A layer, or all layers together, need more of a resource than the chip has. The "
      + "message names the layer, the resource, the demand and the capacity.",
    remedy: "Use fewer weight bits, a smaller network or a larger chip."),
  Explanation(
    .limitExceeded, .finding, title: "chip limit exceeded",
    cause: "The stored placement puts more on a core than the chip file allows.",
    remedy: "Place the program again with `synapack place`."),
  Explanation(
    .malformedPlacement, .badInput, title: "malformed placement",
    cause: "The placement does not belong to its program: a neuron has no core or two, a slice "
      + "leaves its population, or a route is missing.",
    remedy: "Place the program again."),
  Explanation(
    .unsupportedByChip, .badInput, title: "not carried by the chip",
    cause: "The program uses a payload range, reset, schedule or width that the chip file does "
      + "not list. It is refused, never approximated.",
    remedy: "Convert with `--chip`, so that the defaults are those of the chip."),
]
