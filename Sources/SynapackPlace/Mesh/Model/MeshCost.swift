/// What a placement of clusters on a mesh costs in one inference.
///
/// Over all links of weight w whose clusters lie d hops apart, a cluster's deliveries to itself
/// over d = 0 among them:
///
///     energy         = Σ w · ((d + 1)·E_route + d·E_wire)
///     averageLatency = Σ w · ((d + 1)·L_route + d·L_wire) / Σ w
///     maxLatency     = the largest (d + 1)·L_route + d·L_wire
///     congestion(c)  = deliveries expected to pass cell c where every step of a shortest way goes
///                      along x or y with probability 1/2, and 1 once only one is left
///     connectivity   = Σ w over links between different cells
///     linkLoad(l)    = deliveries over the wire l where each goes along x first, then along y
///
/// Source: AxonFlow (Ronzani and Silvano), `model.py`, after Jin et al. 2023. Averages and maxima
/// of the congestion are over every cell; the published code leaves the last row and column out of
/// the maximum.
public struct MeshCost: Sendable, Hashable {
  /// Σ w·d.
  public var hops: Double
  /// Σ w.
  public var deliveries: Double
  public var energy: Double
  public var averageLatency: Double
  public var maxLatency: Double
  public var averageCongestion: Double
  public var maxCongestion: Double
  public var maxLinkLoad: Double
  public var connectivity: Double

  /// Energy × average latency, the figure that the literature compares.
  public var product: Double { energy * averageLatency }

  /// Energy of `hops` = Σ w·d.
  static func energy(hops: Double, deliveries: Double, _ constants: MeshConstants) -> Double {
    (hops + deliveries) * constants.energyRoute + hops * constants.energyWire
  }

  /// Mean latency of `hops` = Σ w·d; zero where nothing is delivered.
  static func latency(hops: Double, deliveries: Double, _ constants: MeshConstants) -> Double {
    guard deliveries > 0 else { return 0 }
    return ((hops + deliveries) * constants.latencyRoute + hops * constants.latencyWire)
      / deliveries
  }

  /// - Parameter places: for each cluster its cell; all different.
  public init(
    of graph: ClusterGraph, at places: [Int32], on mesh: MeshGeometry, _ constants: MeshConstants
  ) {
    var hops = 0.0
    var longest: Int?
    if graph.local > 0 { longest = 0 }
    for source in 0..<graph.count {
      var row = 0.0
      for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]] {
        let distance = mesh.distance(Int(places[source]), Int(places[Int(link.cluster)]))
        row += Double(link.weight) * Double(distance)
        longest = max(longest ?? 0, distance)
      }
      hops += row
    }
    self.hops = hops
    deliveries = graph.deliveries
    energy = MeshCost.energy(hops: hops, deliveries: deliveries, constants)
    averageLatency = MeshCost.latency(hops: hops, deliveries: deliveries, constants)
    maxLatency =
      longest.map {
        Double($0 + 1) * constants.latencyRoute + Double($0) * constants.latencyWire
      } ?? 0
    connectivity = graph.deliveries - graph.local
    let congestion = Congestion.load(of: graph, at: places, on: mesh)
    averageCongestion = congestion.reduce(0, +) / Double(mesh.cells)
    maxCongestion = congestion.max() ?? 0
    maxLinkLoad = LinkLoad.largest(of: graph, at: places, on: mesh)
  }
}
