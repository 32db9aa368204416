public import SynapackConvert
internal import SynapackProgram
public import SynapackSupport
internal import Yams

/// Everything that decides a conversion, resolved; the same recipe on the same files gives the
/// same bytes. Stored in the bundle.
public struct Recipe: Sendable, Hashable {
  public var timesteps = 16
  public var neuron = "if"
  public var schedule = "wavefront"
  /// Whether a staggered program is written with gate spikes.
  public var gated = false
  public var method = "refit"
  public var weightBits = 8
  /// Bits of a weight on average, where layers have widths of their own; `nil` for one width.
  public var meanBits: Double?
  public var shortcutBits = 16
  /// uniform, ternary, binary or power-of-two.
  public var weightLevels = "uniform"
  /// weight; channel; or N:M: of every M weights of a row at most N stay.
  public var prune = "weight"
  /// The share of weights, or with `prune` channel of channels, that are removed.
  public var sparsity = 0.0
  /// The share of channels that are removed, whatever goes beside them.
  public var channelSparsity = 0.0
  /// second-order or nearest.
  public var solver = "second-order"
  /// What spikes cost beside errors; see ``SpikePrice``.
  public var spikePrice = 0.0
  /// What stored bits cost beside errors; see ``BitPrice``.
  public var bitPrice = 0.0
  /// Steps in which the finished program is trained; 0 for none.
  public var distilSteps = 0
  /// Steps in which a network that lost channels is trained before it is converted.
  public var distilSourceSteps = 0
  /// Their largest learning rate, after a warm-up.
  public var distilRate = 0.001
  /// Views of the inputs that training sees, as `flip,shift=2`; see ``Augmentation``.
  public var distilViews = ""
  /// What gradients of the training go back through: rates or ticks.
  public var distilThrough = "rates"
  /// What values inside the network count in training, beside its outputs; see ``Feature``.
  public var distilFeatures = 0.0
  /// What the operations of a program count in its training; see ``OperationPrice``.
  public var distilOperations = 0.0
  public var biasBits = 16
  public var membraneBits = 24
  public var readoutBits = 32
  public var inputBits = 12
  /// subtract or zero.
  public var reset = "subtract"
  /// channel or layer.
  public var thresholdScope = "channel"
  /// balanced or zero.
  public var start = "balanced"
  /// current, poisson or events.
  public var input = "current"
  /// membrane, count or first.
  public var readout = "membrane"
  public var readoutDelay = 0
  /// The share of inputs that must keep their class though they stop early; `nil` for no stop.
  public var earlyExit: Double?
  public var preprocess = ""
  public var chip: String?
  public var seed = 0
  /// Codes of losses that are accepted, ascending.
  public var allow: [String] = []

  /// The keys that were given; the others are free to follow the chip.
  public var given: Set<String> = []

  public init() {}

