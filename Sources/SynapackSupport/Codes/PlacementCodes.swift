extension ErrorCode {
  public static let malformedChip = ErrorCode(rawValue: "SYN0501")
  public static let unknownChip = ErrorCode(rawValue: "SYN0502")
  public static let doesNotFit = ErrorCode(rawValue: "SYN0503")
  public static let limitExceeded = ErrorCode(rawValue: "SYN0504")
  public static let malformedPlacement = ErrorCode(rawValue: "SYN0505")
  public static let unsupportedByChip = ErrorCode(rawValue: "SYN0506")
  public static let resourceExceeded = ErrorCode(rawValue: "SYN0507")
  public static let noMatching = ErrorCode(rawValue: "SYN0508")
  public static let missingNumber = ErrorCode(rawValue: "SYN0509")
  public static let chipDefaults = ErrorCode(rawValue: "SYN0510")
  public static let searchEnded = ErrorCode(rawValue: "SYN0511")
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
    cause: "The cores of the chip do not suffice for a layer, or for all layers together. The "
      + "message names the layer that takes most, the resource, the demand and the capacity.",
    remedy: "The hint lists changes that were tried and fit, with fewer weight bits or channels; "
      + "`synapack place --json` has all of them. Otherwise take a larger chip."),
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
  Explanation(
    .resourceExceeded, .badInput, title: "more of a resource than a core has",
    cause: "A layer or a single neuron takes more of a resource than any core of the chip has, or "
      + "passes a limit of the chip: no arrangement can help. The message names the layer, the "
      + "kind of core that comes nearest, the resource, the demand and the capacity.",
    remedy: "The hint lists changes that were tried and fit: other options of `synapack convert`, "
      + "narrower weights, fewer channels, a wider stride, a split layer. `synapack place --json` "
      + "has all that were tried, with what would still be missing."),
  Explanation(
    .noMatching, .badInput, title: "no matching of layers to cores",
    cause: "Each layer fits some core of the chip, and yet not all of them at once: the layers "
      + "that the message names fit the named cores alone, and these are fewer. That is a proof, "
      + "not a failed search.",
    remedy: "Take a change of the hint, merge layers, or use a chip with more cores of that kind."),
  Explanation(
    .missingNumber, .badInput, title: "a number of the chip is unpublished",
    cause: "A check needs a number of the chip that nobody published. It is not guessed.",
    remedy: "Give the number in a chip file of your own (`synapack chips ID --source` prints the "
      + "built-in one), or go without the check by `--allow SYN0509`."),
  Explanation(
    .chipDefaults, .finding, title: "defaults of the chip",
    cause: "A conversion for a chip takes the widths, schedule, reset and thresholds that the chip "
      + "carries wherever no option says otherwise. The note lists them as options.",
    remedy: "Give the option to decide yourself; what the chip does not carry is then refused."),
  Explanation(
    .searchEnded, .finding, title: "search ended early",
    cause:
      "`--max-seconds` or an interrupt ended the search for places, or for changes that make a "
      + "network fit. A placement is valid and the best that was found by then, and the changes are "
      + "those that were tried by then; how fast the machine is decides what they are.",
    remedy: "Give more seconds, or none, where the same bytes matter or a better result does."),
]
