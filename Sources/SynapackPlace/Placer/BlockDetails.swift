internal import SynapackProgram
internal import SynapackTensor

/// Counts of a block that only some chips ask for.
struct BlockDetails {
  private let population: Population
  private let reaches: [ConnectionReach]
  private let countsAxons: Bool
  private let countsThresholds: Bool
  private let countsBiases: Bool

  init(_ population: Population, _ reaches: [ConnectionReach], _ chip: Chip) {
    self.population = population
    self.reaches = reaches
    countsAxons = chip.mentions("axons")
    countsThresholds = chip.mentions("thresholds")
    countsBiases = chip.mentions("biases")
  }

  func add(
    to counts: inout CoreCounts, channels: Range<Int>, rows: Range<Int>, columns: Range<Int>
  ) {
    if countsAxons {
      counts.axons = CoreCounts.merged(reaches.map { axons($0, channels, rows, columns) })
    }
    if countsThresholds {
      counts.thresholds = values(population.thresholds, channels, rows, columns)
    }
    if countsBiases { counts.biases = values(population.biases, channels, rows, columns) }
  }

  /// Source neurons by their synapses with the block: a product over the three axes.
  private func axons(
    _ reach: ConnectionReach, _ channels: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> [CoreCounts.AxonGroup] {
    let isDense = reach.group == nil
    // The one cell of a dense layer hears everything.
    let vertical = reach.rows.pathCounts(to: isDense ? 0..<1 : rows)
    let horizontal = reach.columns.pathCounts(to: isDense ? 0..<1 : columns)
    var counts: [Int: Int] = [:]
    for (targets, sources) in channelCounts(reach, channels) {
      for (down, height) in vertical {
        for (across, width) in horizontal {
          let synapses = Bounded.product(targets, Bounded.product(down, across))
          counts[synapses] = Bounded.sum(
            counts[synapses] ?? 0, Bounded.product(sources, Bounded.product(height, width)))
        }
      }
    }
    return counts.sorted { $0.key < $1.key }.map { .init(synapses: $0.key, count: $0.value) }
  }

  /// How many source channels drive each number of the block's channels.
  private func channelCounts(_ reach: ConnectionReach, _ channels: Range<Int>) -> [Int: Int] {
    guard let group = reach.group else { return [channels.count: reach.sourceChannels] }
    var counts: [Int: Int] = [:]
    var first = channels.lowerBound
    while first < channels.upperBound {
      let end = min(channels.upperBound, (first / group.outputs + 1) * group.outputs)
      counts[end - first, default: 0] += group.inputs
      first = end
    }
    return counts
  }

  /// The different values of a parameter in the block, ascending.
  private func values(
    _ parameter: Parameter, _ channels: Range<Int>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> [Int32] {
    let planes = population.shape.planes ?? (0, 0, 0)
    let given = parameter.values
    if given.count == 1 { return given }
    if given.count == planes.channels { return Set(given[channels]).sorted() }
    var found: Set<Int32> = []
    for channel in channels {
      for row in rows {
        let start = (channel * planes.height + row) * planes.width
        let cells = start + columns.lowerBound..<start + columns.upperBound
        guard given.indices.contains(cells.lowerBound), given.count >= cells.upperBound else {
          continue
        }
        found.formUnion(given[cells])
      }
    }
    return found.sorted()
  }
}
