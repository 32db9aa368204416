internal import Foundation
internal import SynapackPlace

/// Placements of published methods, re-implemented from their descriptions for comparison only.
enum Placements {
  /// Hilbert's curve through the least even box, as Jin et al. start.
  static func hilbert(_ count: Int, _ mesh: MeshGeometry) -> [Int32] {
    var side = 2
    while side * side < count { side += 2 }
    let columns = min(side, mesh.columns)
    let rows = min(mesh.rows, ((count + columns - 1) / columns + 1) / 2 * 2)
    let way =
      rows * columns >= count
      ? MeshCurve.hilbert(rows: rows, columns: columns)
      : MeshCurve.hilbert(rows: mesh.rows, columns: mesh.columns)
    return way.prefix(count).map { Int32($0.y * mesh.columns + $0.x) }
  }

  /// Jin et al. 2023: Hilbert's curve, then force-directed swaps; the better of two potentials.
  static func jin(_ graph: ClusterGraph, _ mesh: MeshGeometry) -> [Int32] {
    forced(graph, mesh, hilbert(graph.count, mesh))
  }

  private static func forced(
    _ graph: ClusterGraph, _ mesh: MeshGeometry, _ start: [Int32]
  ) -> [Int32] {
    let neighbours = Neighbours(graph)
    var best: (length: Double, places: [Int32])?
    for potential in [ForceDirected.Potential.manhattan, .squared] {
      var forces = ForceDirected(
        neighbours, rows: mesh.rows, columns: mesh.columns, places: start, potential: potential)
      forces.run { false }
      let length = Swaps(neighbours, mesh, forces.places).length()
      if length < best?.length ?? .infinity { best = (length, forces.places) }
    }
    return best?.places ?? start
  }

  /// Ronzani and Silvano 2026: the second and third eigenvectors of the normalized Laplacian as
  /// coordinates, sorted into columns and then into rows, then force-directed swaps.
  static func spectral(_ graph: ClusterGraph, _ mesh: MeshGeometry) -> [Int32] {
    let neighbours = Neighbours(graph)
    let axes = Spectrum.axes(neighbours, seed: 7)
    var side = 1
    while side * side < graph.count { side += 1 }
    let columns = min(side, mesh.columns)
    let rows = min(mesh.rows, (graph.count + columns - 1) / columns)
    let byX = (0..<graph.count).sorted { (axes.0[$0], $0) < (axes.0[$1], $1) }
    var places = [Int32](repeating: 0, count: graph.count)
    for (column, start) in stride(from: 0, to: graph.count, by: rows).enumerated() {
      let own = byX[start..<min(graph.count, start + rows)]
        .sorted { (axes.1[$0], $0) < (axes.1[$1], $1) }
      for (row, cluster) in own.enumerated() {
        places[cluster] = Int32(row * mesh.columns + column)
      }
    }
    return forced(graph, mesh, places)
  }

  /// TrueNorth's placer (Sawada et al. 2016): cluster after cluster in feed-forward order to the
  /// free cell with the least distance to what it hears from, weighted by traffic.
  static func minimumDistance(_ graph: ClusterGraph, _ mesh: MeshGeometry) -> [Int32] {
    let neighbours = Neighbours(graph)
    var side = 1
    while side * side < graph.count { side += 1 }
    let columns = min(mesh.columns, side + 1)
    let rows = min(mesh.rows, max(side + 1, (graph.count + columns - 1) / columns))
    var free = (0..<rows * columns).map { Int32($0 / columns * mesh.columns + $0 % columns) }
    var places = [Int32](repeating: -1, count: graph.count)
    let middle = Int32(rows / 2 * mesh.columns + columns / 2)
    for cluster in 0..<graph.count {
      // Distances along each axis add up by column and row, so that a cell costs two look-ups.
      var across = [Float](repeating: 0, count: mesh.columns)
      var down = [Float](repeating: 0, count: mesh.rows)
      var sources = neighbours.links[
        neighbours.offsets[cluster]..<neighbours.offsets[cluster + 1]
      ].filter { places[Int($0.cluster)] >= 0 }.map { (places[Int($0.cluster)], $0.weight) }
      if sources.isEmpty { sources = [(cluster > 0 ? places[cluster - 1] : middle, 1)] }
      for (cell, weight) in sources {
        let (y, x) = Int(cell).quotientAndRemainder(dividingBy: mesh.columns)
        for column in 0..<columns { across[column] += weight * Float(abs(column - x)) }
        for row in 0..<rows { down[row] += weight * Float(abs(row - y)) }
      }
      var best: (cost: Float, index: Int) = (.infinity, 0)
      for (index, cell) in free.enumerated() {
        let cost = across[Int(cell) % mesh.columns] + down[Int(cell) / mesh.columns]
        if cost < best.cost { best = (cost, index) }
      }
      places[cluster] = free[best.index]
      free.remove(at: best.index)
    }
    return places
  }

