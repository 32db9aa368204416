/// Traffic between clusters, each of which takes one core: compressed sparse rows.
///
/// Directed links carry the deliveries of an inference from one cluster to another. The undirected
/// view holds for each cluster all that it exchanges with each other one, both ways added up.
public struct ClusterGraph: Sendable {
  /// One entry of a row.
  public struct Link: Sendable, Hashable {
    public var cluster: Int32
    public var weight: Float

    public init(cluster: Int32, weight: Float) {
      self.cluster = cluster
      self.weight = weight
    }
  }

  public let count: Int
  /// Row c of the directed links is `links[offsets[c] ..< offsets[c + 1]]`, ascending by target.
  public let offsets: [Int]
  public let links: [Link]
  /// The undirected view.
  let adjacency: Adjacency
  /// Deliveries from clusters to themselves, added up.
  public let local: Double
  /// The clusters that deliver to themselves, ascending, with how much.
  private let selfLinks: [Link]
  /// All deliveries, those to the sending cluster among them.
  public let deliveries: Double

  /// Builds the rows one after another.
  ///
  /// - Parameters:
  ///   - count: the number of clusters.
  ///   - row: appends the links of one cluster, in any order; links to one target add up, a link
  ///     to the cluster itself is a delivery over no distance. Targets outside `0 ..< count` and
  ///     weights that are not positive and finite are left out.
  public init(count: Int, row: (Int, inout [Link]) -> Void) {
    var offsets = [0]
    offsets.reserveCapacity(count + 1)
    var links: [Link] = []
    var buffer: [Link] = []
    var selfLinks: [Link] = []
    var local = 0.0
    var distant = 0.0
    for source in 0..<count {
      buffer.removeAll(keepingCapacity: true)
      row(source, &buffer)
      buffer.sort { $0.cluster < $1.cluster }
      let start = links.count
      for link in buffer {
        guard link.weight > 0, link.weight.isFinite, link.cluster >= 0, link.cluster < count
        else { continue }
        if Int(link.cluster) == source {
          local += Double(link.weight)
          selfLinks.append(link)
        } else if links.count > start, links[links.count - 1].cluster == link.cluster {
          links[links.count - 1].weight += link.weight
          distant += Double(link.weight)
        } else {
          links.append(link)
          distant += Double(link.weight)
        }
      }
      offsets.append(links.count)
    }
    self.count = count
    self.offsets = offsets
    self.links = links
    self.local = local
    self.selfLinks = selfLinks
    deliveries = local + distant
    adjacency = Adjacency(count: count, offsets, links)
  }

  /// The graph of routes whose cores are clusters `0 ..< count`.
  init(count: Int, routes: [Route]) {
    var byCore = [[Int]](repeating: [], count: count)
    for (index, route) in routes.enumerated() where byCore.indices.contains(route.core) {
      byCore[route.core].append(index)
    }
    self.init(count: count) { source, row in
      for index in byCore[source] {
        let weight = Float(routes[index].weight)
        for target in routes[index].destinations {
          row.append(Link(cluster: Int32(clamping: target), weight: weight))
        }
      }
    }
  }

  /// For each cluster what it delivers to itself.
  var localDeliveries: [Double] {
    var deliveries = [Double](repeating: 0, count: count)
    for link in selfLinks { deliveries[Int(link.cluster)] += Double(link.weight) }
    return deliveries
  }
}
