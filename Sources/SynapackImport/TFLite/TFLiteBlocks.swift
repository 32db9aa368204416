internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How SPACE_TO_BATCH_ND cut the samples of an activation: block[y]·block[x] small planes, each of
/// every so many cells, behind one another along the batch.
///
/// A convolution of such planes is a dilated one of the whole plane, which is what converters mean
/// by it. The activation's own extents and wire stay those of the whole.
struct TFLiteBlocks {
  /// One number an axis of the file behind the batch, the channels left out.
  var block: [Int]
  /// The zeros added before and after each axis.
  var before: [Int]
  var after: [Int]

  /// The window of the whole plane for one of a small plane, less the cells that are cut from the
  /// result: with a stride of one, a cell less of the output is a zero less before the input.
  func window(
    _ window: Window, crops: (before: [Int], after: [Int]), _ context: TFLiteContext
  ) throws(PackError) -> Window {
    let before = zip(before, crops.before).map { $0 - $1 }
    let after = zip(after, crops.after).map { $0 - $1 }
    let one = Extent(y: 1, x: 1)
    guard block.count == 2, window.stride == one, window.dilation == one,
      window.padding == Edges(), (before + after).allSatisfy({ $0 >= 0 })
    else {
      throw context.unsupported(
        "its planes are cut into blocks of \(block) for more than a dilation",
        hint: "convert the model with a fixed batch")
    }
    return Window(
      kernel: window.kernel, stride: one, dilation: Extent(y: block[0], x: block[1]),
      padding: Edges(top: before[0], left: before[1], bottom: after[0], right: after[1]))
  }
}

extension TFLiteBuilder {
  /// The cells that BATCH_TO_SPACE_ND cuts before and after each axis of what is computed as the
  /// tensor `number`; `nil` where something else reads it.
  mutating func crops(behind number: Int32) throws(PackError) -> (before: [Int], after: [Int])? {
    var number = number
    // A line of one dimension is made a plane and a line again on the way.
    for _ in 0..<3 {
      guard let reader = reader(of: number), let output = reader.outputs.first else { return nil }
      switch model.operatorCodes[Int(reader.code)].code {
      case TFLiteBlockLayers.backCode where reader.inputs.count == 3:
        return try pairs(reader.inputs[2])
      case 22, 43, 70: number = output
      default: return nil
      }
    }
    return nil
  }

  /// A constant [axes, 2] of few cells as two lists; `nil` for any other.
  private mutating func pairs(
    _ number: Int32
  ) throws(PackError) -> (before: [Int], after: [Int])? {
    guard case .constant(let constant) = try value(number), constant.tensor.shape.rank == 2,
      constant.tensor.shape[1] == 2, constant.tensor.shape.count <= 8
    else { return nil }
    let values = try constant.tensor.integers().map { Int(clamping: $0) }
    guard values.allSatisfy({ (0...(1 << 20)).contains($0) }) else { return nil }
    return (
      stride(from: 0, to: values.count, by: 2).map { values[$0] },
      stride(from: 1, to: values.count, by: 2).map { values[$0] }
    )
  }

  /// The same for an input of a node.
  mutating func pairs(
    _ index: Int, _ context: TFLiteContext
  ) throws(PackError) -> (before: [Int], after: [Int]) {
    guard context.has(index), let pairs = try pairs(context.node.inputs[index]) else {
      throw context.malformed("input \(index) is no list of pairs")
    }
    return pairs
  }
}
