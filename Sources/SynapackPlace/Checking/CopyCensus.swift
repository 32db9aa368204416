internal import SynapackTensor

/// What lies on one of several chips, taken from the counts of the census's cores.
struct CopyCensus: DemandValues {
  private var numbers: [DemandVariable: Int] = [:]

  /// For each chip with a core in use, with a name for messages; nothing where there is one chip.
  static func all(_ census: Census, _ chip: Chip) -> [(name: String, counts: CopyCensus)] {
    let (across, down) = (chip.copies.x, chip.copies.y)
    guard across * down > 1 else { return [] }
    let (width, height) = (chip.mesh.x / across, chip.mesh.y / down)
    var all: [(name: String, counts: CopyCensus)] = []
    for row in 0..<down {
      for column in 0..<across {
        var counts = CopyCensus()
        for y in row * height..<(row + 1) * height {
          for x in column * width..<(column + 1) * width {
            counts.add(census.counts[y * chip.mesh.x + x])
          }
        }
        if counts.numbers[.cores] != nil { all.append(("chip \(column), \(row)", counts)) }
      }
    }
    return all
  }

  private mutating func add(_ core: CoreCounts) {
    guard core.neurons > 0 else { return }
    numbers[.cores, default: 0] += 1
    numbers[.neurons, default: 0] += core.neurons
    numbers[.synapses, default: 0] += core.synapses
    numbers[.weightBits] = max(numbers[.weightBits] ?? 0, core.weightBits)
  }

  func value(_ variable: DemandVariable) -> Double { Double(numbers[variable] ?? 0) }
  func distinct(_ set: DemandSet) -> Double { 0 }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
}
