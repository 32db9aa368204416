internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Flatten: axes from one to another, without the batch, become one.
///
///     Flatten(x) → reshape
enum FlattenNode: NIRNodeFamily {
  static let lowerings = [
    NIRLowering("Flatten", fields: ["start_dim", "end_dim", "input_type"]) {
      (context, builder) throws(PackError) in
      let input = builder.shape(context.input)
      if let stated = context.node.arrays["input_type"], stated.shape.count > 0,
        try stated.integers() != input.dimensions.map({ Int64($0) })
      {
        throw context.wrongShape("the input type is another than \(input)")
      }
      let first = try axis(context.integer("start_dim", default: 1), input.rank)
      let last = try axis(context.integer("end_dim", default: -1), input.rank)
      guard let first, let last, first <= last else {
        throw context.wrongShape("the axes to flatten do not fit \(input)")
      }
      let merged = input.dimensions[first...last].reduce(1, *)
      let shape = try Shape(
        input.dimensions[..<first] + [merged] + input.dimensions[(last + 1)...])
      return try builder.add(context.name, .reshape(Reshape(shape: shape)), [context.input])
    }
  ]

  private static func axis(_ axis: Int, _ rank: Int) -> Int? {
    let place = axis < 0 ? axis + rank : axis
    return (0..<rank).contains(place) ? place : nil
  }
}
