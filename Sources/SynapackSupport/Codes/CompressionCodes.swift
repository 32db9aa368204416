extension ErrorCode {
  public static let cannotCompress = ErrorCode(rawValue: "SYN0801")
  public static let pruned = ErrorCode(rawValue: "SYN0802")
  public static let cannotResume = ErrorCode(rawValue: "SYN0803")
  public static let trainingDiverged = ErrorCode(rawValue: "SYN0804")
  public static let cannotDistil = ErrorCode(rawValue: "SYN0805")
  public static let distilled = ErrorCode(rawValue: "SYN0806")
  public static let noChannelGoes = ErrorCode(rawValue: "SYN0807")
  public static let channelsPruned = ErrorCode(rawValue: "SYN0808")
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
  Explanation(
    .cannotResume, .badInput, title: "training that cannot go on",
    cause: "The state of a training run is damaged, or belongs to a run of other samples, weights "
      + "or options. Going on from it would give neither run's result.",
    remedy: "Start the training anew, or give the inputs and options that it began with."),
  Explanation(
    .trainingDiverged, .badInput, title: "training that diverged",
    cause: "The loss or the gradients of a training step are infinite or not a number, so that no "
      + "update can follow from them.",
    remedy: "Lower the learning rate, and look for inputs that are not finite."),
  Explanation(
    .cannotDistil, .badInput, title: "a program that cannot be trained",
    cause: "Distillation needs the derivative of each neuron's rate, which it has for "
      + "integrate-and-fire neurons that reset by subtraction, and for integrators.",
    remedy: "Convert with other neurons, or without `--distil`."),
  Explanation(
    .distilled, .finding, title: "a program that was trained",
    cause: "The integers of the program were trained as `--distil` asks to give the outputs of the "
      + "source network; they are no longer a rounding of its weights.",
    remedy: "Measure the bundle with `synapack evaluate` on inputs that were in neither "
      + "calibration nor training, or leave `--distil` out."),
  Explanation(
    .noChannelGoes, .badInput, title: "a network without channels to remove",
    cause: "Channels that reach an input or an output, or an operator that mixes them, stay; those "
      + "of joined layers go together. Nothing was left of which the share asked for is one whole "
      + "channel.",
    remedy: "Use a larger share, or remove single weights with `--sparsity` alone."),
  Explanation(
    .channelsPruned, .finding, title: "channels removed",
    cause: "Whole channels were removed as `--channel-sparsity` or `--prune channel` asks, and the "
      + "weights of all layers were solved again on the calibration inputs. The layers of the "
      + "bundle are smaller than those of the source network.",
    remedy: "Measure with `synapack evaluate`, train the result with `--distil`, or lower the "
      + "share."),
]
