internal import SynapackProgram
internal import SynapackTensor

/// Finds which cores hear which neurons, and sums equal ones up to routes.
enum Traffic {
  /// The routes between cores by their number in `cores`.
  ///
  /// Neurons are not visited one by one: rows, columns and channels that the same boxes hold are
  /// put in one class, and a route is found for each product of three classes.
  static func routes(
    _ cores: [[Block]], _ program: SpikingProgram, rates: [Double]
  ) -> [Route] {
    var routes: [Route] = []
    for (index, population) in program.populations.enumerated() {
      guard let planes = population.shape.planes else { continue }
      let (placed, heard) = members(of: index, cores)
      let axes = (
        classes(planes.channels, heard.map { Array($0.box.channels) }),
        classes(planes.height, heard.map(\.box.rows)),
        classes(planes.width, heard.map(\.box.columns))
      )
      var counts: [Key: Int] = [:]
      for (core, block) in placed {
        visit(block, axes) { plane, column, neurons in
          // The boxes come in the order of their cores.
          var destinations: [Int] = []
          plane.forEachCommon(with: column) { box in
            let core = heard[box].core
            if destinations.last != core { destinations.append(core) }
          }
          guard !destinations.isEmpty else { return }
          counts[Key(core: core, destinations: destinations), default: 0] += neurons
        }
      }
      // The dictionary's order does not matter: the routes are sorted below.
      for (key, neurons) in counts {
        routes.append(
          Route(
            population: index, core: key.core, destinations: key.destinations, neurons: neurons,
            weight: Double(neurons) * rates[index]))
      }
    }
    return routes.sorted(by: precedes)
  }

  /// The blocks of a population and the boxes of others that hear it, each with its core, in
  /// ascending order of the cores.
  private static func members(
    of population: Int, _ cores: [[Block]]
  ) -> (placed: [(core: Int, block: Block)], heard: [(core: Int, box: SourceBox)]) {
    var placed: [(core: Int, block: Block)] = []
    var heard: [(core: Int, box: SourceBox)] = []
    for (core, blocks) in cores.enumerated() {
      for block in blocks {
        if block.population == population { placed.append((core, block)) }
        for box in block.boxes where box.population == population { heard.append((core, box)) }
      }
    }
    return (placed, heard)
  }

  /// Calls `body` with the boxes that hold a product of two classes, those that hold the third, and
  /// the neurons of `block` in the product of all.
  private static func visit(
    _ block: Block, _ axes: (channels: [AxisClass], rows: [AxisClass], columns: [AxisClass]),
    _ body: (NumberSet, NumberSet, Int) -> Void
  ) {
    let columns = axes.columns.compactMap { $0.clipped(to: block.columns) }
    let rows = axes.rows.compactMap { $0.clipped(to: block.rows) }
    for channel in axes.channels.compactMap({ $0.clipped(to: block.channels) }) {
      for row in rows {
        let plane = channel.boxes.intersection(row.boxes)
        guard !plane.isEmpty else { continue }
        for column in columns {
          body(plane, column.boxes, channel.count * row.count * column.count)
        }
      }
    }
  }

  /// The order of stored routes.
  static func precedes(_ left: Route, _ right: Route) -> Bool {
    if (left.population, left.core) != (right.population, right.core) {
      return (left.population, left.core) < (right.population, right.core)
    }
    return left.destinations.lexicographicallyPrecedes(right.destinations)
  }

  private struct Key: Hashable {
    var core: Int
    var destinations: [Int]
  }

  /// Cells along one axis that the same boxes hold.
  private struct AxisClass {
    var cells: [Int]
    var boxes: NumberSet
    var count: Int { cells.count }

    func clipped(to range: Range<Int>) -> AxisClass? {
      let inside = cells.filter(range.contains)
      return inside.isEmpty ? nil : AxisClass(cells: inside, boxes: boxes)
    }
  }

  private static func classes(_ extent: Int, _ members: [[Int]]) -> [AxisClass] {
    var boxes = [[Int32]](repeating: [], count: extent)
    for (box, cells) in members.enumerated() {
      for cell in cells { boxes[cell].append(Int32(truncatingIfNeeded: box)) }
    }
    var order: [[Int32]: Int] = [:]
    var classes: [AxisClass] = []
    for (cell, set) in boxes.enumerated() where !set.isEmpty {
      if let known = order[set] {
        classes[known].cells.append(cell)
      } else {
        order[set] = classes.count
        classes.append(AxisClass(cells: [cell], boxes: NumberSet(ascending: set)))
      }
    }
    return classes
  }
}
