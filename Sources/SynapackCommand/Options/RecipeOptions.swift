import ArgumentParser
import Synapack
import SynapackSupport

/// What a conversion is asked for. A flag wins over the recipe file.
struct RecipeOptions: ParsableArguments {
  @Option(name: .long, help: "A recipe file: YAML whose keys are these options.")
  var recipe: String?

  @Option(name: .long, help: "From the file's numbers to the model's, e.g. \"scale=1/255\".")
  var preprocess: String?

  @Option(name: .long, help: "if, signed, burst:N, multi:N or graded:BITS (default: if).")
  var neuron: String?

  @Option(
    name: .long, help: "wavefront, tick, staggered:D or accumulate (default: wavefront).")
  var schedule: String?

  @Flag(
    name: .long,
    help: "Write a staggered program with gate spikes, for neurons that fire whenever they can.")
  var gated = false

  @Option(name: .long, help: "Balancing method; see `synapack methods` (default: refit).")
  var method: String?

  @Option(name: .long, help: "Bits of a weight, sign included (default: 8).")
  var weightBits: Int?

  @Option(
    name: .long,
    help: """
      Bits of a weight on average: layers get widths of their own, --weight-bits at most, by what \
      each costs the scores.
      """)
  var meanBits: Double?

  @Option(
    name: .long,
    help: """
      Bits of a shortcut, which is one weight a channel and may be wider than the others, at most \
      (default: 16).
      """)
  var shortcutBits: Int?

  @Option(
    name: .long,
    help: """
      Levels of a weight: uniform or power-of-two of --weight-bits, ternary, binary, or axon-table \
      (default: uniform).
      """)
  var weightLevels: String?

  @Option(
    name: .long,
    help: """
      What goes: weight; channel, so that layers are smaller; or N:M, of M weights of a row at \
      most N stay (default: weight).
      """)
  var prune: String?

  @Option(
    name: .long, help: "The share of whole channels to remove beside weights (default: 0).")
  var channelSparsity: Double?

  @Option(
    name: .long,
    help: "What stored bits cost beside errors, e.g. 0.3; more makes files smaller (default: 0).")
  var bitPrice: Double?

  @Option(name: .long, help: "The share of what --prune says to remove, 0 up to 1 (default: 0).")
  var sparsity: Double?

  @Option(
    name: .long,
    help: "What spikes cost beside errors, e.g. 0.1; more makes them fewer (default: 0).")
  var spikePrice: Double?

  @Option(
    name: .long,
    help: "How weights are removed and rounded: second-order or nearest (default: second-order).")
  var solver: String?

  @Option(name: .long, help: "Bits of a bias (default: 16).")
  var biasBits: Int?

  @Option(name: .long, help: "Bits of a membrane (default: 24).")
  var membraneBits: Int?

  @Option(
    name: .long, help: "Bits of the membranes that are read out, at most (default: 32).")
  var readoutBits: Int?

  @Option(name: .long, help: "What a spike does to the membrane: subtract or zero.")
  var reset: String?

  @Option(
    name: .long,
    help: "One threshold a channel, or a layer for chips that have no more (default: channel).")
  var thresholdScope: String?

  @Option(
    name: .long,
    help: """
      What membranes start at: balanced, as the method has it, or zero, for targets that know no \
      other start (default: balanced).
      """)
  var start: String?

  @Option(name: .long, help: "Bits of an input value (default: 12).")
  var inputBits: Int?

  @Option(
    name: .long,
    help: """
      current, poisson, or events: recorded frames, data [N, T, ...] (default: current).
      """)
  var input: String?

  @Option(
    name: .long,
    help: """
      membrane, count (of spikes) or first (class to reach a count), default: membrane.
      """)
  var readout: String?

  @Option(name: .long, help: "Ticks of warm-up that the readout leaves out (default: 0).")
  var readoutDelay: Int?

  @Option(
    name: .long,
    help: """
      Stop a sample early where this share of inputs like the calibration inputs keeps its class, \
      told with 95 % confidence: 0.95 takes 59 inputs that the limits are not made from, 0.99 takes \
      299 (default: never).
      """)
  var earlyExit: Double?

