internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Layers that read several others: the value is the list of their names.
///
///     - add: [body, shortcut]      - multiply: [x, gate]      - concat: [a, b]    axis (default: 0)
enum JoinLayers: ArchitectureLayerFamily {
  static let layers = [
    ArchitectureLayer("add") { (context, builder) throws(PackError) in
      try builder.network.add(context.name, .add(Add()), context.inputs)
    },
    ArchitectureLayer("multiply") { (context, builder) throws(PackError) in
      try builder.network.add(context.name, .binary(Binary(.multiply)), context.inputs)
    },
    ArchitectureLayer("concat", keys: ["axis"]) { (context, builder) throws(PackError) in
      let axis = try context.integer("axis", default: 0, in: 0...7)
      return try builder.network.add(context.name, .concat(Concat(axis: axis)), context.inputs)
    },
  ]

  /// The layers whose value names what they read.
  static let readers: Set<String> = ["add", "multiply", "concat", "pad-channels"]
}
