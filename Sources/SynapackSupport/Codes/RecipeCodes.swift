extension ErrorCode {
  public static let badOption = ErrorCode(rawValue: "SYN0701")
  public static let malformedRecipe = ErrorCode(rawValue: "SYN0702")
  public static let unknownName = ErrorCode(rawValue: "SYN0703")
  public static let malformedPreprocess = ErrorCode(rawValue: "SYN0704")
  public static let defect = ErrorCode(rawValue: "SYN0901")
}

/// Recipes, options and defects of our own, SYN07xx and SYN09xx.
let recipeExplanations: [Explanation] = [
  Explanation(
    .badOption, .usage, title: "option out of range",
    cause: "An option has a value that it does not take.",
    remedy: "See `synapack help COMMAND`."),
  Explanation(
    .malformedRecipe, .usage, title: "malformed recipe",
    cause: "The recipe is not valid YAML, or has a key that recipes do not have.",
    remedy: "Mend the key that the message names; the keys are the long options."),
  Explanation(
    .unknownName, .usage, title: "unknown name",
    cause: "A method, schedule, neuron or format of that name does not exist in this build.",
    remedy: "List the names with `synapack methods`, `formats` or `chips`."),
  Explanation(
    .malformedPreprocess, .usage, title: "malformed preprocessing",
    cause: "`--preprocess` takes comma-separated `scale=`, `mean=`, `std=` and `layout=`; numbers "
      + "may be fractions such as 1/255, and one number a channel is separated by colons.",
    remedy: "For example: `--preprocess \"scale=1/255,mean=0.5,std=0.25,layout=nhwc\"`."),
  Explanation(
    .defect, .defect, title: "defect of Synapack",
    cause: "A stage produced something that its own check refuses. The input is not to blame.",
    remedy: "Please report it with the command and, if possible, the file."),
]
