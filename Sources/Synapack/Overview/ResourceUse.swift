internal import SynapackPlace
internal import SynapackSupport

/// How much of a resource the core takes that uses the largest share of it.
struct ResourceUse {
  var name: String
  var amount: Int
  /// What that core has of it; `nil` where that is not known.
  var capacity: Int?
  var core: Int

  var share: Double? { capacity.map { Double(amount) / Double(max(1, $0)) } }

  /// One entry a resource, the scarcest first; the lower core and the earlier resource where two are
  /// equal, those without a known capacity at the end.
  ///
  /// - Parameter chip: the chip of the placement, where its limits are known.
  static func all(_ placement: Placement, on chip: Chip?) -> [ResourceUse] {
    let uses = placement.resources.indices.compactMap { worst(of: $0, placement, chip) }
    return uses.enumerated().sorted { left, right in
      let order = (left.element.share ?? -1, right.element.share ?? -1)
      if order.0 != order.1 { return order.0 > order.1 }
      return (left.element.core, left.offset) < (right.element.core, right.offset)
    }.map(\.element)
  }

  private static func worst(
    of index: Int, _ placement: Placement, _ chip: Chip?
  ) -> ResourceUse? {
    let name = placement.resources[index]
    let resource = chip?.coreResources.first { $0.name == name }
    var worst: ResourceUse?
    for usage in placement.usage where usage.amounts.indices.contains(index) {
      var use = ResourceUse(name: name, amount: usage.amounts[index], core: usage.core)
      if let chip, let resource {
        use.capacity = chip.capacity(of: resource, in: chip.kind(ofCore: usage.core))
      }
      guard let most = worst else {
        worst = use
        continue
      }
      if (use.share ?? -1, use.amount) > (most.share ?? -1, most.share == nil ? most.amount : .max)
      {
        worst = use
      }
    }
    return worst
  }

  var json: JSON {
    [
      "resource": .string(name), "amount": .integer(amount), "core": .integer(core),
      "capacity": capacity.map(JSON.integer) ?? .null, "share": share.map(JSON.number) ?? .null,
    ]
  }
}
