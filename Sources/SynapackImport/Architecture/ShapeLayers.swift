internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Layers that move values, and those that do nothing at inference.
///
///     - flatten      - reshape: [16, 5, 5]      - dropout      - identity
///     - pad-channels: NAME     zeros before and after, in equal parts, up to the channels of NAME
enum ShapeLayers: ArchitectureLayerFamily {
  static let layers = [
    ArchitectureLayer("flatten") { (context, builder) throws(PackError) in
      let wire = try context.input()
      let shape = try Shape([builder.shape(wire).count])
      return try builder.network.reshape(wire, to: shape, name: context.name)
    },
    ArchitectureLayer("reshape") { (context, builder) throws(PackError) in
      var extents: [Int] = []
      for item in context.value.items() {
        extents.append(try context.integer(item, "reshape", in: 1...(1 << 26)))
      }
      guard (1...8).contains(extents.count) else {
        throw context.refusal("`reshape` takes a list of 1 to 8 extents")
      }
      return try builder.network.reshape(
        context.input(), to: Shape(extents), name: context.name)
    },
    ArchitectureLayer("dropout") { (context, _) throws(PackError) in try context.input() },
    ArchitectureLayer("identity") { (context, _) throws(PackError) in try context.input() },
    ArchitectureLayer("pad-channels", padChannels),
  ]

  /// The second input is the wire that NAME stands for.
  @Sendable private static func padChannels(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    guard context.inputs.count == 2 else {
      throw context.refusal("`pad-channels` takes the name of the layer whose channels it copies")
    }
    let shape = builder.shape(context.inputs[0])
    let target = builder.shape(context.inputs[1])
    let missing = target[0] - shape[0]
    guard shape.rank == target.rank, shape.rank >= 1, missing >= 0, missing % 2 == 0 else {
      throw context.refusal("\(shape[0]) channels cannot be padded evenly to \(target[0])")
    }
    guard missing > 0 else { return context.inputs[0] }
    // Channels are the outermost axis, so that the rest of a sample can stand as one long row.
    let rows = try Shape([1, shape[0], shape.count / shape[0]])
    let flat = try builder.network.reshape(
      context.inputs[0], to: rows, name: context.name + ".rows")
    let edges = Edges(top: missing / 2, bottom: missing / 2)
    let padded = try builder.network.add(context.name, .pad(Pad(edges: edges)), [flat])
    return try builder.network.reshape(
      padded, to: Shape([target[0]] + shape.dimensions.dropFirst()), name: context.name + ".planes")
  }
}
