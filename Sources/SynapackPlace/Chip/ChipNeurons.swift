internal import SynapackSupport
internal import Yams

/// Reads what the neurons and weights of a chip file can be.
enum ChipNeurons {
  static func capabilities(_ node: ChipNode) throws(PackError) -> Chip.Capabilities {
    var limits = Chip.Capabilities()
    guard node.has("neurons") else { return limits }
    let entry = try node.child(
      "neurons",
      keys: [
        "payloads", "input_payloads", "inputs", "resets", "schedules", "weight_bits",
        "membrane_bits", "bias_bits", "delays", "leak", "threshold_scope", "source",
      ])
    limits.payloads = try ranges(entry, "payloads")
    limits.inputPayloads = try ranges(entry, "input_payloads")
    limits.inputs = try entry.choices("inputs", among: ["current", "poisson", "events"])
    limits.resets = try entry.choices("resets", among: ["subtract", "zero"])
    limits.schedules = try entry.choices(
      "schedules", among: ["wavefront", "tick", "staggered", "accumulate"])
    limits.weightBits = try entry.widths("weight_bits")
    limits.membraneBits = try entry.widths("membrane_bits")
    limits.biasBits = try entry.widths("bias_bits")
    if entry.has("delays") { limits.delays = try entry.range("delays") }
    if entry.has("leak") { limits.hasLeak = try entry.boolean("leak") }
    if entry.has("threshold_scope") { limits.thresholdScope = try entry.choice("threshold_scope") }
    limits.source = try entry.text("source")
    return limits
  }

  private static func ranges(
    _ entry: ChipNode, _ key: String
  ) throws(PackError) -> [ClosedRange<Int>] {
    guard entry.has(key) else { return [] }
    var ranges: [ClosedRange<Int>] = []
    for range in try entry.list(key) { ranges.append(try entry.range(range, key)) }
    return ranges
  }

  static func weights(_ node: ChipNode) throws(PackError) -> Chip.WeightEncoding? {
    guard node.has("weights") else { return nil }
    let entry = try node.child(
      "weights", keys: ["encoding", "bits", "exponents", "entries", "source"])
    return Chip.WeightEncoding(
      encoding: try entry.choice("encoding"),
      bits: try entry.has("bits") ? entry.integers("bits") : [],
      exponents: try entry.has("exponents") ? entry.range("exponents") : nil,
      entries: try entry.has("entries") ? entry.integer("entries", in: 1...65536) : nil,
      source: try entry.text("source"))
  }
}
