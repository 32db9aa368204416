internal import Foundation
internal import SynapackPlace

/// A partition and a placement of one instance, with what they cost.
struct Outcome {
  var cost: MeshCost
  var clusters: Int
  var seconds: Double
  var bound: Double
  var gap: Double
}

/// Ways to solve an instance.
enum Method: String, CaseIterable {
  case jin
  case overlapSpectral = "overlap+spectral+fd"
  case minimumDistance = "min-distance"
  case particleSwarm = "spinemap-style pso"
  case annealing = "sneap-style"
  case quick = "synapack-quick"
  case synapack

  static let baselines: [Method] = [
    .jin, .overlapSpectral, .minimumDistance, .particleSwarm, .annealing,
  ]

  /// Nil where the instance does not fit the chip with the method's partition.
  ///
  /// - Parameter limit: the seconds after which swarms and annealing end.
  func solve(_ instance: Instance, limit: Double) -> Outcome? {
    let start = Stopwatch.now
    let mesh = instance.chip.geometry
    func isOver() -> Bool { Stopwatch.now - start > limit }
    let solved: (graph: ClusterGraph, places: [Int32])?
    switch self {
    case .quick:
      solved = told(instance) { try Product.solve(instance, effort: 0.1, isThorough: false) }
    case .synapack:
      solved = told(instance) { try Product.solve(instance, effort: 1, isThorough: true) }
    default:
      solved = partition(instance).flatMap { graph in
        guard graph.count <= mesh.cells else { return nil }
        let places =
          switch self {
          case .overlapSpectral: Placements.spectral(graph, mesh)
          case .minimumDistance: Placements.minimumDistance(graph, mesh)
          case .particleSwarm: Placements.particleSwarm(graph, mesh, until: isOver)
          case .annealing: Placements.annealing(graph, mesh, until: isOver)
          default: Placements.jin(graph, mesh)
          }
        return (graph, places)
      }
    }
    let seconds = Stopwatch.now - start
    guard let solved else { return nil }
    let rated = MeshPlacement(
      of: solved.graph, at: solved.places, on: mesh, instance.chip.constants)
    return Outcome(
      cost: rated.cost, clusters: solved.graph.count, seconds: seconds,
      bound: rated.energyBound, gap: rated.gap)
  }

  /// Why there is no placement goes to the standard error.
  private func told<Result>(_ instance: Instance, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      let text = "\(instance.name): \(error)".prefix(400)
      FileHandle.standardError.write(Data((text + "\n").utf8))
      return nil
    }
  }

  /// The baselines' partition: sequential, or by overlap where the network has no layers.
  private func partition(_ instance: Instance) -> ClusterGraph? {
    switch instance.work {
    case .clusters(let graph): return graph
    case .layered(let network):
      return SequentialPartition.parts(network, instance.chip).map(network.graph)
    case .neurons(let network):
      let isOverlap = self == .overlapSpectral || self == .annealing
      let found =
        isOverlap
        ? NeuronPartition.overlap(network, instance.chip.limits)
        : NeuronPartition.sequential(network, instance.chip.limits)
      return found.map(network.graph)
    }
  }
}

enum Stopwatch {
  static var now: Double { ProcessInfo.processInfo.systemUptime }
}

/// What this project does.
enum Product {
  static func solve(
    _ instance: Instance, effort: Double, isThorough: Bool
  ) throws -> (graph: ClusterGraph, places: [Int32]) {
    let chip = instance.chip
    let options = MeshPlacer.Options(effort: effort)
    switch instance.work {
    case .clusters(let graph):
      let placed = try MeshPlacer.place(
        graph, on: chip.geometry, chip.constants, options: options)
      return (graph, placed.places)
    case .layered(let network):
      return try layered(network, chip, options, isThorough ? .leastCost : .fewestCores)
    case .neurons(let network):
      let outcome = try NeuronPlacer.place(
        network, chip.limits, on: chip.geometry, chip.constants, options: options,
        isThorough: isThorough)
      return (outcome.graph, outcome.placement.places)
    }
  }

  /// The program's placement, rated with each channel's own rate; it was sought with their means.
  private static func layered(
    _ network: LayeredNetwork, _ chip: VirtualChip, _ options: MeshPlacer.Options, _ cuts: Cuts
  ) throws -> (graph: ClusterGraph, places: [Int32]) {
    let placement = try Placer.place(
      network.program(), on: chip.chip(), rates: network.meanRates, options: options, cuts: cuts)
    var parts: [Int: [LayeredNetwork.Box]] = [:]
    for slice in placement.slices {
      parts[slice.core, default: []].append(
        .init(
          layer: slice.population, channels: slice.channels, rows: slice.rows,
          columns: slice.columns))
    }
    let cores = parts.sorted { $0.key < $1.key }
    return (network.graph(cores.map(\.value)), cores.map { Int32($0.key) })
  }
}
