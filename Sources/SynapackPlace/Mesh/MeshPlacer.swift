public import SynapackSupport

/// Clusters on cells, with what that costs and how much less it could cost at most.
public struct MeshPlacement: Sendable, Hashable {
  /// For each cluster its cell.
  public var places: [Int32]
  public var cost: MeshCost
  /// No placement of the clusters has a smaller Σ w·d.
  public var leastHops: Double
  /// No placement takes less energy.
  public var energyBound: Double
  /// Whether no other placement has a smaller Σ w·d.
  public var isOptimal: Bool

  /// A placement that is given, held against the bounds.
  ///
  /// - Parameters:
  ///   - places: for each cluster of the graph its cell; all different.
  ///   - isOptimal: whether it is known that none has a smaller Σ w·d.
  public init(
    of graph: ClusterGraph, at places: [Int32], on mesh: MeshGeometry, _ constants: MeshConstants,
    isOptimal: Bool = false
  ) {
    self.places = places
    cost = MeshCost(of: graph, at: places, on: mesh, constants)
    leastHops = isOptimal ? cost.hops : min(cost.hops, MeshBound.hops(graph.adjacency, mesh))
    energyBound = MeshCost.energy(hops: leastHops, deliveries: cost.deliveries, constants)
    self.isOptimal = isOptimal || leastHops >= cost.hops
  }

  /// How far the energy lies above its bound, as a fraction of the bound.
  public var gap: Double { energyBound > 0 ? cost.energy / energyBound - 1 : 0 }
}

/// How far a search has come.
public struct MeshProgress: Sendable, Hashable {
  /// What is being done: `changes`, `cuts`, `curves`, `levels`, `anneal`, `done`.
  public var phase: String
  /// The phase of a placement that is found: what is answered then ends nothing.
  public static let done = "done"
  /// Σ w·d of the best placement so far; `nil` where there is none yet.
  public var hops: Double?
}

/// Gives every cluster a cell of a mesh so that heavy traffic goes short ways.
///
/// Energy and average latency are both of the form a + b · Σ w·d with a, b ≥ 0, so one placement
/// has the least of both, and of their product: the one of the least Σ w·d.
public enum MeshPlacer {
  /// How long to look; the result is a function of these, the graph and the mesh, unless the
  /// caller ends the search.
  public struct Options: Sendable, Hashable {
    /// Scales the moves that are tried; the default takes two seconds for a thousand clusters.
    public var effort: Double
    public var seed: UInt64
    /// Threads that work on large meshes; they never change the result.
    public var threads: Int

    public init(effort: Double = 1, seed: UInt64 = 0, threads: Int = 1) {
      self.effort = effort
      self.seed = seed
      self.threads = threads
    }
  }

  /// - Parameter proceed: asked now and then with the best so far; false ends the search, and
  ///   the best placement so far is returned.
  /// - Throws: `SYN0503` where the mesh has fewer cells than there are clusters.
  public static func place(
    _ graph: ClusterGraph, on mesh: MeshGeometry, _ constants: MeshConstants,
    options: Options = Options(), proceed: (MeshProgress) -> Bool = { _ in true }
  ) throws(PackError) -> MeshPlacement {
    let (places, isOptimal) = try arrange(graph, on: mesh, options: options, proceed: proceed)
    return MeshPlacement(
      of: graph, at: places, on: mesh, constants, isOptimal: isOptimal)
  }

  /// The places alone, and whether they were searched exhaustively.
  static func arrange(
    _ graph: ClusterGraph, on mesh: MeshGeometry, options: Options,
    proceed: (MeshProgress) -> Bool
  ) throws(PackError) -> (places: [Int32], isOptimal: Bool) {
    guard graph.count <= mesh.cells else {
      throw PackError(
        .doesNotFit, "\(graph.count) clusters on a mesh of \(mesh.cells) cores",
        hint: "use a larger chip, or fewer and fuller cores")
    }
    if let places = ExactSearch.places(graph.adjacency, mesh) { return (places, true) }
    let places = search(
      graph.adjacency, in: region(for: graph.count, in: mesh), of: mesh, options, proceed)
    // Where a crossing costs, what one chip holds may lie best on that chip.
    guard mesh.crossing > 0, graph.count <= mesh.chipRows * mesh.chipColumns else {
      return (places, false)
    }
    let chip = MeshGeometry(rows: mesh.chipRows, columns: mesh.chipColumns)
    let apart = search(
      graph.adjacency, in: region(for: graph.count, in: chip), of: mesh, options, proceed)
    func hops(_ places: [Int32]) -> Double { MeshState(graph.adjacency, mesh, places).hops() }
    return (hops(apart) < hops(places) ? apart : places, false)
  }

  /// The places in the corner `region` of the mesh, as cells of the mesh.
  private static func search(
    _ graph: Adjacency, in region: MeshGeometry, of mesh: MeshGeometry, _ options: Options,
    _ proceed: (MeshProgress) -> Bool
  ) -> [Int32] {
    var places = search(graph, region, options, proceed)
    for (cluster, cell) in places.enumerated() {
      let (y, x) = Int(cell).quotientAndRemainder(dividingBy: region.columns)
      places[cluster] = Int32(y * mesh.columns + x)
    }
    return places
  }

  /// The corner of the mesh in which the clusters are placed: nearly square, with an eighth of
  /// its sides to spare where the mesh has room.
  private static func region(for count: Int, in mesh: MeshGeometry) -> MeshGeometry {
    var side = 1
    while side * side < count { side += 1 }
    side += max(1, side / 8)
    var (rows, columns) = (min(side, mesh.rows), min(side, mesh.columns))
    columns = min(mesh.columns, max(columns, (side * side + rows - 1) / rows))
    rows = min(mesh.rows, max(rows, (side * side + columns - 1) / columns))
    return MeshGeometry(
      rows: rows, columns: columns, chipRows: mesh.chipRows, chipColumns: mesh.chipColumns,
      crossing: mesh.crossing)
  }

  private static func search(
    _ graph: Adjacency, _ mesh: MeshGeometry, _ options: Options,
    _ proceed: (MeshProgress) -> Bool
  ) -> [Int32] {
    var best = StartLayouts.best(graph, mesh)
    func goesOn(_ phase: String, _ hops: Double) -> Bool {
      proceed(MeshProgress(phase: phase, hops: hops))
    }
    guard goesOn("curves", best.hops) else { return best.places }
    let levels = Multilevel.places(
      graph, mesh, effort: options.effort, seed: options.seed, threads: options.threads,
      stop: { !goesOn("levels", best.hops) })
    var state = MeshState(graph, mesh, levels)
    let hops = state.hops()
    if hops < best.hops {
      best = (hops, levels)
    } else {
      state.take(best.places)
    }
    // A large mesh has been annealed in rectangles on the last of its levels.
    guard goesOn("anneal", best.hops), graph.count < TiledAnnealing.leastClusters else {
      return best.places
    }
    var annealing = Annealing(
      .init(
        moves: Annealing.affordable(graph, effort: options.effort), heat: 0.3,
        window: max(4, min(mesh.rows, mesh.columns) / 4)),
      seed: options.seed &+ 0x5EED)
    annealing.run(&state) { !goesOn("anneal", min($0, best.hops)) }
    let last = state.hops()
    if last < best.hops { best = (last, state.places) }
    _ = goesOn(MeshProgress.done, best.hops)
    return best.places
  }
}
