extension ErrorCode {
  public static let cannotSpike = ErrorCode(rawValue: "SYN0301")
  public static let maxPoolByTournament = ErrorCode(rawValue: "SYN0302")
  public static let droppedSoftmax = ErrorCode(rawValue: "SYN0303")
  public static let linearByPair = ErrorCode(rawValue: "SYN0304")
  public static let deadChannels = ErrorCode(rawValue: "SYN0305")
  public static let narrowedBias = ErrorCode(rawValue: "SYN0306")
  public static let coarseThreshold = ErrorCode(rawValue: "SYN0307")
  public static let lossRefused = ErrorCode(rawValue: "SYN0308")
  public static let emptyCalibration = ErrorCode(rawValue: "SYN0309")
  public static let clippedInput = ErrorCode(rawValue: "SYN0310")
  public static let droppedActivationLevels = ErrorCode(rawValue: "SYN0311")
  public static let fitLimited = ErrorCode(rawValue: "SYN0312")
  public static let countedReadout = ErrorCode(rawValue: "SYN0313")
  public static let earlyExit = ErrorCode(rawValue: "SYN0314")
  public static let cannotGate = ErrorCode(rawValue: "SYN0315")
  public static let constantCalibration = ErrorCode(rawValue: "SYN0319")
  public static let forgetfulReset = ErrorCode(rawValue: "SYN0320")
  public static let zeroStart = ErrorCode(rawValue: "SYN0321")
  public static let compensatedOperator = ErrorCode(rawValue: "SYN0316")
  public static let narrowedInput = ErrorCode(rawValue: "SYN0317")
  public static let gateCost = ErrorCode(rawValue: "SYN0322")
  public static let lostDecisions = ErrorCode(rawValue: "SYN0323")
  public static let activationByPieces = ErrorCode(rawValue: "SYN0318")
}

