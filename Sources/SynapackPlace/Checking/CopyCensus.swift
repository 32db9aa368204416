internal import SynapackTensor

extension Census {
  /// What lies on each of several joined chips with a core in use, with a name for messages; nothing
  /// where there is one chip.
  func copies(of chip: Chip) -> [(name: String, counts: CopyCounts)] {
    guard chip.isJoined else { return [] }
    var all = Array(repeating: CopyCounts(), count: chip.copies.x * chip.copies.y)
    for (core, own) in counts.enumerated() where own.neurons > 0 {
      all[chip.copy(ofCore: core)].add(own)
    }
    return all.enumerated().filter { $0.element.cores > 0 }.map { place, counts in
      ("chip \(place % chip.copies.x), \(place / chip.copies.x)", counts)
    }
  }
}
