internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Affine and Linear: a matrix, with or without a bias.
///
///     Affine(x), Linear(x) → linear
enum AffineNodes: NIRNodeFamily {
  static let lowerings = [lowering("Affine", hasBias: true), lowering("Linear", hasBias: false)]

  private static func lowering(_ type: String, hasBias: Bool) -> NIRLowering {
    NIRLowering(type, fields: hasBias ? ["weight", "bias"] : ["weight"]) {
      (context, builder) throws(PackError) in
      let weight = try context.array("weight")
      guard weight.shape.rank == 2 else {
        throw context.unsupported("the weight is \(weight.shape)", hint: "use a matrix")
      }
      let name = try builder.store(context.name + "/weight", weight)
      var linear = Linear(weight: name, bias: nil)
      if hasBias {
        linear.bias = try builder.store(context.name + "/bias", context.array("bias"))
      }
      return try builder.add(context.name, .linear(linear), [context.input])
    }
  }
}