  /// SpiNeMap (Das et al. 2018, Balaji et al. 2019): particle swarm optimization of the order of
  /// the clusters along the mesh, by random keys; 40 particles, 200 iterations at most.
  static func particleSwarm(
    _ graph: ClusterGraph, _ mesh: MeshGeometry, until isOver: () -> Bool
  ) -> [Int32] {
    let neighbours = Neighbours(graph)
    let cells = hilbert(graph.count, mesh).sorted()
    var draw = Draw(seed: 5)
    func places(_ keys: [Float]) -> [Int32] {
      var places = [Int32](repeating: 0, count: keys.count)
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      for (rank, cluster) in order.enumerated() { places[cluster] = cells[rank] }
      return places
    }
    struct Particle {
      var keys: [Float]
      var speed: [Float]
      var best: (length: Double, keys: [Float])
    }
    var best: (length: Double, keys: [Float]) = (.infinity, [])
    var swarm: [Particle] = []
    for index in 0..<40 {
      // One particle starts in feed-forward order, the others anywhere.
      let keys = (0..<graph.count).map {
        index == 0 ? Float($0) / Float(graph.count) : Float(draw.unit())
      }
      let length = Swaps(neighbours, mesh, places(keys)).length()
      if length < best.length { best = (length, keys) }
      swarm.append(
        Particle(
          keys: keys, speed: Array(repeating: 0, count: graph.count), best: (length, keys)))
      if isOver() { return places(best.keys) }
    }
    for _ in 0..<200 {
      for index in swarm.indices {
        for cluster in 0..<graph.count {
          let own = swarm[index].best.keys[cluster] - swarm[index].keys[cluster]
          let common = best.keys[cluster] - swarm[index].keys[cluster]
          let speed =
            0.72 * swarm[index].speed[cluster] + 1.49 * Float(draw.unit()) * own + 1.49
            * Float(draw.unit()) * common
          swarm[index].speed[cluster] = max(-0.5, min(0.5, speed))
          swarm[index].keys[cluster] += swarm[index].speed[cluster]
        }
        let length = Swaps(neighbours, mesh, places(swarm[index].keys)).length()
        if length < swarm[index].best.length { swarm[index].best = (length, swarm[index].keys) }
        if length < best.length { best = (length, swarm[index].keys) }
        if isOver() { return places(best.keys) }
      }
    }
    return places(best.keys)
  }

  /// SNEAP (Li et al. 2020): simulated annealing of swaps of any two cells from a random start,
  /// T falling by 5 % after every 100 moves a cluster, to a thousandth.
  static func annealing(
    _ graph: ClusterGraph, _ mesh: MeshGeometry, until isOver: () -> Bool
  ) -> [Int32] {
    var draw = Draw(seed: 3)
    let cells = hilbert(graph.count, mesh).shuffled(using: &draw)
    var swaps = Swaps(Neighbours(graph), mesh, cells)
    guard graph.count > 1 else { return cells }
    var heat: Float = 0
    for _ in 0..<200 {
      heat += swaps.change(draw.below(graph.count), draw.below(graph.count)).magnitude / 200
    }
    let coldest = heat / 1000
    while heat > coldest, !isOver() {
      for _ in 0..<100 * graph.count {
        let (a, b) = (draw.below(graph.count), draw.below(graph.count))
        guard a != b else { continue }
        let change = swaps.change(a, b)
        if change <= 0 || Float(draw.unit()) < exp(-change / heat) { swaps.swap(a, b) }
      }
      heat *= 0.95
    }
    return swaps.places
  }
}

