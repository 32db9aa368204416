internal import SynapackCompress
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackTensor

/// The network that is converted, with the one that it was made from and learns from.
///
/// Removing channels keeps nodes and wires in their places, so that a wire of one is that of the
/// other but for the channels that went.
struct TaughtNetwork: Sendable {
  /// The network to which every rule has been applied.
  let teacher: Graph<Analog>
  var graph: Graph<Analog>
  private let pruning: ChannelPruning?

  /// A network that lost nothing.
  init(teacher: Graph<Analog>) {
    (self.teacher, graph, pruning) = (teacher, teacher, nil)
  }

  init(teacher: Graph<Analog>, _ pruning: ChannelPruning) {
    (self.teacher, graph, self.pruning) = (teacher, pruning.graph, pruning)
  }

  /// What the layers that will spike should carry; nothing where the teacher is another one.
  func features(for teacher: Teacher) -> [Feature] {
    guard case .network = teacher else { return [] }
    return layers.map { layer in
      let channels = channels(of: layer.wire)
      return Feature(
        teacher: layer.wire, student: layer.wire, channels: channels,
        worth: channels.map { _ in 1 })
    }
  }

  /// What the populations of a program stand for, as far as that is known.
  func features(of lowered: LoweredProgram, for teacher: Teacher) -> [PopulationFeature] {
    guard case .network = teacher else { return [] }
    let wires = Dictionary(layers.map { ($0.name, $0.wire) }) { first, _ in first }
    return zip(lowered.layers.indices, lowered.layers).compactMap { index, layer in
      guard let wire = wires[layer.name], lowered.program.populations.indices.contains(index),
        lowered.program.populations[index].name == layer.name
      else { return nil }
      let channels = channels(of: wire)
      guard layer.amplitude.count == channels.count else { return nil }
      return PopulationFeature(
        population: index, teacher: wire, channels: channels, worth: layer.amplitude)
    }
  }

  /// The layers that will spike, by the wire that carries what they send.
  private var layers: [(name: String, wire: WireID)] {
    let outputs = Dictionary(graph.nodes.map { ($0.name, $0.output) }) { first, _ in first }
    return SpikingPlan(graph).sites.map { site in (site.name, outputs[site.name] ?? site.wire) }
  }

  private func channels(of wire: WireID) -> [Int] {
    if let pruning { return pruning.channels(of: wire) }
    let shape = teacher.shape(of: wire)
    return shape.rank > 0 ? Array(0..<shape[0]) : []
  }
}
