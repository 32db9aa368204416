internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Planes cut into blocks along the batch and put together again, as dilated convolutions are
/// written for a batch that is left open.
///
///     SPACE_TO_BATCH_ND, CONV_2D, BATCH_TO_SPACE_ND → one dilated convolution
///
/// The first and the last do nothing of their own; ``TFLiteBlocks`` says what the middle one does.
enum TFLiteBlockLayers: TFLiteLoweringFamily {
  static let backCode: Int32 = 37

  static let lowerings = [
    TFLiteLowering(38, "SPACE_TO_BATCH_ND", inputs: 3...3, options: 25, rounds: false, cut),
    TFLiteLowering(backCode, "BATCH_TO_SPACE_ND", inputs: 3...3, options: 24, rounds: false, join),
  ]

  @Sendable private static func cut(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    var input = try context.activation(0, &builder)
    let block = try context.integers(1, &builder)
    let (before, after) = try builder.pairs(2, context)
    let sizes = 0...(1 << 20)
    guard block.count == input.extents.count - 1, before.count == block.count,
      block.allSatisfy({ $0 > 0 && sizes.contains($0) }),
      block.indices.allSatisfy({ (input.extents[$0] + before[$0] + after[$0]) % block[$0] == 0 })
    else {
      throw context.malformed("blocks of \(block) of \(input.extents)")
    }
    input.blocks = TFLiteBlocks(block: block, before: before, after: after)
    return input
  }

  @Sendable private static func join(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    var input = try context.blockedActivation(0, &builder)
    let block = try context.integers(1, &builder)
    let crops = try builder.pairs(2, context)
    // The convolution has left nothing but the blocks, for its window took the rest.
    guard let blocks = input.blocks, blocks.block == block, blocks.before == crops.before,
      blocks.after == crops.after
    else {
      throw context.unsupported(
        "it does not follow a convolution of planes cut by SPACE_TO_BATCH_ND alike",
        hint: "convert the model with a fixed batch")
    }
    input.blocks = nil
    guard try builder.extents(context.output) == input.extents else {
      throw context.malformed(
        "it gives \(input.extents), the file states \(context.output.shape.dropFirst())")
    }
    return input
  }

  /// A line in blocks made a plane of one row in blocks, or a plane a line.
  static func reread(
    _ input: TFLiteActivation, _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let stated = try builder.extents(context.output)
    let rank = stated.count
    // One row in front; with small planes of one cell the file would not tell which axis is new.
    guard var blocks = input.blocks, Set([rank, input.extents.count]) == [2, 3],
      rank == 2 || stated[0] == 1 && stated[1] > 1,
      rank == 3 || input.extents[0] == 1 && blocks.block[0] == 1
    else {
      throw context.unsupported(
        "\(input.extents) in blocks is read anew", hint: "convert the model with a fixed batch")
    }
    let isPlane = rank == 3
    let extents = isPlane ? [1] + input.extents : Array(input.extents.dropFirst())
    func changed(_ values: [Int], _ added: Int) -> [Int] {
      isPlane ? [added] + values : Array(values.dropFirst())
    }
    blocks.block = changed(blocks.block, 1)
    blocks.before = changed(blocks.before, 0)
    blocks.after = changed(blocks.after, 0)
    let rows = try builder.inFileOrder(input, name: context.name)
    var result = try builder.fromFileOrder(rows, extents, name: context.name)
    result.blocks = blocks
    return result
  }
}