/// Conversion to spikes and its loss ledger, SYN03xx.
let conversionExplanations: [Explanation] = [
  Explanation(
    .cannotSpike, .badInput, title: "no spiking form",
    cause: "The model imports and runs dense, but a layer has no exact spiking form in this build. "
      + "`synapack inspect` names each such layer. `evaluate --explain` refuses so what it cannot hold "
      + "against the source network, such as a readout that counts spikes.",
    remedy:
      "Replace the layer as the message says, for example by ReLU or average pooling; explain "
      + "the same conversion with `--readout membrane`."),
  Explanation(
    .maxPoolByTournament, .finding, title: "max-pooling by a tournament",
    cause: "max(a, b) = b + relu(a - b) is computed with integrate-and-fire neurons. It is exact "
      + "in the rate domain and under `accumulate`; under the other schedules the order of "
      + "spikes within the window can add a spike.",
    remedy: "Accept it, use `--schedule accumulate`, or train with average pooling."),
  Explanation(
    .droppedSoftmax, .finding, title: "softmax dropped",
    cause: "A softmax at the output changes no decision, so the program ends before it; its output "
      + "is logits, not probabilities.",
    remedy: "Nothing, unless probabilities are needed: then apply softmax on the host."),
  Explanation(
    .linearByPair, .finding, title: "signed value by a pair of neurons",
    cause: "A wire without a ReLU carries both signs. With payloads of one sign it is carried by "
      + "two neurons, one for each sign.",
    remedy: "Use `--neuron signed` where the chip has signed spikes."),
  Explanation(
    .deadChannels, .finding, title: "channels that never fire",
    cause: "Calibration saw no positive activation in these channels, so their thresholds are set "
      + "by the layer's other channels.",
    remedy: "Give calibration data that covers the inputs; dead channels can be pruned."),
  Explanation(
    .fitLimited, .finding, title: "fit held back",
    cause:
      "A layer-by-layer fit works on as many calibration inputs as memory and ticks allow, and "
      + "leaves the weights of layers with more than 6,144 inputs a neuron as they are. What it "
      + "left out is named; the program is sound, only less fitted.",
    remedy: "Nothing; fewer ticks or a smaller model would use more inputs."),
  Explanation(
    .countedReadout, .finding, title: "outputs read by counting spikes",
    cause: "With `--readout count` or `first` the output neurons spike and their payloads are "
      + "counted. Counts are coarser than membranes: classes can tie, and the share of "
      + "calibration inputs that keep their class is measured.",
    remedy: "Use more ticks or a wider payload, or `--readout membrane` where the chip allows it."),
  Explanation(
    .earlyExit, .finding, title: "samples that stop early",
    cause: "An exit rule stops a sample once it is sure enough. Some samples would have changed "
      + "their class later; the rule is calibrated for a stated share that would not.",
    remedy: "Raise `--early-exit`, or leave it out to run every tick."),
  Explanation(
    .cannotGate, .badInput, title: "windows that cannot be gated",
    cause: "`--gated` writes a staggered program with gate spikes for neurons that fire whenever "
      + "they can. That needs windows, payloads of one sign, reset by subtraction, and membranes "
      + "that are proved not to saturate.",
    remedy: "Use `--schedule staggered:1` with `--neuron if`, `burst` or `multi`, and raise "
      + "`--membrane-bits`."),
  Explanation(
    .narrowedBias, .finding, title: "bias or threshold large against the weights",
    cause: "The unit of a channel's membrane is widened until its bias and threshold fit their "
      + "widths, so that the channel's weights use fewer of their bits.",
    remedy: "Raise `--bias-bits` or `--membrane-bits`, or accept it."),
  Explanation(
    .coarseThreshold, .finding, title: "threshold on a coarse grid",
    cause: "The weights of a channel are large against its threshold, so that the integer "
      + "threshold has few steps and its channel's weights are rounded more than their bits say.",
    remedy: "Raise `--weight-bits`."),
  Explanation(
    .lossRefused, .badInput, title: "lossy result refused",
    cause: "A stage could not carry something exactly and the loss ledger holds an entry of "
      + "severity error. By default such a result is not written.",
    remedy: "Accept the loss by name with `--allow CODE`, or remove its cause."),
  Explanation(
    .emptyCalibration, .badInput, title: "no calibration inputs",
    cause: "Thresholds are set from the activations of real inputs; there were none.",
    remedy: "Give at least a few dozen unlabelled inputs with `--calibration`."),
  Explanation(
    .constantCalibration, .finding, title: "calibration inputs that tell no thresholds",
    cause:
      "All calibration inputs are the same, such as zero, or they are few, or they are so much "
      + "larger or smaller than what the model was trained on that its biases, or the inputs, count for "
      + "nothing. Thresholds that are set from them fit no real input.",
    remedy:
      "Check the file and `--preprocess`; give a few hundred real inputs with `--calibration`."),
  Explanation(
    .forgetfulReset, .finding, title: "neurons that forget at a spike",
    cause: "With `--reset zero` a spike throws away what the membrane holds above the threshold. "
      + "Methods that try neurons try them as they are; others balance for reset by subtraction. What "
      + "uneven input does to neurons that forget is not known by layer; what they cost in all is "
      + "measured on the calibration inputs.",
    remedy:
      "Use `--reset subtract` unless the chip has nothing else; there, `--method refit` loses "
      + "least, and `synapack evaluate` measures how much."),
  Explanation(
    .zeroStart, .finding, title: "membranes that start at zero",
    cause:
      "With `--start zero` membranes begin empty, not where rounding up and down are even. What "
      + "the start gave is spread over the biases of all ticks, and methods that try neurons try them "
      + "so; spikes still come later. What that costs is measured on the calibration inputs.",
    remedy:
      "Use `--start balanced` unless the target has nothing else; there, `--method refit` or more "
      + "`--timesteps` lose less, and `synapack evaluate` measures how much."),
  Explanation(
    .lostDecisions, .finding, title: "a conversion that loses many decisions",
    cause:
      "The program was run on some of the calibration inputs, and for many of them its largest score is "
      + "not that of the model: the method, the timesteps or the widths carry too little of it.",
    remedy:
      "Use the default `--method refit`, more `--timesteps`, a longer `--schedule staggered:D` or wider "
      + "numbers; `synapack evaluate --explain` says which layer loses what."),
  Explanation(
    .gateCost, .finding, title: "operations of gates",
    cause:
      "With `--gated` clock neurons open and close the windows of every layer, which costs spikes and "
      + "additions that the program without gates does not have. A gate heavier than one weight of 16 bits "
      + "holds takes several clock neurons.",
    remedy:
      "Use fewer `--weight-bits` or `--timesteps`, so that gates are lighter; export without gates "
      + "where the chip has windows of its own."),
  Explanation(
    .clippedInput, .finding, title: "inputs of another range than the calibrated one",
    cause: "Some inputs lie outside the range that the input encoding was made for and were "
      + "clipped to it, or all of them fill only a small part of it.",
    remedy: "Check the data and `--preprocess`; calibrate with inputs that cover the range."),
  Explanation(
    .droppedActivationLevels, .finding, title: "integer levels of activations dropped",
    cause: "The model rounds its activations to integers, as models quantized for integer kernels "
      + "do. A spiking program has levels of its own, so the rounding is taken out before the "
      + "conversion; limits that act as a ReLU stay.",
    remedy: "Nothing; compare the program's accuracy with that of the model, or convert the model "
      + "that it was quantized from."),
  Explanation(
    .activationByPieces, .finding, title: "smooth activation by straight pieces",
    cause: "GELU, SiLU, sigmoid and their like have no exact form in integrate-and-fire neurons. "
      + "Each is replaced by a sum of clipped rectifiers, one population a piece, with the stated "
      + "largest error over all inputs.",
    remedy: "Accept it, or train with ReLU or ReLU6, which one neuron computes."),
  Explanation(
    .compensatedOperator, .finding, title: "operator by compensated neurons",
    cause: "Products of two activations, softmax, layer normalization, and smooth activations in "
      + "a network that has these, are computed by neurons that hold the running mean of their "
      + "input and send what the operator's running result still owes. They multiply, which an "
      + "integrate-and-fire neuron does not; no chip preset carries them, and a placement on one "
      + "that does not is refused.",
    remedy: "Run the program on a processor, or use a network without these operators."),
  Explanation(
    .narrowedInput, .finding, title: "input narrowed to the payloads",
    cause: "In a network with residual streams the input meets other layers' payloads in one "
      + "neuron, whose weights share one unit. An input of many more bits would leave its weights "
      + "few levels, so it takes as many bits as round it and its weights alike, at least 4.",
    remedy: "Nothing; `--neuron multi:N` with a larger N and wider `--weight-bits` keep more bits."),
]