  /// Reads a recipe file: YAML whose keys are the long options.
  ///
  /// - Throws: `SYN0702` for bad YAML, an unknown key or a value of the wrong type.
  public init(yaml text: String) throws(PackError) {
    guard YAMLBounds.hold(text) else {
      throw Recipe.malformed("the text is larger or nested deeper than a recipe, or has anchors")
    }
    let node: Yams.Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw Recipe.malformed("the YAML cannot be read")
    }
    guard let mapping = node?.mapping else { throw Recipe.malformed("there are no keys") }
    for (key, value) in mapping {
      guard let name = key.string else { throw Recipe.malformed("a key is not text") }
      try set(name, value)
    }
  }

  /// - Throws: `SYN0702` for an unknown key or a value of the wrong type.
  mutating func set(_ key: String, _ value: Yams.Node) throws(PackError) {
    given.insert(key)
    switch key {
    case "timesteps": timesteps = try Recipe.integer(key, value)
    case "neuron": neuron = try Recipe.text(key, value)
    case "schedule": schedule = try Recipe.text(key, value)
    case "gated":
      guard let flag = value.bool else { throw Recipe.malformed("`gated` is true or false") }
      gated = flag
    case "method": method = try Recipe.text(key, value)
    case "weight-bits": weightBits = try Recipe.integer(key, value)
    case "mean-bits": meanBits = try Recipe.number(key, value)
    case "shortcut-bits": shortcutBits = try Recipe.integer(key, value)
    case "weight-levels": weightLevels = try Recipe.text(key, value)
    case "prune": prune = try Recipe.text(key, value)
    case "bit-price": bitPrice = try Recipe.number(key, value)
    case "distil-steps": distilSteps = try Recipe.integer(key, value)
    case "distil-source-steps": distilSourceSteps = try Recipe.integer(key, value)
    case "channel-sparsity": channelSparsity = try Recipe.number(key, value)
    case "distil-rate": distilRate = try Recipe.number(key, value)
    case "distil-views": distilViews = try Recipe.text(key, value)
    case "distil-through": distilThrough = try Recipe.text(key, value)
    case "distil-features": distilFeatures = try Recipe.number(key, value)
    case "distil-operations": distilOperations = try Recipe.number(key, value)
    case "sparsity": sparsity = try Recipe.number(key, value)
    case "solver": solver = try Recipe.text(key, value)
    case "spike-price": spikePrice = try Recipe.number(key, value)
    case "bias-bits": biasBits = try Recipe.integer(key, value)
    case "membrane-bits": membraneBits = try Recipe.integer(key, value)
    case "readout-bits": readoutBits = try Recipe.integer(key, value)
    case "reset": reset = try Recipe.text(key, value)
    case "threshold-scope": thresholdScope = try Recipe.text(key, value)
    case "start": start = try Recipe.text(key, value)
    case "input-bits": inputBits = try Recipe.integer(key, value)
    case "input": input = try Recipe.text(key, value)
    case "readout": readout = try Recipe.text(key, value)
    case "readout-delay": readoutDelay = try Recipe.integer(key, value)
    case "early-exit": earlyExit = try Recipe.number(key, value)
    case "preprocess": preprocess = try Recipe.text(key, value)
    case "chip": chip = try Recipe.text(key, value)
    case "seed": seed = try Recipe.integer(key, value)
    case "allow":
      if let codes = value.sequence {
        allow = []
        for code in codes { allow.append(try Recipe.text(key, code)) }
      } else {
        allow = [try Recipe.text(key, value)]
      }
    default: throw Recipe.malformed("recipes have no key `\(key)`")
    }
  }

  private static func integer(_ key: String, _ value: Yams.Node) throws(PackError) -> Int {
    guard let number = value.int else { throw malformed("`\(key)` takes a whole number") }
    return number
  }

  private static func number(_ key: String, _ value: Yams.Node) throws(PackError) -> Double {
    guard let number = value.float else { throw malformed("`\(key)` takes a number") }
    return number
  }

  private static func text(_ key: String, _ value: Yams.Node) throws(PackError) -> String {
    guard let text = value.string else { throw malformed("`\(key)` takes text") }
    return text
  }

  private static func malformed(_ message: String) -> PackError {
    PackError(.malformedRecipe, message, hint: "the keys of a recipe are the long options")
  }

  /// The options of the conversion, each checked.
  ///
  /// - Throws: `SYN0701` for a number out of range, `SYN0703` for an unknown name.
  public func options() throws(PackError) -> ConversionOptions {
    guard let neuron = Neuron(neuron) else {
      throw NumberedName.refusal(
        of: neuron, option: "neuron", Neuron.numbers,
        known: "if, signed, burst:N, multi:N or graded:BITS")
    }
    guard let schedule = Schedule(schedule) else {
      throw NumberedName.refusal(
        of: schedule, option: "schedule", ["staggered": Schedule.delays],
        known: "wavefront, tick, staggered:D or accumulate")
    }
    guard BalancingMethods.named(method) != nil else {
      throw Recipe.unknown(
        "method", method, BalancingMethods.all.map { $0.id }.joined(separator: " or "))
    }
    guard let input = InputKind(rawValue: input) else {
      throw Recipe.unknown("input", input, "current, poisson or events")
    }
    guard let reset = Reset(rawValue: reset) else {
      throw Recipe.unknown("reset", reset, "subtract or zero")
    }
    guard let scope = ThresholdScope(rawValue: thresholdScope) else {
      throw Recipe.unknown("threshold-scope", thresholdScope, "channel or layer")
    }
    guard let start = MembraneStart(rawValue: start) else {
      throw Recipe.unknown("start", start, "balanced or zero")
    }
    try checkGates(reset, start)
    for code in allow where ErrorCatalog.explanation(of: ErrorCode(rawValue: code)) == nil {
      throw Recipe.unknown("allow", code, "a code of `synapack explain`")
    }
    try checkCompression()
    try checkDistillation()
    try Recipe.check("timesteps", timesteps, 1...4_096)
    _ = try readoutRequest()
    try Recipe.check("weight-bits", weightBits, 2...16)
    try Recipe.check("bias-bits", biasBits, 4...32)
    try Recipe.check("membrane-bits", membraneBits, 8...32)
    try Recipe.check("shortcut-bits", shortcutBits, 2...16)
    try Recipe.check("readout-bits", readoutBits, 8...32)
    try Recipe.check("input-bits", inputBits, 2...16)
    var options = ConversionOptions(
      timesteps: timesteps, schedule: schedule, payloads: neuron.payloads, coding: neuron.coding,
      reset: reset, method: method, weightBits: try storedBits(), shortcutBits: shortcutBits,
      biasBits: biasBits,
      membraneBits: membraneBits, readoutBits: readoutBits, inputBits: inputBits,
      thresholdScope: scope, start: start, input: input, seed: UInt64(bitPattern: Int64(seed)))
    options.narrowsWeights = meanBits != nil
    return options
  }

  /// How the program is read, checked.
  ///
  /// - Throws: `SYN0701` for a number out of range, `SYN0703` for an unknown name.
  public func readoutRequest() throws(PackError) -> ReadoutRequest {
    let decodings: [String: OutputDecoding] = [
      "membrane": .membrane, "count": .count, "first": .count,
    ]
    guard let decoding = decodings[readout] else {
      throw Recipe.unknown("readout", readout, "membrane, count or first")
    }
    try Recipe.check("readout-delay", readoutDelay, 0...4_095)
    if let earlyExit, !(0.5..<1).contains(earlyExit) {
      throw PackError(
        .badOption, "a share of \(earlyExit); 0.5 up to but not including 1 can leave early",
        at: .option("--early-exit"), hint: "use a share such as 0.99, or leave it out")
    }
    guard earlyExit == nil || timesteps != readoutDelay + 1 else {
      throw PackError(
        .badOption, "the readout has one tick, and nothing can leave before it",
        at: .option("--early-exit"), hint: "use more --timesteps, or leave it out")
    }
    let exit: ExitMeasure? = readout == "first" ? .level : earlyExit == nil ? nil : .margin
    return ReadoutRequest(
      decoding: decoding, discards: readoutDelay, exit: exit, agreement: earlyExit ?? 0.99,
      isExitAskedFor: exit == nil || earlyExit != nil,
      start: decoding == .count ? MembraneStart(rawValue: start) ?? .balanced : .balanced)
  }

  static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(PackError) {
    guard range.contains(value) else {
      throw PackError(
        .badOption, "\(value) is out of range; \(range.lowerBound) to \(range.upperBound)",
        at: .option("--" + name), hint: "choose a value in the range")
    }
  }

  static func unknown(_ option: String, _ value: String, _ known: String) -> PackError {
    PackError(
      .unknownName, "there is no \(option) `\(value)`", at: .option("--" + option),
      hint: "use " + known)
  }

  /// The canonical form that the bundle stores.
  public var json: JSON {
    .object([
      "timesteps": .integer(timesteps), "neuron": .string(neuron), "schedule": .string(schedule),
      "gated": .bool(gated), "method": .string(method), "weightBits": .integer(weightBits),
      "meanBits": meanBits.map(JSON.number) ?? .null,
      "shortcutBits": .integer(shortcutBits), "weightLevels": .string(weightLevels),
      "prune": .string(prune),
      "sparsity": .number(sparsity), "solver": .string(solver),
      "spikePrice": .number(spikePrice), "bitPrice": .number(bitPrice),
      "channelSparsity": .number(channelSparsity),
      "distilSourceSteps": .integer(distilSourceSteps),
      "distilSteps": .integer(distilSteps), "distilRate": .number(distilRate),
      "distilViews": .string(distilViews), "distilThrough": .string(distilThrough),
      "distilFeatures": .number(distilFeatures),
      "distilOperations": .number(distilOperations),
      "biasBits": .integer(biasBits), "membraneBits": .integer(membraneBits),
      "readoutBits": .integer(readoutBits), "reset": .string(reset),
      "thresholdScope": .string(thresholdScope), "start": .string(start),
      "inputBits": .integer(inputBits), "input": .string(input),
      "readout": .string(readout),
      "readoutDelay": .integer(readoutDelay),
      "earlyExit": earlyExit.map(JSON.number) ?? .null, "preprocess": .string(preprocess),
      "chip": chip.map(JSON.string) ?? .null, "seed": .integer(seed),
      "allow": .array(allow.sorted().map(JSON.string)),
    ])
  }
}
