public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Puts a program on a chip: cuts its populations into blocks, packs them on cores, arranges the
/// cores in the mesh. The result is a function of its arguments alone.
public enum Placer {
  /// - Parameters:
  ///   - program: a verified program.
  ///   - rates: for each population, the mean events that one neuron sends in one inference.
  /// - Throws: `SYN0506` for what the chip's neurons cannot do, `SYN0503` where a resource does
  ///   not suffice, `SYN0501` for a demand that has no value.
  public static func place(
    _ program: SpikingProgram, on chip: Chip, rates: [Double]
  ) throws(PackError) -> Placement {
    guard rates.count == program.populations.count, rates.allSatisfy({ $0.isFinite && $0 >= 0 })
    else {
      throw PackError(
        .defect, "\(rates.count) rates for \(program.populations.count) populations",
        hint: "report this with the command")
    }
    try chip.check(program)
    let cores = try Packing.cores(program, chip)
    let logical = Traffic.routes(cores, program, rates: rates)
    let arrangement = Arrangement(cores: cores.count, routes: logical, mesh: chip.mesh)
    let places = arrangement.places
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
      resources: chip.resources.map(\.name), usage: try usage(cores, places, program, chip),
      rates: rates,
      cost: CostModel.cost(
        of: routes, on: chip.mesh, chip.costs, shortest: arrangement.shortestLength))
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
    var usage: [CoreUsage] = []
    for (place, blocks) in zip(places, cores) {
      let counts = coreCounts(blocks, shapes: shapes)
      var amounts: [Int] = []
      for resource in chip.resources { amounts.append(try resource.demand.value(counts)) }
      usage.append(CoreUsage(core: place, amounts: amounts))
    }
    return usage.sorted { $0.core < $1.core }
  }
}
