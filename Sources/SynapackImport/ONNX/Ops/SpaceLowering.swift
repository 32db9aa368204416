internal import SynapackGraph
internal import SynapackSupport

/// DepthToSpace and SpaceToDepth: blocks of b × b places exchanged with channels.
///
///     DepthToSpace(x) → reshape [b, b, C/b², H, W] or [C/b², b, b, H, W], transpose, reshape
///     SpaceToDepth(x) → reshape [C, H/b, b, W/b, b], transpose, reshape
enum SpaceLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "DepthToSpace", inputs: .init(1...1), attributes: ["blocksize", "mode"],
      activations: { (context, builder) throws(PackError) in
        .activation(try toSpace(context, &builder))
      }),
    ONNXLowering(
      "SpaceToDepth", inputs: .init(1...1), attributes: ["blocksize"],
      activations: { (context, builder) throws(PackError) in
        .activation(try toDepth(context, &builder))
      }),
  ]

  private static func input(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> (ONNXActivation, block: Int) {
    let block = Int(clamping: try context.integer("blocksize", default: 0))
    let input = try context.activation(0, &builder)
    guard input.rank == 4, (1...1 << 15).contains(block) else {
      throw context.wrongShape("blocks of \(block) in an input of \(input.dimensions)")
    }
    return (try builder.separated(input, from: [1, 2, 3], context), block)
  }

  private static func toSpace(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let (input, b) = try input(context, &builder)
    let d = input.dimensions
    guard d[1] % (b * b) == 0 else {
      throw context.wrongShape("\(d[1]) channels are no multiple of \(b * b)")
    }
    let c = d[1] / (b * b)
    switch try context.string("mode", default: "DCR") {
    case "DCR":
      return try moved(
        input, [d[0], b, b, c, d[2], d[3]], [0, 3, 4, 1, 5, 2], [d[0], c, d[2] * b, d[3] * b],
        context, &builder)
    case "CRD":
      return try moved(
        input, [d[0], c, b, b, d[2], d[3]], [0, 1, 4, 2, 5, 3], [d[0], c, d[2] * b, d[3] * b],
        context, &builder)
    case let mode: throw context.unsupported("mode is `\(mode)`", hint: "use DCR or CRD")
    }
  }

  private static func toDepth(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let (input, b) = try input(context, &builder)
    let d = input.dimensions
    guard d[2] % b == 0, d[3] % b == 0 else {
      throw context.wrongShape("\(d[2])×\(d[3]) is no multiple of blocks of \(b)")
    }
    return try moved(
      input, [d[0], d[1], d[2] / b, b, d[3] / b, b], [0, 3, 5, 1, 2, 4],
      [d[0], d[1] * b * b, d[2] / b, d[3] / b], context, &builder)
  }

  private static func moved(
    _ input: ONNXActivation, _ split: [Int], _ order: [Int], _ joined: [Int],
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let blocks = try builder.view(input, split, input.batch, name: context.name + ".blocks")
    let turned = try TransposeLowering.turned(blocks, order, context.name, &builder)
    return try builder.view(turned, joined, input.batch, name: context.name + ".planes")
  }
}
