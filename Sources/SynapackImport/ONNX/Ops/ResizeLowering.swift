internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Resize and Upsample to the nearest place, DepthToSpace and SpaceToDepth.
///
///     Resize(x, …, nearest) → select along each axis
///     DepthToSpace(x), SpaceToDepth(x) → reshape, transpose, reshape
///
/// Places outside the input, as `tf_crop_and_resize` has them, are refused.
enum ResizeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Resize", opsets: 10...ONNXOpsets.newest,
      inputs: .init(1...4, since: 11, before: 2...2),
      attributes: [
        "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
        "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
      ],
      activations: { (context, builder) throws(PackError) in
        .activation(try resize(context, &builder))
      }),
    ONNXLowering(
      "Upsample", opsets: 7...9, inputs: .init(2...2, since: 9, before: 1...1),
      attributes: ["mode", "scales"], retired: ["scales": 8],
      activations: { (context, builder) throws(PackError) in
        .activation(try upsample(context, &builder))
      }),
  ]

  // MARK: - Resize

  private static func resize(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard try context.string("mode", default: "nearest") == "nearest" else {
      throw context.unsupported(
        "mode is `\(try context.string("mode", default: ""))`", hint: "use nearest")
    }
    guard !(try context.flag("antialias")) else {
      throw context.unsupported("antialias is set", hint: "export the model without it")
    }
    let input = try context.activation(0, &builder)
    let targets = try targets(context, builder.batch.full(input))
    let changed = targets.filter { $0.output != $0.input || $0.scale != 1 }
    var result = try builder.separated(input, from: changed.map(\.axis), context)
    let rule = try Rule(context)
    for target in changed {
      let places = try rule.places(target, context)
      let name = builder.uniqueName("\(context.name).axis.\(target.axis)")
      result = try GatherLowering.select(result, target.axis, places, name, &builder)
    }
    return result
  }

  private static func upsample(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard try context.string("mode", default: "nearest") == "nearest" else {
      throw context.unsupported("mode is not nearest", hint: "use nearest")
    }
    let input = try context.activation(0, &builder)
    let scales =
      try context.opset < 9 ? context.floats("scales") ?? [] : context.constant(1).tensor.floats()
    guard scales.count == input.rank else {
      throw context.wrongShape("\(scales.count) scales for \(input.rank) axes")
    }
    let full = builder.batch.full(input)
    var result = input
    for axis in full.indices where scales[axis] != 1 {
      let target = try target(axis, full[axis], scale: scales[axis], context)
      result = try builder.separated(result, from: [axis], context)
      let places = (0..<target.output).map {
        min(Int(Float($0) / scales[axis]), full[axis] - 1)
      }
      let name = builder.uniqueName("\(context.name).axis.\(axis)")
      result = try GatherLowering.select(result, axis, places, name, &builder)
    }
    return result
  }

  /// What becomes of one axis.
  private struct Target {
    let axis: Int
    let input: Int
    let output: Int
    let scale: Float
  }

  private static func target(
    _ axis: Int, _ input: Int, scale: Float, _ context: ONNXNodeContext
  ) throws(PackError) -> Target {
    let size = (Float(input) * scale).rounded(.down)
    guard scale > 0, size >= 1, size <= Float(1 << 24) else {
      throw context.wrongShape("an axis of \(input) is scaled by \(scale)")
    }
    return Target(axis: axis, input: input, output: Int(size), scale: scale)
  }

  private static func targets(
    _ context: ONNXNodeContext, _ full: [Int]
  ) throws(PackError) -> [Target] {
    let axes =
      try context.integers("axes").map { (stated) throws(PackError) in
        guard let axes = normalized(axes: stated, rank: full.count) else {
          throw context.wrongShape("the axes \(stated) do not fit \(full)")
        }
        return axes
      } ?? Array(full.indices)
    let scaleIndex = context.opset < 11 ? 1 : 2
    if context.has(scaleIndex), try context.constant(scaleIndex).tensor.shape.count > 0 {
      let scales = try context.constant(scaleIndex).tensor.floats()
      guard scales.count == axes.count else {
        throw context.wrongShape("\(scales.count) scales for \(axes.count) axes")
      }
      var targets: [Target] = []
      for (axis, scale) in zip(axes, scales) {
        targets.append(try target(axis, full[axis], scale: scale, context))
      }
      return targets
    }
    let sizes = try context.knownIntegers(3)
    guard sizes.count == axes.count, sizes.allSatisfy({ (1...1 << 24).contains($0) }) else {
      throw context.wrongShape("the sizes \(sizes) do not fit \(full)")
    }
    return try sized(axes, sizes.map { Int($0) }, full, context)
  }

  private static func sized(
    _ axes: [Int], _ sizes: [Int], _ full: [Int], _ context: ONNXNodeContext
  ) throws(PackError) -> [Target] {
    let scales = zip(axes, sizes).map { Float($1) / Float(full[$0]) }
    let common: Float?
    switch try context.string("keep_aspect_ratio_policy", default: "stretch") {
    case "stretch": common = nil
    case "not_larger": common = scales.min()
    case "not_smaller": common = scales.max()
    case let policy: throw context.unsupported("the policy `\(policy)`", hint: "use stretch")
    }
    return axes.indices.map { index in
      let input = full[axes[index]]
      guard let common else {
        return Target(axis: axes[index], input: input, output: sizes[index], scale: scales[index])
      }
      // The size is that of the common scale, rounded half up.
      let size = Int((common * Float(input) + 0.5).rounded(.down))
      return Target(axis: axes[index], input: input, output: size, scale: common)
    }
  }

  /// How an output place finds its input place: a transformation, then a rounding.
  private struct Rule {
    let transformation: String
    let rounding: String

    init(_ context: ONNXNodeContext) throws(PackError) {
      let isOld = context.opset < 11
      transformation =
        try isOld
        ? "asymmetric" : context.string("coordinate_transformation_mode", default: "half_pixel")
      rounding =
        try isOld ? "floor" : context.string("nearest_mode", default: "round_prefer_floor")
    }

    func places(_ target: Target, _ context: ONNXNodeContext) throws(PackError) -> [Int] {
      var places: [Int] = []
      for place in 0..<target.output {
        let x = try coordinate(Float(place), target, context)
        let rounded: Float
        switch rounding {
        case "floor": rounded = x.rounded(.down)
        case "ceil": rounded = x.rounded(.up)
        case "round_prefer_floor": rounded = (x - 0.5).rounded(.up)
        case "round_prefer_ceil": rounded = (x + 0.5).rounded(.down)
        default: throw context.unsupported("nearest_mode `\(rounding)`", hint: "use floor")
        }
        places.append(Int(max(0, min(rounded, Float(target.input - 1)))))
      }
      return places
    }

    private func coordinate(
      _ place: Float, _ target: Target, _ context: ONNXNodeContext
    ) throws(PackError) -> Float {
      switch transformation {
      case "asymmetric": return place / target.scale
      case "half_pixel": return (place + 0.5) / target.scale - 0.5
      case "pytorch_half_pixel":
        return target.output > 1 ? (place + 0.5) / target.scale - 0.5 : 0
      case "align_corners":
        guard target.output > 1 else { return 0 }
        return place * Float(target.input - 1) / Float(target.output - 1)
      case "half_pixel_symmetric":
        let exact = target.scale * Float(target.input)
        let adjustment = Float(target.output) / exact
        let center = Float(target.input) / 2
        return center * (1 - adjustment) + (place + 0.5) / target.scale - 0.5
      default:
        throw context.unsupported(
          "coordinates are transformed by `\(transformation)`", hint: "use asymmetric")
      }
    }
  }
}