/// Clusters that change places in pairs.
struct Swaps {
  private let neighbours: Neighbours
  private let columns: Int
  private(set) var places: [Int32]
  private var points: [SIMD2<Float>]

  init(_ neighbours: Neighbours, _ mesh: MeshGeometry, _ places: [Int32]) {
    self.neighbours = neighbours
    self.places = places
    columns = mesh.columns
    points = places.map {
      SIMD2(Float(Int($0) % mesh.columns), Float(Int($0) / mesh.columns))
    }
  }

  func length() -> Double {
    var total = 0.0
    for cluster in places.indices {
      for link in neighbours.links[neighbours.offsets[cluster]..<neighbours.offsets[cluster + 1]] {
        let way = points[cluster] - points[Int(link.cluster)]
        total += Double(link.weight * (way.x.magnitude + way.y.magnitude))
      }
    }
    return total / 2
  }

  func change(_ a: Int, _ b: Int) -> Float { pull(a, b) + pull(b, a) }

  private func pull(_ cluster: Int, _ other: Int) -> Float {
    let (old, new) = (points[cluster], points[other])
    var change: Float = 0
    for index in neighbours.offsets[cluster]..<neighbours.offsets[cluster + 1] {
      let link = neighbours.links[index]
      guard Int(link.cluster) != other else { continue }
      let far = points[Int(link.cluster)]
      let (before, after) = (old - far, new - far)
      change +=
        link.weight
        * (after.x.magnitude + after.y.magnitude - before.x.magnitude - before.y.magnitude)
    }
    return change
  }

  mutating func swap(_ a: Int, _ b: Int) {
    places.swapAt(a, b)
    points.swapAt(a, b)
  }
}

/// The second and third eigenvectors of the normalized Laplacian, by subspace iteration.
enum Spectrum {
  static func axes(_ graph: Neighbours, seed: UInt64) -> ([Double], [Double]) {
    let count = graph.offsets.count - 1
    var draw = Draw(seed: seed)
    let roots = (0..<count).map { cluster in
      graph.links[graph.offsets[cluster]..<graph.offsets[cluster + 1]]
        .reduce(0.0) { $0 + Double($1.weight) }.squareRoot()
    }
    var vectors = [roots] + (0..<2).map { _ in (0..<count).map { _ in draw.normal() } }
    orthogonalize(&vectors)
    for _ in 0..<300 {
      for axis in 1...2 { vectors[axis] = step(graph, roots, vectors[axis]) }
      orthogonalize(&vectors)
    }
    func coordinates(_ vector: [Double]) -> [Double] {
      zip(vector, roots).map { $1 > 0 ? $0 / $1 : 0 }
    }
    return (coordinates(vectors[1]), coordinates(vectors[2]))
  }

  /// (I + D^−½ A D^−½)·v / 2, whose largest eigenvalues are the smallest of the Laplacian.
  private static func step(_ graph: Neighbours, _ roots: [Double], _ vector: [Double]) -> [Double] {
    vector.indices.map { cluster in
      guard roots[cluster] > 0 else { return 0 }
      var sum = 0.0
      for index in graph.offsets[cluster]..<graph.offsets[cluster + 1] {
        let other = Int(graph.links[index].cluster)
        sum += Double(graph.links[index].weight) / roots[other] * vector[other]
      }
      return (vector[cluster] + sum / roots[cluster]) / 2
    }
  }

  private static func orthogonalize(_ vectors: inout [[Double]]) {
    for index in vectors.indices {
      for earlier in 0..<index {
        let along = zip(vectors[index], vectors[earlier]).reduce(0) { $0 + $1.0 * $1.1 }
        for entry in vectors[index].indices {
          vectors[index][entry] -= along * vectors[earlier][entry]
        }
      }
      let length = vectors[index].reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 { for entry in vectors[index].indices { vectors[index][entry] /= length } }
    }
  }
}
