internal import SynapackPlace

/// Cluster graphs in the manner of Jin et al. 2023: layers of clusters, each of which takes a core.
/// The wiring of their instances is not published; these are "Jin-style", not Jin's.
enum LayeredClusters {
  /// Every cluster sends its events to every cluster of the next layer.
  static func dense(layers: Int, width: Int, seed: UInt64) -> ClusterGraph {
    let rates = rates(layers * width, seed: seed)
    return ClusterGraph(count: layers * width) { cluster, row in
      let next = (cluster / width + 1) * width
      guard next < layers * width else { return }
      for target in next..<next + width {
        row.append(.init(cluster: Int32(target), weight: rates[cluster]))
      }
    }
  }

  /// Layers of `side` × `side` tiles; each tile sends to the 3 × 3 tiles around its place in the
  /// next layer: all its events to the tile there, a quarter to each at a side, a sixteenth to
  /// each at a corner, as halos do.
  static func convolutional(layers: Int, side: Int, seed: UInt64) -> ClusterGraph {
    let area = side * side
    let rates = rates(layers * area, seed: seed)
    return ClusterGraph(count: layers * area) { cluster, row in
      let (layer, place) = cluster.quotientAndRemainder(dividingBy: area)
      guard layer + 1 < layers else { return }
      let (y, x) = place.quotientAndRemainder(dividingBy: side)
      for toY in max(0, y - 1)...min(side - 1, y + 1) {
        for toX in max(0, x - 1)...min(side - 1, x + 1) {
          let shares: [Float] = [1, 0.25, 0.0625]
          let share = shares[abs(toY - y) + abs(toX - x)]
          row.append(
            .init(
              cluster: Int32((layer + 1) * area + toY * side + toX),
              weight: rates[cluster] * share))
        }
      }
    }
  }

  private static func rates(_ count: Int, seed: UInt64) -> [Float] {
    var random = Draw(seed: seed)
    return (0..<count).map { _ in Float(random.logNormal(median: 1, variation: 0.5)) }
  }
}