  @Option(
    name: .long,
    help: "Target chip: a name of `synapack chips` or a YAML file; NAME:2x1 for several.")
  var chip: String?

  @Option(name: .long, help: "Accept the losses of this code; may be repeated.")
  var allow: [String] = []

  @Option(name: .long, help: "Every random choice derives from it (default: 0).")
  var seed: Int?

  /// The recipe file, if any, or else `base`, with the flags laid over it.
  func resolved(
    timesteps: Int?, over base: Recipe = Recipe()
  ) throws(PackError) -> Recipe {
    var result = base
    if let recipe { result = try Recipe(path: recipe) }
    result.timesteps = timesteps ?? result.timesteps
    result.preprocess = preprocess ?? result.preprocess
    result.neuron = neuron ?? result.neuron
    result.schedule = schedule ?? result.schedule
    result.gated = gated || result.gated
    result.method = method ?? result.method
    result.weightBits = weightBits ?? result.weightBits
    result.meanBits = meanBits ?? result.meanBits
    result.shortcutBits = shortcutBits ?? result.shortcutBits
    result.sparsity = sparsity ?? result.sparsity
    result.channelSparsity = channelSparsity ?? result.channelSparsity
    result.weightLevels = weightLevels ?? result.weightLevels
    result.prune = prune ?? result.prune
    result.bitPrice = bitPrice ?? result.bitPrice
    result.spikePrice = spikePrice ?? result.spikePrice
    result.solver = solver ?? result.solver
    result.biasBits = biasBits ?? result.biasBits
    result.membraneBits = membraneBits ?? result.membraneBits
    result.readoutBits = readoutBits ?? result.readoutBits
    result.reset = reset ?? result.reset
    result.thresholdScope = thresholdScope ?? result.thresholdScope
    result.start = start ?? result.start
    result.inputBits = inputBits ?? result.inputBits
    result.input = input ?? result.input
    result.readout = readout ?? result.readout
    result.readoutDelay = readoutDelay ?? result.readoutDelay
    result.earlyExit = earlyExit ?? result.earlyExit
    result.chip = chip ?? result.chip
    result.seed = seed ?? result.seed
    result.allow += allow
    result.given.formUnion(given.filter(RecipeOptions.ofChips.contains))
    return result
  }

  /// The keys whose options stand although a chip has other defaults.
  private static let ofChips: Set = [
    "schedule", "input", "reset", "threshold-scope", "weight-bits", "shortcut-bits", "bias-bits",
    "membrane-bits", "readout-bits",
  ]

  /// The keys of the options that were given, the recipe file's own first; not that of the
  /// preprocessing, which is no matter of a conversion alone.
  var given: [String] {
    let keys: [(String, Bool)] = [
      ("recipe", recipe != nil), ("neuron", neuron != nil), ("schedule", schedule != nil),
      ("gated", gated), ("method", method != nil), ("weight-bits", weightBits != nil),
      ("mean-bits", meanBits != nil), ("shortcut-bits", shortcutBits != nil),
      ("weight-levels", weightLevels != nil), ("prune", prune != nil),
      ("channel-sparsity", channelSparsity != nil), ("bit-price", bitPrice != nil),
      ("sparsity", sparsity != nil), ("spike-price", spikePrice != nil),
      ("solver", solver != nil), ("bias-bits", biasBits != nil),
      ("membrane-bits", membraneBits != nil), ("readout-bits", readoutBits != nil),
      ("reset", reset != nil), ("threshold-scope", thresholdScope != nil),
      ("start", start != nil), ("input-bits", inputBits != nil), ("input", input != nil),
      ("readout", readout != nil),
      ("readout-delay", readoutDelay != nil), ("early-exit", earlyExit != nil),
      ("chip", chip != nil), ("allow", !allow.isEmpty), ("seed", seed != nil),
    ]
    return keys.filter(\.1).map(\.0)
  }
}
