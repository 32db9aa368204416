public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Puts a program on a chip: cuts its populations into blocks, packs them on cores, arranges the
/// cores in the mesh. The result is a function of its arguments alone.
public enum Placer {
  /// A placement, or why there is none.
  public enum Outcome: Sendable, Hashable {
    case placed(Placement)
    case refused(Certificate)
  }

  /// - Parameters:
  ///   - program: a verified program.
  ///   - rates: for each population, the mean events that one neuron sends in one inference.
  ///   - accepted: `SYN0509` to place where a number is unpublished, without that check.
  ///   - options: how long to look for good places.
  ///   - cuts: what cutting layers into blocks aims at.
  ///   - removed: the share of its source's channels that the program has no more, which changes that
  ///     are proposed count in.
  ///   - proceed: asked now and then; false ends the search with the best placement so far, or with
  ///     the changes that were tried by then.
  /// - Throws: `SYN0506` for what the chip's neurons cannot do, `SYN0507` for a layer or neuron
  ///   that takes too much of a resource or passes a limit, `SYN0503` where the cores do not
  ///   suffice, `SYN0508` where no matching takes all layers, `SYN0509` where a number that a check
  ///   needs is unpublished, `SYN0501` for a demand that has no value.
  public static func place(
    _ program: SpikingProgram, on chip: Chip, rates: [Double], accepted: Set<ErrorCode> = [],
    options: MeshPlacer.Options = .init(), cuts: Cuts = .fewestCores, removed: Double = 0,
    proceed: @escaping (MeshProgress) -> Bool = { _ in true }
  ) throws(PackError) -> Placement {
    switch try outcome(
      program, on: chip, rates: rates, accepted: accepted, options: options,
      cuts: cuts, removed: removed, proceed: proceed)
    {
    case .placed(let placement): return placement
    case .refused(let certificate): throw certificate.error
    }
  }

  /// As ``place(_:on:rates:accepted:options:cuts:removed:proceed:)``, with the certificate as a value.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  public static func outcome(
    _ program: SpikingProgram, on chip: Chip, rates: [Double], accepted: Set<ErrorCode> = [],
    options: MeshPlacer.Options = .init(), cuts: Cuts = .fewestCores, removed: Double = 0,
    proceed: @escaping (MeshProgress) -> Bool = { _ in true }
  ) throws(PackError) -> Outcome {
    guard rates.count == program.populations.count, rates.allSatisfy({ $0.isFinite && $0 >= 0 })
    else {
      throw PackError(
        .defect, "\(rates.count) rates for \(program.populations.count) populations",
        hint: "report this with the command")
    }
    let fitting = try Fitting(program, chip, accepted: accepted)
    guard fitting.misses.isEmpty else {
      let search = try EditSearch(
        program, chip, fitting.misses, accepted: accepted, removed: removed
      ) {
        !proceed(MeshProgress(phase: "changes", hops: nil))
      }
      return .refused(
        Certificate(chip: chip.id, misses: fitting.misses, edits: search.edits))
    }
    var ways = [CutSearch.Way(cores: fitting.cores)]
    if cuts == .leastCost {
      let search = CutSearch(program: program, chip: chip, rates: rates, options: options)
      ways = try search.cheapest(fitting.cores, proceed: proceed)
    }
    var best = try placement(fitting, ways[0], program, chip, rates, options, proceed)
    for way in ways.dropFirst() {
      let other = try placement(fitting, way, program, chip, rates, options, proceed)
      if other.cost.product ?? .infinity < best.cost.product ?? .infinity { best = other }
    }
    return .placed(best)
  }

  private static func placement(
    _ fitting: Fitting, _ way: CutSearch.Way, _ program: SpikingProgram, _ chip: Chip,
    _ rates: [Double], _ options: MeshPlacer.Options, _ proceed: (MeshProgress) -> Bool
  ) throws(PackError) -> Placement {
    let cores = way.cores
    let logical = Traffic.routes(cores, program, rates: rates)
    let graph = ClusterGraph(count: cores.count, routes: logical)
    let mesh = chip.geometry
    let places: [Int]
    let shortest: Double
    if chip.kinds.count > 1 {
      // Cores of several kinds keep the numbers that their kinds give them.
      places = fitting.numbers()
      shortest = 0
    } else if !fitting.copies.isEmpty {
      places = try CopyPlacer(graph, fitting.copies, chip).places(options, proceed)
      shortest = MeshBound.hops(graph.adjacency, mesh)
    } else if let found = way.places {
      places = found.map { Int($0) }
      shortest = MeshBound.hops(graph.adjacency, mesh)
    } else {
      let found = try MeshPlacer.arrange(graph, on: mesh, options: options, proceed: proceed)
      places = found.places.map { Int($0) }
      shortest = found.isOptimal ? .infinity : MeshBound.hops(graph.adjacency, mesh)
    }
    let routes = logical.map { route in
      var route = route
      route.core = places[route.core]
      route.destinations = route.destinations.map { places[$0] }.sorted()
      return route
    }.sorted(by: Traffic.precedes)
    let slices = zip(places, cores).flatMap { place, blocks in
      blocks.map { block in
        Slice(
          population: block.population, core: place, channels: block.channels, rows: block.rows,
          columns: block.columns)
      }
    }.sorted(by: precedes)
    return Placement(
      chip: chip.id, mesh: chip.mesh, slices: slices, routes: routes,
      resources: chip.coreResources.map(\.name), usage: try usage(cores, places, program, chip),
      rates: rates,
      cost: CostModel.cost(of: routes, on: mesh, chip.costs(of: routes), shortest: shortest))
  }

  private static func precedes(_ left: Slice, _ right: Slice) -> Bool {
    [left.population, left.channels.lowerBound, left.rows.lowerBound, left.columns.lowerBound]
      .lexicographicallyPrecedes([
        right.population, right.channels.lowerBound, right.rows.lowerBound,
        right.columns.lowerBound,
      ])
  }

  private static func usage(
    _ cores: [[Block]], _ places: [Int], _ program: SpikingProgram, _ chip: Chip
  ) throws(PackError) -> [CoreUsage] {
    let shapes = program.populations.map(\.shape)
    let facts = ProgramFacts(program, chip)
    var usage: [CoreUsage] = []
    for (place, blocks) in zip(places, cores) {
      let counts = coreCounts(blocks, shapes: shapes)
      var amounts: [Int] = []
      for resource in chip.coreResources {
        if resource.scope == .layer {
          var total = 0
          for block in blocks {
            total += try resource.demand.amount(LayerCounts(program, block.population, facts))
          }
          amounts.append(total)
        } else {
          amounts.append(try resource.demand.value(counts))
        }
      }
      usage.append(CoreUsage(core: place, amounts: amounts))
    }
    return usage.sorted { $0.core < $1.core }
  }
}
