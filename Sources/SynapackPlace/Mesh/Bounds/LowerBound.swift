/// What no placement of a graph can undercut.
enum MeshBound {
  /// The larger of the bounds that can be had for a graph of that size.
  static func hops(_ graph: Adjacency, _ mesh: MeshGeometry) -> Double {
    max(rings(graph, mesh), GilmoreLawler.hops(graph, mesh) ?? 0)
  }

  /// Σ w·d of any placement is at least this.
  ///
  /// The neighbours of a cluster lie on different cells, at best on the nearest ones, the heaviest
  /// nearest; no cell has nearer ones than the middle of the mesh has:
  ///
  ///     Σ w·d ≥ ½ Σ_c Σ_k w₍ₖ₎(c) · d₍ₖ₎,  w₍₁₎ ≥ w₍₂₎ ≥ …, d₍₁₎ ≤ d₍₂₎ ≤ …
  static func rings(_ graph: Adjacency, _ mesh: MeshGeometry) -> Double {
    let distances = mesh.nearestDistances(limit: graph.count)
    var total = 0.0
    var weights: [Float] = []
    for cluster in 0..<graph.count {
      weights.removeAll(keepingCapacity: true)
      weights.append(contentsOf: graph.links[graph.row(cluster)].lazy.map(\.weight))
      weights.sort(by: >)
      for (weight, distance) in zip(weights, distances) {
        total += Double(weight) * Double(distance)
      }
    }
    return total / 2
  }
}
