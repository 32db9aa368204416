extension ErrorCode {
  public static let neuronNotCarried = ErrorCode(rawValue: "SYN0741")
  public static let scheduleNotCarried = ErrorCode(rawValue: "SYN0742")
  public static let valueNotCarried = ErrorCode(rawValue: "SYN0743")
  public static let saturationNotCarried = ErrorCode(rawValue: "SYN0744")
  public static let structureNotCarried = ErrorCode(rawValue: "SYN0745")
  public static let inputNotCarried = ErrorCode(rawValue: "SYN0746")
  public static let readoutNotCarried = ErrorCode(rawValue: "SYN0747")
  public static let ticksNotCarried = ErrorCode(rawValue: "SYN0748")
}

/// Exports, SYN0741 to SYN0759.
let exportExplanations: [Explanation] = [
  Explanation(
    .neuronNotCarried, .badInput, title: "neuron that the target does not have",
    cause: "A layer's neurons reset, leak, remember, start or send in a way that the target's "
      + "neurons do not, so the exported network would be another one.",
    remedy: "Convert for the target, for example with `--neuron if` and a `--chip` of its kind; "
      + "`synapack export --list` shows what each target carries."),
  Explanation(
    .scheduleNotCarried, .badInput, title: "schedule that the target does not have",
    cause: "The target moves spikes from layer to layer at other times than the program does, so "
      + "the same weights would give other spikes.",
    remedy: "Convert with a `--schedule` that the target carries; `synapack export --list` shows "
      + "them."),
  Explanation(
    .valueNotCarried, .badInput, title: "value outside the target's width",
    cause:
      "A weight, threshold, bias or initial membrane does not fit the registers of the target, "
      + "or the target has one value where the program has several.",
    remedy: "Convert again with the widths that the message names."),
  Explanation(
    .saturationNotCarried, .badInput, title: "membrane that could saturate",
    cause: "The program's membranes stop at their floor and ceiling; the target's do not, or do "
      + "so elsewhere, and the weights do not rule out that a membrane gets there.",
    remedy: "Convert again with wider membranes (`--membrane-bits 32`), so that no sum reaches the "
      + "end."),
  Explanation(
    .structureNotCarried, .badInput, title: "connection that the target does not have",
    cause: "The target cannot express how two layers are connected: a relay, a shortcut, groups, a "
      + "kernel, a stride or a padding.",
    remedy: "Change the layer that the message names, or choose a target that carries it."),
  Explanation(
    .inputNotCarried, .badInput, title: "input that the target does not take",
    cause: "The program's input sends payloads that the target's input cannot, such as currents of "
      + "eight bits where the target takes spikes alone.",
    remedy: "Convert again with an input that the target takes, for example `--input poisson`."),
  Explanation(
    .readoutNotCarried, .badInput, title: "readout that the target does not do",
    cause: "The way in which scores are read, or a rule of the host that goes with them, is not "
      + "part of the target's files.",
    remedy:
      "Convert again with the readout that the message names, or choose a target that reads scores "
      + "as the program does."),
  Explanation(
    .ticksNotCarried, .badInput, title: "ticks that the target does not have",
    cause: "The chip works event by event and has no ticks, so its neurons see the same weights in "
      + "another order and send other spikes than the program that was measured.",
    remedy: "Choose a target with ticks, or accept the loss with `--allow SYN0748` and measure the "
      + "accuracy on the chip."),
]
