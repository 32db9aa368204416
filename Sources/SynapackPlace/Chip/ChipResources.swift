internal import SynapackSupport
internal import Yams

/// Reads core kinds, resources and limits of a chip file.
enum ChipResources {
  private static let largestList = 256

  private static func list(_ node: ChipNode, _ key: String) throws(PackError) -> [Node] {
    guard node.has(key) else { return [] }
    let items = try node.list(key)
    guard items.count <= largestList else {
      throw node.refusal(key, "a list of \(items.count); at most \(largestList) are allowed")
    }
    return items
  }

  static func resources(_ node: ChipNode) throws(PackError) -> [Chip.Resource] {
    var resources: [Chip.Resource] = []
    guard node.has("resources") else { throw node.refusal("resources", "nothing") }
    for item in try list(node, "resources") {
      let entry = try ChipNode(
        item, "resources", keys: ["name", "scope", "capacity", "demand", "basis", "source"])
      let name = try entry.text("name")
      guard !resources.contains(where: { $0.name == name }) else {
        throw entry.refusal("name", "`\(name)` a second time")
      }
      let scope: DemandScope = try entry.choice("scope")
      var capacity: Int?
      if entry.has("capacity"), try entry.text("capacity") != "unpublished" {
        capacity = try entry.integer("capacity", in: 0...(1 << 53))
      }
      resources.append(
        Chip.Resource(
          name: name, capacity: capacity,
          demand: try DemandExpression(try entry.text("demand"), scope: scope),
          basis: try entry.has("basis") ? entry.choice("basis") : .document,
          source: try entry.text("source")))
    }
    return resources
  }

  /// A resource without a capacity is one whose number is unpublished, which has to be said.
  static func checkCapacities(
    _ resources: [Chip.Resource], _ cores: [Chip.CoreKind], _ node: ChipNode
  ) throws(PackError) {
    for (item, resource) in zip(try list(node, "resources"), resources) {
      let entry = try ChipNode(
        item, "resources", keys: ["name", "scope", "capacity", "demand", "basis", "source"])
      let isInCores = cores.allSatisfy { $0.capacities[resource.name] != nil }
      guard isInCores || entry.has("capacity") else {
        throw entry.refusal(
          "capacity", "nothing; a number, `unpublished`, or one in each core kind is expected")
      }
    }
  }

  /// - Parameter meshSource: of the number of cores, where all are alike.
  static func cores(
    _ node: ChipNode, _ total: Int, _ resources: [Chip.Resource], meshSource: String
  ) throws(PackError) -> [Chip.CoreKind] {
    guard node.has("cores") else {
      return [
        Chip.CoreKind(name: "core", count: total, capacities: [:], accepts: [], source: meshSource)
      ]
    }
    var kinds: [Chip.CoreKind] = []
    for item in try list(node, "cores") {
      let entry = try ChipNode(
        item, "cores", keys: ["name", "count", "capacities", "accepts", "source"])
      let name = try entry.text("name")
      guard !kinds.contains(where: { $0.name == name }) else {
        throw entry.refusal("name", "`\(name)` a second time")
      }
      var capacities: [String: Int] = [:]
      if entry.has("capacities") {
        let inner = try entry.child("capacities", keys: resources.map(\.name))
        for resource in resources where inner.has(resource.name) {
          capacities[resource.name] = try inner.integer(resource.name, in: 0...(1 << 53))
        }
      }
      let accepts = try entry.choices("accepts", among: Chip.LayerKind.allCases.map(\.rawValue))
      kinds.append(
        Chip.CoreKind(
          name: name, count: try entry.integer("count", in: 1...(1 << 24)), capacities: capacities,
          accepts: accepts.compactMap { Chip.LayerKind(rawValue: $0) },
          source: try entry.text("source")))
    }
    let count = kinds.reduce(0) { $0 + $1.count }
    guard count == total else {
      throw node.refusal("cores", "\(count) cores in all; the mesh has \(total)")
    }
    return kinds
  }

  static func limits(_ node: ChipNode) throws(PackError) -> [Chip.Limit] {
    var limits: [Chip.Limit] = []
    for item in try list(node, "limits") {
      let entry = try ChipNode(
        item, "limits", keys: ["name", "scope", "value", "range", "values", "basis", "source"])
      let scope: DemandScope = try entry.choice("scope")
      guard entry.has("range") != entry.has("values") else {
        throw entry.refusal("range", "not given alone; either `range` or `values` is expected")
      }
      let allowed: Chip.Limit.Allowed =
        entry.has("range")
        ? .range(try entry.range("range")) : .values(try entry.integers("values"))
      limits.append(
        Chip.Limit(
          name: try entry.text("name"),
          value: try DemandExpression(try entry.text("value"), scope: scope), allowed: allowed,
          basis: try entry.has("basis") ? entry.choice("basis") : .document,
          source: try entry.text("source")))
    }
    return limits
  }
}
