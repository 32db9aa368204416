/// First placements, made in no time from the order of the clusters.
enum StartLayouts {
  /// The best of Hilbert's curve through the least square box and of serpentines with bands of
  /// many heights through the whole mesh.
  static func best(_ graph: Adjacency, _ mesh: MeshGeometry) -> (hops: Double, places: [Int32]) {
    var best = (hops: Double.infinity, places: [Int32]())
    // Of large graphs a sample of the clusters decides.
    let every = max(1, graph.count / 16_384)
    func consider(_ way: [(y: Int, x: Int)]) {
      guard way.count >= graph.count else { return }
      let places = way.prefix(graph.count).map { Int32($0.y * mesh.columns + $0.x) }
      let hops = MeshState(graph, mesh, places).hops(every: every)
      if hops < best.hops { best = (hops, places) }
    }
    consider(box(graph.count, mesh))
    var height = 1
    while height <= mesh.rows {
      consider(
        MeshCurve.serpentine(rows: mesh.rows, columns: mesh.columns, height: height))
      height += max(1, height / 3)
    }
    if every > 1 { best.hops = MeshState(graph, mesh, best.places).hops() }
    return best
  }

  /// Hilbert's curve through the least box with even sides that holds so many cells, or through
  /// the mesh where that has no room for it.
  static func box(_ count: Int, _ mesh: MeshGeometry) -> [(y: Int, x: Int)] {
    var side = 2
    while side * side < count { side += 2 }
    let columns = min(side, mesh.columns)
    let rows = min(mesh.rows, max(1, (count + columns - 1) / columns + 1) / 2 * 2)
    guard rows * columns >= count else {
      return MeshCurve.hilbert(rows: mesh.rows, columns: mesh.columns)
    }
    return MeshCurve.hilbert(rows: rows, columns: columns)
  }
}
