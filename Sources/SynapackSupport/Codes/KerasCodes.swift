extension ErrorCode {
  public static let kerasCode = ErrorCode(rawValue: "SYN0227")
  public static let trainingLayer = ErrorCode(rawValue: "SYN0228")
  public static let otherPrecision = ErrorCode(rawValue: "SYN0229")
}

/// Keras models, SYN0227 to SYN0229.
let kerasExplanations: [Explanation] = [
  Explanation(
    .kerasCode, .badInput, title: "model asks for code to be run",
    cause: "The configuration holds a Lambda layer, a marshalled function, or an object of a "
      + "module that is not Keras. Loading such a model in Keras runs what its author wrote; here "
      + "a configuration is data, and nothing in it is ever evaluated.",
    remedy: "Replace the layer by standard ones and save the model again. Do not load the file "
      + "elsewhere unless you trust its author."),
  Explanation(
    .trainingLayer, .finding, title: "training-only layer left out",
    cause: "Dropout, noise and augmentation layers act in training alone; at inference they pass "
      + "their input on unchanged, so they have no node in the graph.",
    remedy: "Nothing needs to be done."),
  Explanation(
    .otherPrecision, .finding, title: "model computed in another precision",
    cause: "The layers of the model compute in another number format than float32. Its weights "
      + "are read as they are, but everything here is computed in float32, which rounds otherwise.",
    remedy: "Compare the accuracy with `synapack evaluate`; save the model as float32 where it "
      + "matters."),
]
