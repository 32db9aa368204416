public import SynapackSupport
public import SynapackTensor

/// Cross-correlation over any number of dimensions; ``Convolution`` is that of one and two.
///
///     y[o, p] = b[o] + Σ_{i, k} W[o, i, k] · x[i + g·I, stride·p + dilation·k − before]
///
/// W: weights [O, I, k…] with I input channels a group; b: bias [O]; g: the group of o; p, k:
/// positions in the output and the kernel. Input [C, …], C = groups · I. Outside the input x is
/// zero.
public struct VolumeConvolution: OpPayload {
  public static let name = "volumeConvolution"

  public var weight: String
  public var bias: String?
  public var window: VolumeWindow
  public var groups: Int

  public init(weight: String, bias: String?, window: VolumeWindow, groups: Int = 1) {
    self.weight = weight
    self.bias = bias
    self.window = window
    self.groups = groups
  }

  public var weightNames: [String] { [weight] + (bias.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let kernel = try weights.tensor(weight).shape
    guard input.rank == window.rank + 1, kernel.rank == input.rank + 1, groups > 0,
      kernel[0] > 0, kernel[0] % groups == 0, let expected = kernel[1].times(groups),
      expected == input[0], Array(kernel.dimensions[2...]) == window.kernel
    else {
      throw wrongShape("weights \(kernel) in \(groups) groups do not fit an input of \(input)")
    }
    try checkBias(bias, kernel[0], weights)
    return try volumeShape(input, window, channels: kernel[0])
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let kernel = FloatArray(try weights.tensor(weight))
    let offsets = try bias.map { (name) throws(PackError) in try weights.floats(name) }
    let (outputs, inner) = (kernel.shape[0], kernel.shape[1])
    let taps = try Shape(window.kernel)
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      let output = position[0]
      var sum = offsets?[output] ?? 0
      for tap in 0..<taps.count {
        let place = window.cell(at: Array(position[1...]), tap: taps.position(at: tap))
        guard zip(place, input.shape.dimensions.dropFirst()).allSatisfy({ (0..<$1).contains($0) })
        else { continue }
        for i in 0..<inner {
          let channel = output / (outputs / groups) * inner + i
          sum +=
            kernel.values[(output * inner + i) * taps.count + tap]
            * input.values[input.shape.index(of: [channel] + place)]
        }
      }
      result.values[index] = sum
    }
    return result
  }
}

extension VolumeWindow {
  /// The cell of the input under one tap of the kernel; it may lie outside.
  func cell(at position: [Int], tap: [Int]) -> [Int] {
    position.indices.map { axis in
      position[axis] * stride[axis] + tap[axis] * dilation[axis] - before[axis]
    }
  }
}

extension OpPayload {
  /// The shape after a window has passed over the axes behind the channel.
  func volumeShape(
    _ input: Shape, _ window: VolumeWindow, channels: Int
  ) throws(PackError) -> Shape {
    guard let extents = window.outputExtents(of: Array(input.dimensions.dropFirst())) else {
      throw wrongShape("the window \(window.kernel) does not fit an input of \(input)")
    }
    return try Shape([channels] + extents)
  }

  /// - Throws: `SYN0210` where there is a bias that has not one value a channel.
  func checkBias(
    _ bias: String?, _ channels: Int, _ weights: WeightStore
  ) throws(PackError) {
    guard let bias else { return }
    let shape = try weights.tensor(bias).shape
    guard shape.dimensions == [channels] else {
      throw wrongShape("the bias is \(shape), \([channels]) was expected")
    }
  }

  /// - Throws: `SYN0210` where a weight of the operator has not one value for each place of the
  ///   first axis.
  func checkChannels(_ input: Shape, _ weights: WeightStore) throws(PackError) {
    guard let channels = input.dimensions.first else {
      throw wrongShape("\(Self.name) takes [C, …], not \(input)")
    }
    for name in weightNames {
      let shape = try weights.tensor(name).shape
      guard shape.dimensions == [channels] else {
        throw wrongShape("`\(name)` is \(shape), \([channels]) was expected")
      }
    }
  }
}
