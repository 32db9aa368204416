internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Operators that move values. The output's shape stands in the file, so it is taken from there,
/// but where a reshape's target is computed from shapes.
///
///     RESHAPE, SQUEEZE, EXPAND_DIMS → reshape      TRANSPOSE → transpose
///     PAD                           → pad          STRIDED_SLICE → slice;  of a shape → integers
enum TFLiteShapes: TFLiteLoweringFamily {
  static let lowerings = [
    TFLiteLowering(22, "RESHAPE", inputs: 1...2, rounds: false, reshape),
    TFLiteLowering(43, "SQUEEZE", inputs: 1...1, rounds: false, reshape),
    TFLiteLowering(70, "EXPAND_DIMS", inputs: 2...2, rounds: false, reshape),
    TFLiteLowering(39, "TRANSPOSE", inputs: 2...2, rounds: false, transpose),
    TFLiteLowering(34, "PAD", inputs: 2...2, rounds: false, pad),
    TFLiteLowering(
      45, "STRIDED_SLICE", inputs: 4...4, options: 32, rounds: false, integers: TFLiteLists.slice,
      slice),
  ]

  @Sendable private static func reshape(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.blockedActivation(0, &builder)
    if input.blocks != nil { return try TFLiteBlockLayers.reread(input, context, &builder) }
    let computed = try target(input, context, &builder)
    let extents =
      if let computed { computed } else { try builder.extents(context.output) }
    guard extents.checkedProduct() == input.extents.reduce(1, *) else {
      throw context.unsupported(
        "\(input.extents) read as \(extents) mixes the samples of a batch",
        hint: "keep the batch as the first axis")
    }
    if extents == input.extents { return input }
    let rows = try builder.inFileOrder(input, name: context.name)
    return try builder.fromFileOrder(rows, extents, name: context.name)
  }

  /// The extents of a sample in a target that is computed with the batch in it; else `nil`.
  private static func target(
    _ input: TFLiteActivation, _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> [Int]? {
    guard context.operatorName == "RESHAPE", context.has(1),
      case .integers(let target) = try context.value(1, &builder), target.known == nil
    else { return nil }
    var extents = target.values.dropFirst().map { $0.known.flatMap { Int(exactly: $0) } ?? 0 }
    let others = extents.map { $0 == -1 ? 1 : $0 }.checkedProduct() ?? 0
    let total = input.extents.reduce(1, *)
    if let open = extents.firstIndex(of: -1), others > 0, total % others == 0 {
      extents[open] = total / others
    }
    guard target.dimensions.count == 1, target.values.first == .batch,
      extents.allSatisfy({ $0 > 0 }), extents.count <= 4
    else {
      throw context.unsupported(
        "\(input.extents) read as \(target.values) mixes the samples of a batch",
        hint: "keep the batch as the first axis")
    }
    return extents
  }

  @Sendable private static func transpose(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let axes = try context.integers(1, &builder)
    guard axes.sorted() == Array(0...input.extents.count), axes.first == 0 else {
      throw context.unsupported("the axes become \(axes)", hint: "keep the batch first")
    }
    let rows = try builder.inFileOrder(input, name: context.name)
    let wire = try builder.network.add(
      context.name, .transpose(Transpose(permutation: axes.dropFirst().map { $0 - 1 })), [rows])
    return try builder.fromFileOrder(
      wire, builder.extents(context.output), name: context.name + ".shape")
  }

  @Sendable private static func pad(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let pads = try context.integers(1, &builder)
    guard input.isPlane, pads.count == 8, pads.allSatisfy({ (0...(1 << 20)).contains($0) }),
      pads[0...1] == [0, 0], pads[6...7] == [0, 0]
    else {
      throw context.unsupported(
        "\(input.extents) padded by \(pads)", hint: "pad the height and width of planes only")
    }
    let edges = Edges(top: pads[2], left: pads[4], bottom: pads[3], right: pads[5])
    return try context.result(
      try builder.network.add(context.name, .pad(Pad(edges: edges)), [input.wire]), builder)
  }

  /// StridedSliceOptions: begin_mask 0, end_mask 1, ellipsis_mask 2, new_axis_mask 3,
  /// shrink_axis_mask 4.
  @Sendable private static func slice(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let lists = [
      try context.integers(1, &builder), try context.integers(2, &builder),
      try context.integers(3, &builder),
    ]
    guard lists.allSatisfy({ $0.count == input.extents.count + 1 }), try context.option(2) == 0,
      try context.option(3) == 0, try context.option(4) & 1 == 0,
      lists[2].allSatisfy({ $0 >= 1 }), try isFull(lists, context)
    else {
      throw context.unsupported(
        "it slices the batch, backwards, or with new axes", hint: "slice with positive steps")
    }
    let (beginMask, endMask) = (try context.option(0), try context.option(1))
    let shrink = try context.option(4)
    var op = Slice(starts: [], counts: [], steps: [])
    for (index, extent) in input.extents.enumerated() {
      let bit = 1 << (index + 1)
      func place(_ value: Int) -> Int { min(max(value < 0 ? value + extent : value, 0), extent) }
      let start = beginMask & bit != 0 ? 0 : place(lists[0][index + 1])
      let isSingle = shrink & bit != 0
      let end = isSingle ? start + 1 : endMask & bit != 0 ? extent : place(lists[1][index + 1])
      let step = min(lists[2][index + 1], extent)
      guard end > start, end <= extent else { throw context.malformed("an empty slice") }
      op.starts.append(start)
      op.steps.append(step)
      op.counts.append((end - start - 1) / step + 1)
    }
    let rows = try builder.inFileOrder(input, name: context.name)
    let wire = try builder.network.add(context.name, .slice(op), [rows])
    return try builder.fromFileOrder(
      wire, builder.extents(context.output), name: context.name + ".shape")
  }

  /// Whether the batch is kept whole, as far as the file can say.
  private static func isFull(_ lists: [[Int]], _ context: TFLiteContext) throws(PackError) -> Bool {
    let begins = try context.option(0) & 1 != 0 || lists[0][0] == 0
    let batch = Int(context.output.shape.first ?? 1)
    let ends = try context.option(1) & 1 != 0 || lists[1][0] == batch
    return begins && ends && lists[2][0] == 1
  }
}
