internal import SynapackGraph
internal import SynapackSupport

/// Reshape, with one extent that may be left to be computed.
///
///     Reshape(x) → reshape, with transposes around it where the channels take part
enum ReshapeLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Reshape", keys: ["target_shape"], body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input = context.input
    let target = try target(context)
    if input.shape == target { return input }
    // A vector that was flattened from just these planes becomes them again.
    if case .flattened(let segments) = input.layout, segments == [target] {
      let wire = try builder.reshaped(
        input.wire, [target[target.count - 1]] + target.dropLast(), name: context.name)
      return KerasTensor(wire: wire, shape: target, layout: .channelsFirst)
    }
    let plain = try builder.rowMajor(input, name: context.name + ".input")
    let wire = try builder.reshaped(plain.wire, target, name: context.name)
    return KerasTensor(wire: wire, shape: target, layout: .rowMajor)
  }

  private static func target(_ context: KerasLayerContext) throws(PackError) -> [Int] {
    var target = try context.config.integers("target_shape") ?? []
    let known = target.filter { $0 != -1 }
    guard (1...8).contains(target.count), known.count >= target.count - 1,
      known.allSatisfy({ (1...(1 << 26)).contains($0) }), let product = known.checkedProduct(),
      product > 0
    else {
      throw context.unsupported(
        "target_shape is \(target)", hint: "leave at most one extent to be computed")
    }
    let count = context.input.count
    if let open = target.firstIndex(of: -1) { target[open] = count / product }
    guard target.checkedProduct() == count else {
      throw context.wrongShape("cannot read \(context.input.shape) as \(target)")
    }
    return target
  }
}
