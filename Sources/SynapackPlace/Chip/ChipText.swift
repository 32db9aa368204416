public import SynapackSupport
internal import SynapackTensor
internal import Yams

extension Chip {
  /// Reads a chip file.
  ///
  /// - Throws: `SYN0501` for text that is no YAML or too deep, a missing key, a key that chip files
  ///   do not have (with the nearest one that they have), or a value of the wrong kind.
  public init(yaml text: String) throws(PackError) {
    try ChipNode.checkBounds(text)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw PackError(
        .malformedChip, "the text is not valid YAML: \(error)", hint: "mend the chip file")
    }
    guard let root else {
      throw PackError(.malformedChip, "the chip file is empty", hint: "give a chip file")
    }
    let node = try ChipNode(
      root, "chip",
      keys: ["id", "name", "kind", "note", "mesh", "resources", "neurons", "costs"])
    id = try node.text("id")
    name = try node.text("name")
    kind = try node.choice("kind")
    note = try node.text("note", default: "")
    let mesh = try node.child("mesh", keys: ["width", "height"])
    self.mesh = Extent(
      y: try mesh.integer("height", in: 1...4096), x: try mesh.integer("width", in: 1...4096))
    resources = try Chip.resources(node)
    neurons = try Chip.capabilities(node)
    costs = try Chip.costs(node)
  }

  private static func resources(_ node: ChipNode) throws(PackError) -> [Resource] {
    var resources: [Resource] = []
    for item in try node.list("resources") {
      let entry = try ChipNode(
        item, "resources", keys: ["name", "scope", "capacity", "demand", "source"])
      let scope = try entry.text("scope")
      guard scope == "core" else { throw entry.refusal("scope", "`\(scope)`; `core` is allowed") }
      let name = try entry.text("name")
      guard !resources.contains(where: { $0.name == name }) else {
        throw entry.refusal("name", "`\(name)` a second time")
      }
      resources.append(
        Resource(
          name: name, capacity: try entry.integer("capacity", in: 0...(1 << 53)),
          demand: try DemandExpression(try entry.text("demand")),
          source: try entry.text("source")))
    }
    return resources
  }

  private static func capabilities(_ node: ChipNode) throws(PackError) -> Capabilities {
    var limits = Capabilities()
    guard node.has("neurons") else { return limits }
    let entry = try node.child(
      "neurons",
      keys: [
        "payloads", "resets", "schedules", "weight_bits", "membrane_bits", "bias_bits", "leak",
        "source",
      ])
    if entry.has("payloads") {
      for range in try entry.list("payloads") {
        limits.payloads.append(try entry.range(range, "payloads"))
      }
    }
    limits.resets = try entry.choices("resets", among: ["subtract", "zero"])
    limits.schedules = try entry.choices(
      "schedules", among: ["wavefront", "tick", "staggered", "accumulate"])
    limits.weightBits = try entry.widths("weight_bits")
    limits.membraneBits = try entry.widths("membrane_bits")
    limits.biasBits = try entry.widths("bias_bits")
    if entry.has("leak") { limits.hasLeak = try entry.boolean("leak") }
    limits.source = try entry.text("source")
    return limits
  }

  private static func costs(_ node: ChipNode) throws(PackError) -> Costs {
    var costs = Costs()
    guard node.has("costs") else { return costs }
    let entry = try node.child("costs", keys: ["E_route", "E_wire", "L_route", "L_wire"])
    costs.energyRoute = try figure(entry, "E_route")
    costs.energyWire = try figure(entry, "E_wire")
    costs.latencyRoute = try figure(entry, "L_route")
    costs.latencyWire = try figure(entry, "L_wire")
    return costs
  }

  private static func figure(_ node: ChipNode, _ key: String) throws(PackError) -> Figure? {
    guard node.has(key) else { return nil }
    let entry = try node.child(key, keys: ["value", "source"])
    return Figure(value: try entry.number("value"), source: try entry.text("source"))
  }
}
