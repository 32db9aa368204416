extension ErrorCode {
  public static let assumedDialect = ErrorCode(rawValue: "SYN0270")
  public static let badDialect = ErrorCode(rawValue: "SYN0271")
  public static let recurrentNetwork = ErrorCode(rawValue: "SYN0272")
  public static let temporalNeuron = ErrorCode(rawValue: "SYN0273")
  public static let malformedNIR = ErrorCode(rawValue: "SYN0274")
  public static let misreadNIR = ErrorCode(rawValue: "SYN0275")
}

/// NIR files and networks that spike already, SYN0270 to SYN0275.
let nirExplanations: [Explanation] = [
  Explanation(
    .assumedDialect, .finding, title: "meaning of the file assumed",
    cause: "NIR states neurons in continuous time with a reset to a potential, and no unit, time "
      + "step or producer. Exporters write other neurons in the same words: reset by subtraction "
      + "above all. What the file does not say is assumed, by the rule that the finding names.",
    remedy: "State it: `--dialect reset=subtract,dt=1e-4,tau=s,producer=snntorch`."),
  Explanation(
    .badDialect, .usage, title: "dialect not understood",
    cause: "A part of `--dialect` has an unknown key, no value, or a value out of range, or it "
      + "contradicts the file.",
    remedy: "The keys are reset (subtract, zero, value), dt (seconds), tau (s, ms), integration "
      + "(euler, exponential), payload (the most spikes of a neuron in a tick) and producer."),
  Explanation(
    .recurrentNetwork, .badInput, title: "recurrent network",
    cause: "The edges form a cycle. A graph is run layer by layer here, and a value that depends "
      + "on itself a tick earlier has no place in it.",
    remedy: "Use a network without recurrent connections."),
  Explanation(
    .temporalNeuron, .badInput, title: "neuron that no program carries",
    cause: "The network has leaky or filtered neurons, hard resets, delays or readouts of a "
      + "membrane in its middle. It can be inspected, but a program has integrate-and-fire neurons "
      + "with reset by subtraction alone.",
    remedy: "Use integrate-and-fire neurons; if the file only fails to say that they subtract, say "
      + "so with `--dialect reset=subtract`."),
  Explanation(
    .malformedNIR, .badInput, title: "malformed NIR file",
    cause: "A node lacks a field, has one that its type does not know, or the edges name nodes "
      + "that are not there.",
    remedy: "Write the file again with `nir.write`."),
  Explanation(
    .misreadNIR, .finding, title: "NIR file that a reader takes for another network",
    cause:
      "The same node means another neuron to each reader of NIR files: sinabs subtracts, norse "
      + "and snnTorch fire above the threshold, SpikingJelly refuses thresholds that differ, and "
      + "nir itself infers shapes of square, ungrouped kernels alone, and Rockpool reads no IF.",
    remedy: "Export a bundle for that reader, such as `--target nir-norse`, or change the node."),
]
