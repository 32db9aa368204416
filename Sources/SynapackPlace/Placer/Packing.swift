internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Puts the blocks of all populations, feed-forward, on as few cores as come one after another.
struct Packing {
  /// The blocks of each core, in the order in which the cores were opened.
  private(set) var cores: [[Block]] = []
  private let program: SpikingProgram
  private let chip: Chip
  private let shapes: [Shape]

  /// - Throws: `SYN0503` with the layer, the resource, demand and capacity, and the weight bits
  ///   with which everything would fit.
  static func cores(_ program: SpikingProgram, _ chip: Chip) throws(PackError) -> [[Block]] {
    var packing = Packing(program, chip)
    if let overflow = try packing.fill(bits: nil) { throw try packing.refusal(overflow) }
    return packing.cores
  }

  private init(_ program: SpikingProgram, _ chip: Chip) {
    self.program = program
    self.chip = chip
    shapes = program.populations.map(\.shape)
  }

  /// What does not fit: one layer alone, or all together.
  private enum Overflow {
    case layer(Int)
    case cores(Int)
  }

  /// - Parameter bits: the most bits that a weight is taken to have; `nil` for its own.
  private mutating func fill(bits: Int?) throws(PackError) -> Overflow? {
    for (index, population) in program.populations.enumerated() {
      let blocks = try within(.layer(population.name)) { () throws(PackError) in
        try Tiling(index, program, chip, bits: bits).blocks(atMost: chip.cores)
      }
      guard let blocks else { return .layer(index) }
      for block in blocks { try add(block) }
    }
    return cores.count <= chip.cores ? nil : .cores(cores.count)
  }

  /// A block joins the last core where both fit together, else it opens the next.
  private mutating func add(_ block: Block) throws(PackError) {
    if let last = cores.last, try fits(coreCounts(last + [block], shapes: shapes)) {
      cores[cores.count - 1].append(block)
    } else {
      cores.append([block])
    }
  }

  private func fits(_ counts: CoreCounts) throws(PackError) -> Bool {
    for resource in chip.resources where try resource.demand.value(counts) > resource.capacity {
      return false
    }
    return true
  }

  // MARK: - Refusals

  private func refusal(_ overflow: Overflow) throws(PackError) -> PackError {
    let layer: Int
    let lead: String
    switch overflow {
    case .layer(let index):
      layer = index
      lead = "the \(chip.cores) cores of `\(chip.id)` cannot hold "
    case .cores(let count):
      layer = mostDemanding()
      lead =
        "all layers together take \(count) cores and `\(chip.id)` has \(chip.cores); the most "
        + "takes "
    }
    let (resource, demand) = try scarcest(layer)
    let name = program.populations[layer].name
    let amount = resource.map { "\(demand) of \($0.name), a core has \($0.capacity)" }
    return PackError(
      .doesNotFit, lead + "layer `\(name)`: \(amount ?? "no resource is short")",
      at: .layer(name), hint: try hint())
  }

  /// The population with blocks on the most cores.
  private func mostDemanding() -> Int {
    var used = [Int](repeating: 0, count: program.populations.count)
    for block in cores.joined() { used[block.population] += 1 }
    return used.indices.max { (used[$0], $1) < (used[$1], $0) } ?? 0
  }

  /// The resource of which the whole layer takes the most cores' worth.
  private func scarcest(_ layer: Int) throws(PackError) -> (Chip.Resource?, demand: Int) {
    let whole = Tiling(layer, program, chip).whole()
    var worst: (resource: Chip.Resource?, demand: Int) = (nil, 0)
    var largest = 0.0
    for resource in chip.resources {
      let demand = try resource.demand.value(whole)
      let share = Double(demand) / Double(max(1, resource.capacity))
      if share > largest {
        largest = share
        worst = (resource, demand)
      }
    }
    return worst
  }

  private func hint() throws(PackError) -> String {
    let widest = program.connections.map(\.weightBits).max() ?? 2
    for bits in stride(from: widest - 1, through: 2, by: -1) {
      var narrower = Packing(program, chip)
      if try narrower.fill(bits: bits) == nil {
        return "with \(bits) weight bits everything would fit on \(narrower.cores.count) cores"
      }
    }
    return "no smaller weight width would do: use a smaller network or a larger chip"
  }
}
