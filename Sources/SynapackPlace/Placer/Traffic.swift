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
      var heard: [(core: Int, box: SourceBox)] = []
      var placed: [(core: Int, block: Block)] = []
      for (core, blocks) in cores.enumerated() {
        for block in blocks {
          if block.population == index { placed.append((core, block)) }
          for box in block.boxes where box.population == index { heard.append((core, box)) }
        }
      }
      guard !heard.isEmpty, let planes = population.shape.planes else { continue }
      let channels = classes(planes.channels, heard.map { Array($0.box.channels) })
      let rows = classes(planes.height, heard.map(\.box.rows))
      let columns = classes(planes.width, heard.map(\.box.columns))
      var counts: [Key: Int] = [:]
      for (core, block) in placed {
        let inside = (
          channels.compactMap { $0.clipped(to: block.channels) },
          rows.compactMap { $0.clipped(to: block.rows) },
          columns.compactMap { $0.clipped(to: block.columns) }
        )
        for channel in inside.0 {
          for row in inside.1 {
            let plane = channel.boxes.intersection(row.boxes)
            guard !plane.isEmpty else { continue }
            for column in inside.2 {
              let boxes = plane.intersection(column.boxes)
              guard !boxes.isEmpty else { continue }
              let destinations = Set(boxes.map { heard[$0].core }).sorted()
              counts[Key(core: core, destinations: destinations), default: 0] +=
                channel.count * row.count * column.count
            }
          }
        }
      }
      // The dictionary's order does not matter: the routes are sorted where they are stored.
      for (key, neurons) in counts {
        routes.append(
          Route(
            population: index, core: key.core, destinations: key.destinations, neurons: neurons,
            weight: Double(neurons) * rates[index]))
      }
    }
    return routes.sorted(by: precedes)
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
    var boxes: Set<Int>
    var count: Int { cells.count }

    func clipped(to range: Range<Int>) -> AxisClass? {
      let inside = cells.filter(range.contains)
      return inside.isEmpty ? nil : AxisClass(cells: inside, boxes: boxes)
    }
  }

  private static func classes(_ extent: Int, _ members: [[Int]]) -> [AxisClass] {
    var boxes = [Set<Int>](repeating: [], count: extent)
    for (box, cells) in members.enumerated() {
      for cell in cells { boxes[cell].insert(box) }
    }
    var order: [Set<Int>: Int] = [:]
    var classes: [AxisClass] = []
    for (cell, set) in boxes.enumerated() where !set.isEmpty {
      if let known = order[set] {
        classes[known].cells.append(cell)
      } else {
        order[set] = classes.count
        classes.append(AxisClass(cells: [cell], boxes: set))
      }
    }
    return classes
  }
}
