internal import SynapackGraph
internal import SynapackSupport

/// Indices that count through the samples of a batch of unknown size:
///
///     value[…, n, …] = factor · n + offset[…, 0, …]
///
/// with n the number of the sample, which runs along `axis`. Exporters make them where a model
/// reads memory by strides: Range(0, N) · stride + offsets, gathered from a flattened value.
struct SampleIndices {
  let factor: Int64
  /// The axis of the samples, on which the offsets have the extent 1.
  let axis: Int
  let offsets: SymbolicIntegers

  /// Range(0, N).
  static func counting() throws(PackError) -> SampleIndices {
    SampleIndices(factor: 1, axis: 0, offsets: try SymbolicIntegers(list: [0]))
  }

  /// Lowers a node that reads such indices.
  ///
  /// - Throws: `SYN0206` for every operator but the few that such models hold.
  static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard let place = context.inputs.firstIndex(where: { $0?.isSampleIndices ?? false }),
      case .sampleIndices(let indices)? = context.inputs[place]
    else { throw context.unsupported("no indices of samples", hint: "please report this model") }
    switch (context.node.operatorName, place) {
    case ("Identity", 0): return .sampleIndices(indices)
    case ("Mul", _): return .sampleIndices(try indices.scaled(context, by: 1 - place))
    case ("Add", _): return .sampleIndices(try indices.moved(context, by: 1 - place))
    case ("Unsqueeze", 0): return .sampleIndices(try indices.unsqueezed(context))
    case ("Gather", 1): return .activation(try indices.gathered(context, &builder))
    default:
      throw context.unsupported(
        "its input \(place) depends on the size of the batch",
        hint: "export the model with fixed sizes; only the batch may vary")
    }
  }

  /// The indices times a single number.
  private func scaled(
    _ context: ONNXNodeContext, by input: Int
  ) throws(PackError) -> SampleIndices {
    let numbers = try context.integers(input)
    guard numbers.values.count == 1, numbers.dimensions.count <= offsets.dimensions.count,
      let number = try context.knownIntegers(input).first, let factor = factor.times(number)
    else {
      throw context.unsupported(
        "indices of samples times \(numbers.values.count) values", hint: "fold the constants")
    }
    let scaled = try offsets.combined(numbers, ArithmeticLowering.product)
    return SampleIndices(factor: factor, axis: axis, offsets: scaled)
  }

  /// The indices plus numbers that are the same for every sample.
  private func moved(
    _ context: ONNXNodeContext, by input: Int
  ) throws(PackError) -> SampleIndices {
    let numbers = try context.integers(input)
    _ = try context.knownIntegers(input)
    // Axes are aligned at the last one.
    let fromEnd = offsets.dimensions.count - axis
    let rank = max(offsets.dimensions.count, numbers.dimensions.count)
    let own = numbers.dimensions.count - fromEnd
    guard own < 0 || numbers.dimensions[own] == 1 else {
      throw context.unsupported(
        "numbers of shape \(numbers.dimensions) differ between the samples of a batch",
        hint: "keep samples apart")
    }
    let sums = try offsets.combined(numbers) { left, right in
      guard let sum = left.constant.adding(right.constant) else { return nil }
      return SymbolicInteger(constant: sum)
    }
    return SampleIndices(factor: factor, axis: rank - fromEnd, offsets: sums)
  }

  private func unsqueezed(_ context: ONNXNodeContext) throws(PackError) -> SampleIndices {
    let stated =
      context.has(1) ? try context.knownIntegers(1) : try context.integers("axes") ?? []
    let rank = offsets.dimensions.count + stated.count
    guard rank <= 8, let axes = normalized(axes: stated, rank: rank) else {
      throw context.wrongShape("the axes \(stated) do not fit \(offsets.dimensions)")
    }
    var old = offsets.dimensions[...]
    let dimensions = (0..<rank).map { axes.contains($0) ? 1 : old.popFirst() ?? 1 }
    let kept = (0..<rank).filter { !axes.contains($0) }
    return SampleIndices(
      factor: factor, axis: kept[axis],
      offsets: try SymbolicIntegers(dimensions, offsets.values))
  }

  /// Gather along the axis on which the samples lie one behind the other: where the indices step
  /// by the extent of a sample and the offsets stay inside it, each sample reads from itself alone.
  private func gathered(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let input = try context.activation(0, &builder)
    let place = try context.axis("axis", default: 0, rank: input.rank)
    let isOutermost = input.batch == .alone(place) || input.batch == .merged(place, outer: 1)
    let extent = input.dimensions[place]
    let places = offsets.values.compactMap { Int(exactly: $0.constant) }
    guard isOutermost, Int(exactly: factor) == extent, places.count == offsets.values.count,
      places.allSatisfy({ (0..<extent).contains($0) })
    else {
      throw context.unsupported(
        "the indices of a sample lead to other samples", hint: "keep samples apart")
    }
    let before = input.dimensions[..<place]
    let after = input.dimensions[(place + 1)...]
    let apart = try builder.view(
      input, Array(before) + [1, extent] + Array(after), .alone(place),
      name: context.name + ".apart")
    let taken = try GatherLowering.select(apart, place + 1, places, context.name, &builder)
    return try builder.view(
      taken, Array(before) + offsets.dimensions + Array(after), .alone(place + axis),
      name: context.name + ".shape")
  }
}
