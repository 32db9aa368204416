/// Branch and bound over all placements on a mesh of few cells.
struct ExactSearch {
  /// The most cells of a mesh that is searched: 9! orders are few, 16! are not.
  static let largestMesh = 9

  private let graph: Adjacency
  private let distances: [[Float]]
  /// The clusters, heaviest traffic first, and the weight between each two.
  private let order: [Int]
  private let weights: [[Float]]
  /// Σ w over the pairs of which neither is among the first k of the order: each lies apart.
  private let openPairs: [Float]
  private var cells: [Int]
  private var isFree: [Bool]
  private var best: (hops: Float, cells: [Int])

  /// A placement of the least Σ w·d; nil where the mesh has too many cells to search.
  static func places(_ graph: Adjacency, _ mesh: MeshGeometry) -> [Int32]? {
    guard mesh.cells <= largestMesh, graph.count <= mesh.cells else { return nil }
    guard graph.count > 0 else { return [] }
    var search = ExactSearch(graph, mesh)
    for cell in canonical(mesh) { search.place(0, at: cell, 0) }
    var places = [Int32](repeating: 0, count: graph.count)
    for (rank, cell) in search.best.cells.enumerated() {
      places[search.order[rank]] = Int32(cell)
    }
    return places
  }

  private init(_ graph: Adjacency, _ mesh: MeshGeometry) {
    let count = graph.count
    self.graph = graph
    distances = (0..<mesh.cells).map { from in
      (0..<mesh.cells).map { Float(mesh.distance(from, $0)) }
    }
    let strengths = (0..<count).map { cluster in
      graph.links[graph.row(cluster)].reduce(Float(0)) { $0 + $1.weight }
    }
    let order = (0..<count).sorted { (strengths[$1], $0) < (strengths[$0], $1) }
    var rank = [Int](repeating: 0, count: count)
    for (index, cluster) in order.enumerated() { rank[cluster] = index }
    var weights = [[Float]](repeating: Array(repeating: 0, count: count), count: count)
    for cluster in 0..<count {
      for link in graph.links[graph.row(cluster)] {
        weights[rank[cluster]][rank[Int(link.cluster)]] = link.weight
      }
    }
    openPairs = (0...count).map { first in
      (first..<count).reduce(Float(0)) { $0 + weights[$1][($1)...].reduce(0, +) }
    }
    self.order = order
    self.weights = weights
    cells = Array(repeating: 0, count: count)
    isFree = Array(repeating: true, count: mesh.cells)
    best = (.infinity, Array(0..<count))
  }

  /// One cell of each set that the mesh's mirrors, and a square's turns, map onto each other.
  private static func canonical(_ mesh: MeshGeometry) -> [Int] {
    guard mesh.crossing == 0 else { return Array(0..<mesh.cells) }
    let isSquare = mesh.rows == mesh.columns
    return (0..<mesh.cells).filter { cell in
      let (y, x) = (cell / mesh.columns, cell % mesh.columns)
      return 2 * y < mesh.rows + mesh.rows % 2 && 2 * x < mesh.columns + mesh.columns % 2
        && (!isSquare || y <= x)
    }
  }

  private mutating func place(_ rank: Int, at cell: Int, _ hops: Float) {
    var hops = hops
    for earlier in 0..<rank {
      hops += weights[rank][earlier] * distances[cell][cells[earlier]]
    }
    cells[rank] = cell
    isFree[cell] = false
    defer { isFree[cell] = true }
    guard rank + 1 < order.count else {
      if hops < best.hops { best = (hops, cells) }
      return
    }
    guard bound(rank + 1, hops) < best.hops else { return }
    for next in isFree.indices where isFree[next] { place(rank + 1, at: next, hops) }
  }

  /// No way to place the clusters from `rank` on ends below this.
  private func bound(_ rank: Int, _ hops: Float) -> Float {
    var bound = hops + openPairs[rank]
    for open in rank..<order.count {
      var least = Float.infinity
      for cell in isFree.indices where isFree[cell] {
        var pull: Float = 0
        for placed in 0..<rank { pull += weights[open][placed] * distances[cell][cells[placed]] }
        least = min(least, pull)
      }
      bound += least
    }
    return bound
  }
}
