import SynapackSupport

@testable import SynapackPlace

/// A graph of clusters with whole weights, so that sums in any order are the same numbers.
func randomGraph(
  _ count: Int, links: Int, using random: inout SeededGenerator, selfLinks: Bool = true
) -> ClusterGraph {
  var rows = [[ClusterGraph.Link]](repeating: [], count: count)
  for _ in 0..<links {
    let source = Int.random(in: 0..<count, using: &random)
    let target = Int.random(in: 0..<count, using: &random)
    guard selfLinks || source != target else { continue }
    rows[source].append(
      .init(cluster: Int32(target), weight: Float(Int.random(in: 1...9, using: &random))))
  }
  return ClusterGraph(count: count) { cluster, row in row = rows[cluster] }
}

func randomPlaces(
  _ count: Int, _ mesh: MeshGeometry, using random: inout SeededGenerator
) -> [Int32] {
  (0..<Int32(mesh.cells)).shuffled(using: &random).prefix(count).map { $0 }
}
