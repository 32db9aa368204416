internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What cutting layers into blocks aims at.
public enum Cuts: String, Sendable, Hashable, CaseIterable {
  /// As few cores as can be.
  case fewestCores
  /// The least energy × average latency of several cuts, each placed for a short while.
  case leastCost
}

/// How the blocks of a layer are shaped.
struct BlockForm: Sendable, Hashable {
  /// How much of a core one block may take, so that blocks of several layers can share it.
  var share = 1.0
  /// Whether blocks keep all channels wherever that fits, so that layers are cut alike and each
  /// block hears few others.
  var isSpatial = false

  /// Those that are tried beside the one of the fewest cores.
  static let others = [
    BlockForm(share: 1, isSpatial: true), BlockForm(share: 0.5, isSpatial: true),
    BlockForm(share: 0.25, isSpatial: true),
  ]
}

/// Several ways to fill the cores of a chip, of which the cheapest placement decides.
struct CutSearch {
  let program: SpikingProgram
  let chip: Chip
  let rates: [Double]
  let options: MeshPlacer.Options

  /// The share of the effort with which each way is placed for comparison.
  private static let effort = 0.1
  /// Short placements rank ways that cost nearly the same by chance: those within this factor of
  /// the cheapest are all worth a whole one, up to ``finalists``.
  private static let near = 1.1
  private static let finalists = 3

  /// One way to fill the cores.
  struct Way {
    var cores: [[Block]]
    /// For each core its cell, where the search was ended and they are not looked for again.
    var places: [Int32]?
  }

  /// The cheapest of `cores` and of other ways to fill them, with what comes near it; `cores` alone
  /// where costs are unpublished or the chip counts what only some ways keep.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func cheapest(
    _ cores: [[Block]], proceed: (MeshProgress) -> Bool
  ) throws(PackError) -> [Way] {
    guard chip.kinds.count == 1, chip.takes == .blocks, chip.sharedResources.isEmpty,
      let constants,
      !chip.mentions(DemandVariable.destinationCores.rawValue),
      !chip.mentions(DemandVariable.cores.rawValue)
    else { return [Way(cores: cores)] }
    var isEnded = false
    /// Once the caller ends the search, what is known by then decides.
    func goesOn(_ progress: MeshProgress) -> Bool {
      if !proceed(progress), progress.phase != MeshProgress.done { isEnded = true }
      return !isEnded
    }
    func stop() -> Bool { !goesOn(MeshProgress(phase: "cuts", hops: nil)) }
    let ways = try ways(from: cores, constants, stop: stop)
    var rated: [(cost: Double, way: Way)] = []
    var quick = options
    quick.effort *= CutSearch.effort
    let mesh = chip.geometry
    func consider(_ way: [[Block]]) throws(PackError) -> [Int32] {
      let graph = ClusterGraph(
        count: way.count, routes: Traffic.routes(way, program, rates: rates))
      let found = try MeshPlacer.arrange(graph, on: mesh, options: quick, proceed: goesOn)
      let hops = MeshState(graph.adjacency, mesh, found.places).hops()
      let cost =
        MeshCost.energy(hops: hops, deliveries: graph.deliveries, constants)
        * MeshCost.latency(hops: hops, deliveries: graph.deliveries, constants)
      rated.append((cost, Way(cores: way, places: found.places)))
      return found.places
    }
    let packing = Packing(program, chip)
    for way in ways where way.count <= chip.cores && !isEnded {
      // How often a neuron sends depends on how all others are cut.
      guard let way = try packing.settled(way) else { continue }
      let places = try consider(way)
      guard !isEnded else { break }
      let refinement = BlockRefinement(way, program, chip, rates: rates)
      let moved = refinement.cores(at: places, on: mesh, constants, stop: stop)
      if let moved, let refined = try packing.settled(moved) { _ = try consider(refined) }
    }
    // Several ways may come to the same cores: of equal costs the earliest alone.
    let known = rated.filter(\.cost.isFinite).map { ($0.cost, $0.way) }
    let distinct = Dictionary(known) { first, _ in first }
    let ranked = distinct.sorted { $0.key < $1.key }
    guard let best = ranked.first else { return [Way(cores: cores)] }
    guard !isEnded else { return [best.value] }
    return ranked.prefix(CutSearch.finalists).filter { $0.key <= best.key * CutSearch.near }
      .map { Way(cores: $0.value.cores) }
  }

  /// All ways to fill the cores, those that were found before `stop` says true.
  private func ways(
    from cores: [[Block]], _ constants: MeshConstants, stop: () -> Bool
  ) throws(PackError) -> [[[Block]]] {
    var ways = [cores]
    for form in BlockForm.others {
      guard !stop() else { return ways }
      var packing = Packing(program, chip, form)
      guard try packing.fill() == nil else { continue }
      try packing.join(rates, stop: stop)
      ways.append(packing.cores)
    }
    guard !stop() else { return ways }
    var filling = SequentialFill(program, chip)
    if try filling.fill() { ways.append(filling.cores) }
    guard !stop() else { return ways }
    let segments = SegmentCuts(program, chip, rates: rates, constants)
    if let cores = try segments?.cores() { ways.append(cores) }
    return ways
  }

  private var constants: MeshConstants? {
    guard let energyRoute = chip.costs.energyRoute?.value,
      let energyWire = chip.costs.energyWire?.value,
      let latencyRoute = chip.costs.latencyRoute?.value,
      let latencyWire = chip.costs.latencyWire?.value
    else { return nil }
    return MeshConstants(
      energyRoute: energyRoute, energyWire: energyWire, latencyRoute: latencyRoute,
      latencyWire: latencyWire)
  }
}
