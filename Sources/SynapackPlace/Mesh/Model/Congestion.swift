/// The deliveries that are expected to pass each cell.
enum Congestion {
  /// Deliveries to one cell share what lies before them: at every cell of the box that all their
  /// senders span, the events that have come this far go half along x and half along y. One pass
  /// over the box from its corners inwards serves every sender, so the work is the area of the
  /// boxes and not that of every single link's.
  static func load(
    of graph: ClusterGraph, at places: [Int32], on mesh: MeshGeometry
  ) -> [Double] {
    var load = [Double](repeating: 0, count: mesh.cells)
    let incoming = Adjacency.transposed(graph.count, graph.offsets, graph.links)
    var field = Field(mesh)
    for target in 0..<graph.count {
      let range = incoming.offsets[target]..<incoming.offsets[target + 1]
      guard !range.isEmpty else { continue }
      field.open(at: Int(places[target]))
      for index in range {
        let link = incoming.links[index]
        field.add(Double(link.weight), at: Int(places[Int(link.cluster)]))
      }
      field.drain(into: &load)
    }
    for (cluster, events) in graph.localDeliveries.enumerated() {
      load[Int(places[cluster])] += events
    }
    return load
  }

  /// The same of routes between cells.
  static func load(of routes: [Route], on mesh: MeshGeometry) -> [Double] {
    var load = [Double](repeating: 0, count: mesh.cells)
    var incoming = [[(core: Int, weight: Double)]](repeating: [], count: mesh.cells)
    for route in routes {
      for destination in route.destinations {
        incoming[destination].append((route.core, route.weight))
      }
    }
    var field = Field(mesh)
    for (target, senders) in incoming.enumerated() where !senders.isEmpty {
      field.open(at: target)
      for sender in senders { field.add(sender.weight, at: sender.core) }
      field.drain(into: &load)
    }
    return load
  }

  /// Events on their way to one cell.
  private struct Field {
    let rows: Int
    let columns: Int
    var waiting: [Double]
    var (targetX, targetY) = (0, 0)
    var (left, right, top, bottom) = (0, 0, 0, 0)

    init(_ mesh: MeshGeometry) {
      rows = mesh.rows
      columns = mesh.columns
      waiting = Array(repeating: 0, count: mesh.cells)
    }

    mutating func open(at cell: Int) {
      (targetY, targetX) = cell.quotientAndRemainder(dividingBy: columns)
      (left, right, top, bottom) = (targetX, targetX, targetY, targetY)
    }

    mutating func add(_ weight: Double, at cell: Int) {
      let (y, x) = cell.quotientAndRemainder(dividingBy: columns)
      waiting[cell] += weight
      left = min(left, x)
      right = max(right, x)
      top = min(top, y)
      bottom = max(bottom, y)
    }

    /// Moves everything to the target, row by row towards it and in each row towards its column.
    mutating func drain(into load: inout [Double]) {
      for y in stride(from: top, to: targetY, by: 1) { pass(row: y, down: 1, &load) }
      for y in stride(from: bottom, to: targetY, by: -1) { pass(row: y, down: -1, &load) }
      pass(row: targetY, down: 0, &load)
      waiting[targetY * columns + targetX] = 0
    }

    private mutating func pass(row: Int, down: Int, _ load: inout [Double]) {
      for x in stride(from: left, to: targetX, by: 1) { step(row, x, down, 1, &load) }
      for x in stride(from: right, to: targetX, by: -1) { step(row, x, down, -1, &load) }
      let cell = row * columns + targetX
      load[cell] += waiting[cell]
      guard down != 0 else { return }
      waiting[cell + down * columns] += waiting[cell]
      waiting[cell] = 0
    }

    private mutating func step(
      _ row: Int, _ x: Int, _ down: Int, _ aside: Int, _ load: inout [Double]
    ) {
      let cell = row * columns + x
      let events = waiting[cell]
      guard events != 0 else { return }
      load[cell] += events
      waiting[cell] = 0
      if down == 0 {
        waiting[cell + aside] += events
      } else {
        waiting[cell + aside] += events / 2
        waiting[cell + down * columns] += events / 2
      }
    }
  }
}

/// The deliveries over each wire where every one goes along its row first, then along a column.
enum LinkLoad {
  /// The largest load of any wire in one direction, from differences along rows and columns.
  static func largest(
    of graph: ClusterGraph, at places: [Int32], on mesh: MeshGeometry
  ) -> Double {
    let columns = mesh.columns
    let width = columns + 1
    // One entry a cell and one more at the end, so that no difference leaves its row or column.
    var east = [Double](repeating: 0, count: mesh.rows * width)
    var west = east
    var south = [Double](repeating: 0, count: (mesh.rows + 1) * columns)
    var north = south
    for source in 0..<graph.count {
      let (y, x) = Int(places[source]).quotientAndRemainder(dividingBy: columns)
      for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]] {
        let target = Int(places[Int(link.cluster)])
        let (toY, toX) = target.quotientAndRemainder(dividingBy: columns)
        let weight = Double(link.weight)
        if toX >= x {
          east[y * width + x] += weight
          east[y * width + toX] -= weight
        } else {
          west[y * width + toX] += weight
          west[y * width + x] -= weight
        }
        if toY >= y {
          south[y * columns + toX] += weight
          south[toY * columns + toX] -= weight
        } else {
          north[toY * columns + toX] += weight
          north[y * columns + toX] -= weight
        }
      }
    }
    var largest = 0.0
    for lane in [east, west] {
      for row in 0..<mesh.rows {
        var load = 0.0
        for x in 0..<columns {
          load += lane[row * width + x]
          largest = max(largest, load)
        }
      }
    }
    for lane in [south, north] {
      for x in 0..<columns {
        var load = 0.0
        for row in 0..<mesh.rows {
          load += lane[row * columns + x]
          largest = max(largest, load)
        }
      }
    }
    return largest
  }
}
