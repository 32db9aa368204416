public import SynapackTensor

/// Where every neuron of a program sits on a chip, which cores hear it, and what that costs.
///
/// Cores are numbered row by row: core y · width + x sits in column x of row y. The input port
/// takes no core and no route: a constant current is injected by the host at the neurons that
/// hear it, so no event travels.
public struct Placement: Sendable, Hashable {
  /// The identifier of the chip.
  public var chip: String
  /// The rows (`y`) and columns (`x`) of cores.
  public var mesh: Extent
  /// Ordered by population, then first channel, row and column; each neuron lies in exactly one.
  public var slices: [Slice]
  /// Ordered by population, core, then destinations.
  public var routes: [Route]
  /// The names of the chip's resources, in the chip file's order.
  public var resources: [String]
  /// The cores in use, ascending.
  public var usage: [CoreUsage]
  /// For each population, the mean events that one neuron sends in one inference.
  public var rates: [Double]
  public var cost: PlacementCost

  public init(
    chip: String, mesh: Extent, slices: [Slice], routes: [Route], resources: [String],
    usage: [CoreUsage], rates: [Double], cost: PlacementCost
  ) {
    self.chip = chip
    self.mesh = mesh
    self.slices = slices
    self.routes = routes
    self.resources = resources
    self.usage = usage
    self.rates = rates
    self.cost = cost
  }
}

extension Placement {
  /// Σ weight · distance over all routes and the cores that hear them: events × hops.
  public func hops(on chip: Chip) -> Double {
    CostModel.hops(of: routes, on: chip.geometry)
  }
}

/// A block of one population's neurons on one core.
///
/// A population of shape `[N]` is read as N channels of 1×1, `[C, L]` as C channels of 1×L.
public struct Slice: Sendable, Hashable {
  public var population: Int
  public var core: Int
  public var channels: Range<Int>
  public var rows: Range<Int>
  public var columns: Range<Int>

  public init(
    population: Int, core: Int, channels: Range<Int>, rows: Range<Int>, columns: Range<Int>
  ) {
    self.population = population
    self.core = core
    self.channels = channels
    self.rows = rows
    self.columns = columns
  }

  /// The number of neurons in the block.
  public var neurons: Int { channels.count * rows.count * columns.count }
}

/// The neurons of one population on one core whose events go to one set of cores.
///
/// An event is delivered once to each destination core, however many neurons there hear it.
public struct Route: Sendable, Hashable {
  public var population: Int
  /// The core that sends.
  public var core: Int
  /// The cores that hear, ascending; the sending core is among them where it hears itself.
  public var destinations: [Int]
  /// How many neurons share the route.
  public var neurons: Int
  /// The events that all of them send in one inference: neurons × rate.
  public var weight: Double

  public init(population: Int, core: Int, destinations: [Int], neurons: Int, weight: Double) {
    self.population = population
    self.core = core
    self.destinations = destinations
    self.neurons = neurons
    self.weight = weight
  }
}

/// What one core uses.
public struct CoreUsage: Sendable, Hashable {
  public var core: Int
  /// One amount for each of the placement's resources, in their unit.
  public var amounts: [Int]

  public init(core: Int, amounts: [Int]) {
    self.core = core
    self.amounts = amounts
  }
}

/// The cost of one inference; what the chip file gives no constants for is `nil`, never guessed.
///
/// Over all routes e of weight w with destinations at Manhattan distance d from their core:
///
///     energy         = Σ_e w Σ_dst (d + 1)·E_route + d·E_wire
///     averageLatency = Σ_e w Σ_dst (d + 1)·L_route + d·L_wire  /  Σ_e w·|dst|
///     maxLatency     = the largest (d + 1)·L_route + d·L_wire
///     congestion(c)  = events expected to pass core c where each step of a shortest path goes
///                      along x or y with probability 1/2, and 1 once only one is left
///     connectivity   = Σ_e w·(λ − 1), λ the cores that e touches, its own included
///
/// Source: AxonFlow (Ronzani and Silvano), after Jin et al. 2023. Averages and the maximum of the
/// congestion are taken over every core of the mesh, the last row and column included.
public struct PlacementCost: Sendable, Hashable {
  public var energy: Double?
  public var averageLatency: Double?
  public var maxLatency: Double?
  public var averageCongestion: Double
  public var maxCongestion: Double
  public var connectivity: Double
  /// No arrangement of the same cores on the mesh can take less energy than this.
  public var lowerBound: Double?

  /// Energy × average latency, which placements are compared by; `nil` where either is unpublished.
  public var product: Double? {
    energy.flatMap { energy in averageLatency.map { energy * $0 } }
  }

  public init(
    energy: Double?, averageLatency: Double?, maxLatency: Double?, averageCongestion: Double,
    maxCongestion: Double, connectivity: Double, lowerBound: Double?
  ) {
    self.energy = energy
    self.averageLatency = averageLatency
    self.maxLatency = maxLatency
    self.averageCongestion = averageCongestion
    self.maxCongestion = maxCongestion
    self.connectivity = connectivity
    self.lowerBound = lowerBound
  }

  /// How far the energy lies above its lower bound, as a fraction of the bound.
  public var gap: Double? {
    guard let energy, let lowerBound, lowerBound > 0 else { return nil }
    let gap = energy / lowerBound - 1
    return gap.isFinite ? gap : nil
  }
}
