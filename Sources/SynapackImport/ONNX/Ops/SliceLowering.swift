internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Slice and Split, opset 7 and newer.
///
///     Slice(x, starts, ends, axes, steps) → slice;  of integers → integers
///     Split(x)                            → one slice for each output
///
/// Starts, ends and axes are attributes up to opset 9, the sizes of Split up to opset 12.
enum SliceLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Slice", inputs: .init(3...5, since: 10, before: 1...1),
      attributes: ["starts", "ends", "axes"], retired: ["starts": 9, "ends": 9, "axes": 9],
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        let cut = try cut(context, builder.batch.full(input))
        return .activation(try lower(input, cut, context.name, context, &builder))
      }, integers: fold),
    ONNXLowering(
      "Split", inputs: .init(1...2, since: 13, before: 1...1),
      attributes: ["axis", "split", "num_outputs"], retired: ["split": 12], activations: split,
      integers: splitIntegers),
  ]

  /// What is taken of each axis.
  struct Cut {
    var starts: [Int]
    var counts: [Int]
    var steps: [Int]

    init(whole dimensions: [Int]) {
      starts = dimensions.map { _ in 0 }
      counts = dimensions
      steps = dimensions.map { _ in 1 }
    }
  }

  // MARK: - Activations

  static func lower(
    _ input: ONNXActivation, _ cut: Cut, _ name: String, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let full = builder.batch.full(input)
    let changed = full.indices.filter { cut.counts[$0] != full[$0] || cut.steps[$0] != 1 }
    let input = try builder.separated(input, from: changed, context)
    guard !changed.isEmpty else { return input }
    var dimensions = input.dimensions
    for axis in changed { dimensions[axis] = cut.counts[axis] }
    let axes = input.dimensions.indices.filter { input.batch != .alone($0) }
    let op = Slice(
      starts: axes.map { cut.starts[$0] }, counts: axes.map { dimensions[$0] },
      steps: axes.map { cut.steps[$0] })
    return try builder.add(name, .slice(op), [input.wire], as: dimensions, input.batch)
  }

  @Sendable private static func split(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let full = builder.batch.full(input)
    let axis = try context.axis("axis", default: 0, rank: full.count)
    var outputs: [ONNXValue] = []
    var start = 0
    for (index, size) in try sizes(context, full[axis]).enumerated() {
      var cut = Cut(whole: full)
      cut.starts[axis] = start
      cut.counts[axis] = size
      start += size
      let name = builder.uniqueName("\(context.name).\(index)")
      outputs.append(.activation(try lower(input, cut, name, context, &builder)))
    }
    return .outputs(outputs)
  }

  /// The extents of the parts of an axis.
  private static func sizes(_ context: ONNXNodeContext, _ extent: Int) throws(PackError) -> [Int] {
    let stated =
      try context.opset < 13
      ? context.integers("split") : context.has(1) ? context.knownIntegers(1) : nil
    if let stated {
      let sizes = stated.compactMap { Int(exactly: $0) }.filter { (0...extent).contains($0) }
      guard sizes.count == stated.count, sizes.count == context.node.outputs.count,
        sizes.reduce(0, +) == extent
      else { throw context.wrongShape("the parts \(stated) do not make up \(extent)") }
      return sizes
    }
    let count = max(1, context.node.outputs.count)
    guard count <= extent else {
      throw context.wrongShape("\(extent) is split into \(count) parts")
    }
    // The last part is the smaller one where they cannot be equal.
    let size = (extent + count - 1) / count
    let last = extent - size * (count - 1)
    guard last > 0, last == size || context.has(attribute: "num_outputs") else {
      throw context.wrongShape("\(extent) is not split evenly into \(count) parts")
    }
    return Array(repeating: size, count: count - 1) + [last]
  }

  // MARK: - Integers

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.integers(0)
    return .integers(try data.slice(cut(context, data.dimensions)))
  }

  @Sendable private static func splitIntegers(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.integers(0)
    let axis = try context.axis("axis", default: 0, rank: data.dimensions.count)
    var outputs: [ONNXValue] = []
    var start = 0
    for size in try sizes(context, data.dimensions[axis]) {
      var cut = Cut(whole: data.dimensions)
      cut.starts[axis] = start
      cut.counts[axis] = size
      start += size
      outputs.append(.integers(try data.slice(cut)))
    }
    return .outputs(outputs)
  }

  // MARK: - Places

  private static func cut(
    _ context: ONNXNodeContext, _ dimensions: [Int]
  ) throws(PackError) -> Cut {
    let isOld = context.opset < 10
    let starts = try isOld ? context.integers("starts") ?? [] : context.knownIntegers(1)
    let ends = try isOld ? context.integers("ends") ?? [] : context.knownIntegers(2)
    let stated =
      try isOld ? context.integers("axes") : context.has(3) ? context.knownIntegers(3) : nil
    let steps =
      try !isOld && context.has(4)
      ? context.knownIntegers(4) : Array(repeating: 1, count: starts.count)
    let axes = normalized(
      axes: stated ?? starts.indices.map { Int64($0) }, rank: dimensions.count)
    guard let axes, axes.count == starts.count, ends.count == starts.count,
      steps.count == starts.count
    else {
      throw context.wrongShape(
        "starts, ends, axes and steps do not fit one another or \(dimensions)")
    }
    var cut = Cut(whole: dimensions)
    for (index, axis) in axes.enumerated() {
      let extent = dimensions[axis]
      guard let step = Int(exactly: steps[index]), step != 0, step > Int.min else {
        throw context.wrongShape("a step of \(steps[index])")
      }
      let lowest = step > 0 ? 0 : -1
      let start = clamped(starts[index], extent, 0...(step > 0 ? extent : max(0, extent - 1)))
      // Behind the clamp an end of −1 means before the first element, as for a step backward.
      let end = clamped(ends[index], extent, lowest...(step > 0 ? extent : max(-1, extent - 1)))
      let distance = step > 0 ? end - start : start - end
      let stride = step.magnitude
      cut.starts[axis] = start
      cut.steps[axis] = step
      cut.counts[axis] = distance <= 0 ? 0 : (distance - 1) / Int(clamping: stride) + 1
      if cut.counts[axis] <= 1 { cut.steps[axis] = 1 }
    }
    return cut
  }

  /// Counts a negative place from the end and brings the result into `range`.
  static func clamped(_ value: Int64, _ extent: Int, _ range: ClosedRange<Int>) -> Int {
    let place = value < 0 ? value.adding(Int64(extent)) ?? value : value
    return Int(max(Int64(range.lowerBound), min(Int64(range.upperBound), place)))
  }
}

extension SymbolicIntegers {
  /// The elements that `cut` takes.
  func slice(_ cut: SliceLowering.Cut) throws(PackError) -> SymbolicIntegers {
    guard !cut.counts.contains(0) else { return try SymbolicIntegers(cut.counts, []) }
    var strides = dimensions.map { _ in 1 }
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    var taken: [SymbolicInteger] = []
    for index in 0..<(cut.counts.checkedProduct() ?? 0) {
      var rest = index
      var place = 0
      for axis in cut.counts.indices.reversed() {
        let step = rest % cut.counts[axis]
        place += (cut.starts[axis] + step * cut.steps[axis]) * strides[axis]
        rest /= cut.counts[axis]
      }
      taken.append(values[place])
    }
    return try SymbolicIntegers(cut.counts, taken)
  }
}
