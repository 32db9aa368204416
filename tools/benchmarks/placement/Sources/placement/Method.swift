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
    case .quick: solved = Product.solve(instance, effort: 0.1, isThorough: false)
    case .synapack: solved = Product.solve(instance, effort: 1, isThorough: true)
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
        ? NeuronPartitions.overlap(network, instance.chip)
        : NeuronPartitions.sequential(network, instance.chip)
      return found.map { network.graph($0.part, parts: $0.parts) }
    }
  }
}

enum Stopwatch {
  static var now: Double { ProcessInfo.processInfo.systemUptime }
}

/// What this project does: its own partition, and `MeshPlacer`.
enum Product {
  static func solve(
    _ instance: Instance, effort: Double, isThorough: Bool
  ) -> (graph: ClusterGraph, places: [Int32])? {
    let chip = instance.chip
    switch instance.work {
    case .clusters(let graph): return place(graph, chip, effort)
    case .layered(let network):
      let forms: [(Double, Bool)] =
        isThorough ? [(1, false), (1, true), (0.5, true), (0.25, true)] : [(0.25, true)]
      var graphs: [ClusterGraph] = []
      for (share, isSpatial) in forms {
        if let parts = TilePartition.parts(network, chip, share: share, isSpatial: isSpatial),
          parts.count <= chip.geometry.cells
        {
          graphs.append(network.graph(parts))
        }
      }
      // Where small tiles do not fit, larger ones and the order of the neurons may.
      if graphs.isEmpty, let parts = SequentialPartition.parts(network, chip) {
        graphs.append(network.graph(parts))
      }
      return best(graphs.compactMap { place($0, chip, 0.1 * effort) }, chip)
        .flatMap { place($0.graph, chip, effort) }
    case .neurons(let network): return joint(network, chip, effort, isThorough)
    }
  }

  private static func place(
    _ graph: ClusterGraph, _ chip: VirtualChip, _ effort: Double
  ) -> (graph: ClusterGraph, places: [Int32])? {
    let placed = try? MeshPlacer.place(
      graph, on: chip.geometry, chip.constants, options: .init(effort: effort))
    return placed.map { (graph, $0.places) }
  }

  private static func best(
    _ candidates: [(graph: ClusterGraph, places: [Int32])], _ chip: VirtualChip
  ) -> (graph: ClusterGraph, places: [Int32])? {
    func product(_ candidate: (graph: ClusterGraph, places: [Int32])) -> Double {
      MeshCost(
        of: candidate.graph, at: candidate.places, on: chip.geometry, chip.constants
      ).product
    }
    return candidates.map { ($0, product($0)) }.min { $0.1 < $1.1 }?.0
  }

  /// Partitions in order and by overlap, each refined on its own and on its placement.
  private static func joint(
    _ network: SpikingNetwork, _ chip: VirtualChip, _ effort: Double, _ isThorough: Bool
  ) -> (graph: ClusterGraph, places: [Int32])? {
    // Full cores take no neuron from another; a little room lets the refinement move.
    let roomy = chip.with(
      neurons: chip.neurons * 31 / 32, inboundAxons: chip.inboundAxons * 31 / 32)
    var starts = [NeuronPartitions.sequential(network, roomy)]
    if isThorough { starts.append(NeuronPartitions.overlap(network, roomy)) }
    var candidates: [(graph: ClusterGraph, places: [Int32])] = []
    for case let start? in starts where start.parts <= chip.geometry.cells {
      var refined = NeuronRefinement(network, chip, start.part, parts: start.parts)
      if isThorough { _ = refined.run(nil, passes: 2) }
      for round in 0..<(isThorough ? 2 : 1) {
        let graph = network.graph(refined.part, parts: refined.parts)
        guard let placed = place(graph, chip, round == 0 ? 0.2 * effort : effort) else { break }
        candidates.append(placed)
        if isThorough, round == 0 { _ = refined.run(placed.places, passes: 2) }
      }
    }
    if let start = NeuronPartitions.sequential(network, chip), start.parts <= chip.geometry.cells,
      let placed = place(network.graph(start.part, parts: start.parts), chip, effort)
    {
      candidates.append(placed)
    }
    return best(candidates, chip)
  }
}

extension VirtualChip {
  /// Smaller cores on the same mesh.
  func with(neurons: Int, inboundAxons: Int) -> VirtualChip {
    VirtualChip(
      name: name, geometry: geometry, constants: constants, neurons: neurons,
      inboundAxons: inboundAxons)
  }
}
