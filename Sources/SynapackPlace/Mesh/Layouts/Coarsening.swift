/// Joins clusters to groups of up to four, which take blocks of two by two cells.
struct Coarsening {
  /// For each cluster its group.
  let group: [Int32]
  /// The clusters of each group, at most four.
  let members: [[Int32]]
  let graph: Adjacency

  /// Two rounds of pairing, so that all groups but one are full: a full mesh has no cell to spare.
  init(_ graph: Adjacency) {
    let pairs = Coarsening.paired(graph)
    let between = graph.grouped(Coarsening.groups(of: pairs, count: graph.count), members: pairs)
    let quads = Coarsening.paired(between)
    members = quads.map { $0.flatMap { pairs[Int($0)] } }
    group = Coarsening.groups(of: members, count: graph.count)
    self.graph = graph.grouped(group, members: members)
  }

  private static func groups(of members: [[Int32]], count: Int) -> [Int32] {
    var group = [Int32](repeating: 0, count: count)
    for (index, own) in members.enumerated() {
      for member in own { group[Int(member)] = Int32(index) }
    }
    return group
  }

  /// Pairs each cluster, fewest neighbours first, with the free neighbour of the largest
  ///
  ///     w(a, b) / √(s(a) · s(b)),  s(c) = Σ w of c
  ///
  /// and what is left over in its order; one stays alone where the count is odd.
  private static func paired(_ graph: Adjacency) -> [[Int32]] {
    let strengths = (0..<graph.count).map { cluster in
      graph.links[graph.row(cluster)].reduce(Float(0)) { $0 + $1.weight }.squareRoot()
    }
    var isFree = [Bool](repeating: true, count: graph.count)
    var pairs: [[Int32]] = []
    pairs.reserveCapacity(graph.count / 2 + 1)
    for cluster in byDegree(graph) where isFree[cluster] {
      var best: (rating: Float, cluster: Int)?
      for link in graph.links[graph.row(cluster)] where isFree[Int(link.cluster)] {
        let rating = link.weight / strengths[Int(link.cluster)]
        if rating > best?.rating ?? 0 { best = (rating, Int(link.cluster)) }
      }
      guard let best else { continue }
      isFree[cluster] = false
      isFree[best.cluster] = false
      pairs.append([Int32(cluster), Int32(best.cluster)])
    }
    let left = isFree.indices.filter { isFree[$0] }
    for index in stride(from: 0, to: left.count, by: 2) {
      pairs.append(left[index..<min(left.count, index + 2)].map(Int32.init))
    }
    // In the order of the clusters, so that neighbours in it stay near in memory.
    return pairs.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
  }

  /// The clusters by ascending number of neighbours, in their order where equal.
  private static func byDegree(_ graph: Adjacency) -> [Int] {
    let largest = 1 << 16
    var starts = [Int](repeating: 0, count: largest + 2)
    for cluster in 0..<graph.count { starts[min(largest, graph.row(cluster).count) + 1] += 1 }
    for index in 0...largest { starts[index + 1] += starts[index] }
    var order = [Int](repeating: 0, count: graph.count)
    for cluster in 0..<graph.count {
      let degree = min(largest, graph.row(cluster).count)
      order[starts[degree]] = cluster
      starts[degree] += 1
    }
    return order
  }
}
