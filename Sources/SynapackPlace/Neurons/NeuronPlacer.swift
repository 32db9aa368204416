public import SynapackSupport

/// Puts neurons without a structure on the cores of a mesh: partitions in order and by overlap,
/// each refined alone and, where there is time, on its placement.
public enum NeuronPlacer {
  public struct Outcome: Sendable {
    public var partition: NeuronPartition
    /// The traffic between the parts.
    public var graph: ClusterGraph
    /// Where the parts lie.
    public var placement: MeshPlacement
  }

  /// - Parameters:
  ///   - isThorough: whether both partitions are tried and each is placed again after it was refined
  ///     on its placement; else one, once.
  ///   - proceed: asked now and then; false ends the search with the best placement so far.
  /// - Throws: `SYN0507` where one neuron hears more than a core takes, `SYN0503` where the cores do
  ///   not suffice.
  public static func place(
    _ network: NeuronNetwork, _ limits: CoreLimits, on mesh: MeshGeometry,
    _ constants: MeshConstants, options: MeshPlacer.Options = .init(), isThorough: Bool = true,
    proceed: (MeshProgress) -> Bool = { _ in true }
  ) throws(PackError) -> Outcome {
    guard let full = NeuronPartition.sequential(network, limits) else {
      throw PackError(
        .resourceExceeded,
        "one neuron hears more than the \(limits.inboundAxons) inbound axons of a core",
        hint: "prune the network, or use a chip whose cores hear more")
    }
    var best: Outcome?
    func consider(_ partition: NeuronPartition, effort: Double) throws(PackError) -> [Int32] {
      var options = options
      options.effort *= effort
      let graph = network.graph(partition)
      let placed = try MeshPlacer.place(
        graph, on: mesh, constants, options: options, proceed: proceed)
      if best.map({ placed.cost.product < $0.placement.cost.product }) ?? true {
        best = Outcome(partition: partition, graph: graph, placement: placed)
      }
      return placed.places
    }
    let traffic = ItemTraffic(network)
    for start in starts(network, limits, isThorough) where start.parts <= mesh.cells {
      var refined = PartitionRefinement(traffic, start.part, parts: start.parts, .ofNeurons)
      var room = NeuronRoom(start, limits)
      if isThorough { _ = refined.run(.init(constants, mesh, nil), passes: 2, &room) }
      func partition() -> NeuronPartition {
        NeuronPartition(part: refined.part, parts: refined.parts)
      }
      let places = try consider(partition(), effort: 0.2)
      guard isThorough else { continue }
      _ = refined.run(.init(constants, mesh, places), passes: 2, &room)
      _ = try consider(partition(), effort: 1)
    }
    if full.parts <= mesh.cells { _ = try consider(full, effort: 1) }
    guard let best else {
      throw PackError(
        .doesNotFit, "\(full.parts) parts on a mesh of \(mesh.cells) cores",
        hint: "use a larger chip or a smaller network")
    }
    return best
  }

  /// Partitions from which the refinement begins: full cores take no neuron from another, a little
  /// room lets it move.
  private static func starts(
    _ network: NeuronNetwork, _ limits: CoreLimits, _ isThorough: Bool
  ) -> [NeuronPartition] {
    let roomy = CoreLimits(
      neurons: limits.neurons * 31 / 32, inboundAxons: limits.inboundAxons * 31 / 32)
    var starts = [NeuronPartition.sequential(network, roomy)]
    if isThorough { starts.append(.overlap(network, roomy)) }
    return starts.compactMap(\.self)
  }

  /// The limits of cores of neurons.
  struct NeuronRoom: PartLimits {
    private var neurons: [Int]
    private let limits: CoreLimits

    init(_ partition: NeuronPartition, _ limits: CoreLimits) {
      neurons = Array(repeating: 0, count: partition.parts)
      for part in partition.part { neurons[Int(part)] += 1 }
      self.limits = limits
    }

    func takes(_ item: Int, in part: Int, hearing nets: Int) -> Bool {
      neurons[part] < limits.neurons && nets <= limits.inboundAxons
    }

    mutating func moved(_ item: Int, from: Int, to: Int) {
      neurons[from] -= 1
      neurons[to] += 1
    }
  }
}
