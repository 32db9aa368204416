internal import SynapackSupport
internal import Yams

/// Reads routing, costs, energies and what is unpublished from a chip file.
enum ChipCosts {
  static func costs(_ node: ChipNode) throws(PackError) -> Chip.Costs {
    var costs = Chip.Costs()
    guard node.has("costs") else { return costs }
    let entry = try node.child("costs", keys: ["E_route", "E_wire", "L_route", "L_wire"])
    costs.energyRoute = try figure(entry, "E_route")
    costs.energyWire = try figure(entry, "E_wire")
    costs.latencyRoute = try figure(entry, "L_route")
    costs.latencyWire = try figure(entry, "L_wire")
    return costs
  }

  private static func figure(_ node: ChipNode, _ key: String) throws(PackError) -> Chip.Figure? {
    guard node.has(key) else { return nil }
    let entry = try node.child(key, keys: ["value", "source"])
    return Chip.Figure(value: try entry.number("value"), source: try entry.text("source"))
  }

  static func routing(_ node: ChipNode) throws(PackError) -> Chip.Routing? {
    guard node.has("routing") else { return nil }
    let entry = try node.child("routing", keys: ["topology", "multicast", "source"])
    return Chip.Routing(
      topology: try entry.choice("topology"), multicast: try entry.text("multicast", default: ""),
      source: try entry.text("source"))
  }

  static func energy(_ node: ChipNode) throws(PackError) -> [Chip.Measurement] {
    guard node.has("energy") else { return [] }
    var energy: [Chip.Measurement] = []
    for item in try node.list("energy") {
      let entry = try ChipNode(item, "energy", keys: ["name", "value", "unit", "source"])
      energy.append(
        Chip.Measurement(
          name: try entry.text("name"), value: try entry.number("value"),
          unit: try entry.text("unit"), source: try entry.text("source")))
    }
    return energy
  }

  static func unpublished(_ node: ChipNode) throws(PackError) -> [Chip.Unpublished] {
    guard node.has("unpublished") else { return [] }
    var unpublished: [Chip.Unpublished] = []
    for item in try node.list("unpublished") {
      let entry = try ChipNode(item, "unpublished", keys: ["number", "check"])
      unpublished.append(
        Chip.Unpublished(number: try entry.text("number"), check: try entry.text("check")))
    }
    return unpublished
  }
}
