internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A constant met by an activation, as the smallest operator that says the same.
///
///     x · number, x / number            → scale
///     x ∘ constant, one value a channel → channelAffine, which conversion folds into weights
///
/// Not a lowering of its own: Add, Sub, Mul and Div ask it first.
enum ONNXAffine {
  /// - Returns: `nil` where the constant varies otherwise than from channel to channel.
  static func lower(
    _ input: ONNXActivation, _ function: Binary.Function, _ constant: ONNXConstant,
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation? {
    let shape = constant.tensor.shape
    guard shape.count > 0, shape.rank <= input.rank else { return nil }
    let sample = builder.shape(input.wire)
    guard sample.rank >= 1, [.add, .subtract, .multiply, .divide].contains(function) else {
      return nil
    }
    if shape.count == 1, function == .multiply || function == .divide {
      let value = try builder.floats(constant, values: .numbers)[0]
      let factor = function == .multiply ? value : 1 / value
      guard factor.isFinite else { return nil }
      return try builder.add(
        context.name, .scale(Scale(factor: factor)), [input.wire], as: input.dimensions,
        input.batch)
    }
    guard let channels = try channels(input, constant, sample, context, &builder) else {
      return nil
    }
    let name = try builder.derivedWeight(
      constant, form: "\(function) on channels of \(sample)", Shape([sample[0]])
    ) { (_) throws(PackError) in
      switch function {
      case .subtract: channels.map { -$0 }
      case .divide: channels.map { 1 / $0 }
      default: channels
      }
    }
    let isShift = function == .add || function == .subtract
    let op = ChannelAffine(scale: isShift ? nil : name, shift: isShift ? name : nil)
    return try builder.add(
      context.name, .channelAffine(op), [input.wire], as: input.dimensions, input.batch)
  }

  /// The value for each channel, where the constant repeats itself along all other axes.
  private static func channels(
    _ input: ONNXActivation, _ constant: ONNXConstant, _ sample: Shape,
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> [Float]? {
    // Only where the axis behind the batch is the channel, as everywhere in an image network.
    guard input.batch == .alone(0) else { return nil }
    let shape = constant.tensor.shape
    let full = Array(repeating: 1, count: input.rank - shape.rank) + shape.dimensions
    guard full[0] == 1 else { return nil }
    let own = Array(full.dropFirst())
    for axis in own.indices where own[axis] != 1 && own[axis] != sample[axis] {
      throw context.wrongShape("a constant of \(shape) does not fit samples of \(sample)")
    }
    let values = try builder.floats(constant, values: .numbers)
    // An infinite value is no weight: the graph carries it, as in a mask.
    guard values.allSatisfy({ !$0.isInfinite }) else { return nil }
    if values.count == 1 { return Array(repeating: values[0], count: sample[0]) }
    let plane = values.count / own[0]
    // A bias along the last axis of a sequence is no affair of channels.
    guard own[0] == sample[0] || sample.rank == 1 else { return nil }
    for channel in 0..<own[0] {
      let start = channel * plane
      guard values[start..<start + plane].allSatisfy({ $0 == values[start] }) else { return nil }
    }
    return (0..<sample[0]).map { values[(own[0] == 1 ? 0 : $0) * plane] }
  }
}
