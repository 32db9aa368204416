internal import SynapackSupport

/// A placement that is being improved: who sits where, both ways, and exact changes of Σ w·d.
struct MeshState: Sendable {
  let graph: Adjacency
  let mesh: MeshGeometry
  /// Where each cell lies.
  let cellPositions: [SIMD2<Float>]
  /// The cell of each cluster.
  private(set) var places: [Int32]
  /// The cluster of each cell, −1 for none.
  private(set) var tenants: [Int32]
  /// Where each cluster lies: `cellPositions[places[c]]`.
  private(set) var positions: [SIMD2<Float>]

  /// - Parameter places: for each cluster of the graph its cell; all different.
  init(_ graph: Adjacency, _ mesh: MeshGeometry, _ places: [Int32]) {
    self.graph = graph
    self.mesh = mesh
    self.places = places
    let cellPositions = mesh.positions
    self.cellPositions = cellPositions
    positions = places.map { cellPositions[Int($0)] }
    var tenants = [Int32](repeating: -1, count: mesh.cells)
    for (cluster, cell) in places.enumerated() { tenants[Int(cell)] = Int32(cluster) }
    self.tenants = tenants
  }

  /// A rectangle of a mesh: behind its clusters stand those beyond it, which never move.
  ///
  /// - Parameters:
  ///   - graph: rows of the rectangle's clusters; links to `graph.count` and on lead to `beyond`.
  ///   - places: for each cluster of a row its cell of the rectangle.
  ///   - cellPositions: where the rectangle's cells lie in the whole mesh.
  ///   - beyond: where the others lie, and the nearest cell of the rectangle.
  init(
    _ graph: Adjacency, _ mesh: MeshGeometry, _ places: [Int32], cellPositions: [SIMD2<Float>],
    beyond: [(position: SIMD2<Float>, place: Int32)]
  ) {
    self.graph = graph
    self.mesh = mesh
    self.cellPositions = cellPositions
    self.places = places + beyond.map(\.place)
    positions = places.map { cellPositions[Int($0)] } + beyond.map(\.position)
    var tenants = [Int32](repeating: -1, count: mesh.cells)
    for (cluster, cell) in places.enumerated() { tenants[Int(cell)] = Int32(cluster) }
    self.tenants = tenants
  }

  /// Σ w·d over all pairs, or over those of each `every`-th cluster.
  func hops(every: Int = 1) -> Double {
    var total = 0.0
    for cluster in stride(from: 0, to: graph.count, by: every) {
      let here = positions[cluster]
      var row: Float = 0
      for link in graph.links[graph.row(cluster)] {
        row += link.weight * MeshState.length(here - positions[Int(link.cluster)])
      }
      total += Double(row)
    }
    return total / 2
  }

  @inline(__always)
  static func length(_ vector: SIMD2<Float>) -> Float { vector.x.magnitude + vector.y.magnitude }

  /// The change of Σ w·d where a cluster takes a cell and who sits there takes the cluster's.
  @inline(__always)
  func change(moving cluster: Int, to cell: Int) -> Float {
    let tenant = tenants[cell]
    let old = positions[cluster]
    let new = cellPositions[cell]
    var change: Float = 0
    var between: Float = 0
    for index in graph.row(cluster) {
      let link = graph.links[index]
      let far = positions[Int(link.cluster)]
      change += link.weight * (MeshState.length(new - far) - MeshState.length(old - far))
      if link.cluster == tenant { between = link.weight }
    }
    guard tenant >= 0 else { return change }
    let other = Int(tenant)
    for index in graph.row(other) {
      let link = graph.links[index]
      let far = positions[Int(link.cluster)]
      change += link.weight * (MeshState.length(old - far) - MeshState.length(new - far))
    }
    // Each of the two sums took the other cluster for one that stays; their distance stays.
    return change + 2 * between * MeshState.length(new - old)
  }

  /// Puts a cluster on a cell, and who sits there on the cluster's.
  @inline(__always)
  mutating func move(_ cluster: Int, to cell: Int) {
    let tenant = tenants[cell]
    let old = places[cluster]
    if tenant >= 0 {
      places[Int(tenant)] = old
      positions[Int(tenant)] = positions[cluster]
    }
    tenants[Int(old)] = tenant
    tenants[cell] = Int32(truncatingIfNeeded: cluster)
    places[cluster] = Int32(truncatingIfNeeded: cell)
    positions[cluster] = cellPositions[cell]
  }

  /// Takes another placement of the same clusters.
  mutating func take(_ places: [Int32]) {
    for cluster in self.places.indices { tenants[Int(self.places[cluster])] = -1 }
    for (cluster, cell) in places.enumerated() {
      tenants[Int(cell)] = Int32(truncatingIfNeeded: cluster)
      positions[cluster] = cellPositions[Int(cell)]
    }
    self.places = places
  }
}
