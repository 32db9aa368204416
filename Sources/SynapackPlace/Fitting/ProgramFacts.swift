internal import SynapackProgram
internal import SynapackTensor

/// What neurons send and hear at most, and what has to be counted weight by weight.
struct ProgramFacts: Sendable {
  private let program: SpikingProgram
  private let reaches: [ConnectionReach]
  /// For each layer by name, the most different weights of one neuron that are not zero; counted
  /// only where a chip asks for it.
  let weightValues: [String: Int]

  /// - Parameter weightValues: those of the program that this one is an edit of; an edit changes
  ///   shapes and has no weights of its own.
  init(_ program: SpikingProgram, _ chip: Chip, weightValues: [String: Int]? = nil) {
    self.program = program
    reaches = program.connections.map { ConnectionReach($0, of: program) }
    let asks = chip.mentions(DemandVariable.weightValues.rawValue)
    self.weightValues = weightValues ?? (asks ? ProgramFacts.weightValues(program) : [:])
  }

  private static func weightValues(_ program: SpikingProgram) -> [String: Int] {
    var found: [String: Int] = [:]
    for (index, population) in program.populations.enumerated() {
      let connections = program.incoming(index).map(\.synapses.weights)
      let channels = connections.first?.shape.dimensions.first ?? 0
      let incoming = connections.map(\.values)
      var most = 0
      for channel in 0..<channels {
        var values: Set<Int16> = []
        for weights in incoming {
          let size = weights.count / max(1, channels)
          let end = min(weights.count, (channel + 1) * size)
          guard channel * size < end else { continue }
          values.formUnion(weights[channel * size..<end])
        }
        values.remove(0)
        most = max(most, values.count)
      }
      found[population.name] = most
    }
    return found
  }

  /// The most synapses that lead to one neuron of a layer.
  func fanIn(_ index: Int) -> Int {
    var perCell: [(rows: [Int], columns: [Int], channels: Int)] = []
    for (connection, reach) in zip(program.connections, reaches) where connection.target == index {
      perCell.append((reach.rows.paths, reach.columns.paths, reach.channels(0..<1).paths))
    }
    return ProgramFacts.most(perCell)
  }

  /// The most synapses that lead from one neuron of a layer.
  func fanOut(_ index: Int) -> Int {
    guard let planes = program.populations[index].shape.planes else { return 0 }
    var perCell: [(rows: [Int], columns: [Int], channels: Int)] = []
    for (connection, reach) in zip(program.connections, reaches)
    where connection.source == .population(index) {
      let rows = reach.rows.sent(to: 0..<reach.rows.links.count)
      let columns = reach.columns.sent(to: 0..<reach.columns.links.count)
      let targets = program.populations[connection.target].shape.planes?.channels ?? 0
      perCell.append(
        (
          (0..<planes.height).map { rows[$0] ?? 0 }, (0..<planes.width).map { columns[$0] ?? 0 },
          reach.group?.outputs ?? targets
        ))
    }
    return ProgramFacts.most(perCell)
  }

  /// The largest Σ rows[y] · columns[x] · channels over the cells of a plane.
  private static func most(_ parts: [(rows: [Int], columns: [Int], channels: Int)]) -> Int {
    // A matrix hears from one cell, which stands for all.
    let height = parts.map(\.rows.count).max() ?? 0
    let width = parts.map(\.columns.count).max() ?? 0
    var most = 0
    for y in 0..<height {
      for x in 0..<width {
        let here = parts.reduce(0) { total, part in
          let row = part.rows.count == 1 ? part.rows[0] : y < part.rows.count ? part.rows[y] : 0
          let column =
            part.columns.count == 1
            ? part.columns[0] : x < part.columns.count ? part.columns[x] : 0
          return Bounded.sum(
            total, Bounded.product(part.channels, Bounded.product(row, column)))
        }
        most = max(most, here)
      }
    }
    return most
  }
}

/// The counts of a layer's most demanding neuron.
struct NeuronCounts: DemandValues {
  var layer: LayerCounts
  var destinationCores: Int?

  func value(_ variable: DemandVariable) -> Double {
    variable == .destinationCores ? Double(destinationCores ?? 0) : layer.value(variable)
  }
  func distinct(_ set: DemandSet) -> Double { layer.distinct(set) }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] { [] }
}
