public import SynapackSupport
public import SynapackTensor

/// The transpose of a cross-correlation over one to three dimensions: it spreads every input cell.
///
///     y[o, p] = b[o] + Σ_{i, q, k : stride·q + dilation·k − before = p} W[i, o, k] · x[i, q]
///
/// W: weights [I, O/groups, k…]; i runs over the input channels of the group of o; b: bias [O]; q,
/// p, k: positions in the input, the output and the kernel. `before` and `after` are cells that are
/// cut from the result (negative: added), `outputPadding` cells that its end keeps. Input [I, …],
/// output [O, …] with the extents
///
///     out = stride·(in − 1) + dilation·(kernel − 1) + 1 − before − after + outputPadding
///
/// Source: ONNX ConvTranspose.
public struct ConvolutionTranspose: OpPayload {
  public static let name = "convolutionTranspose"

  public var weight: String
  public var bias: String?
  public var window: VolumeWindow
  public var outputPadding: [Int]
  public var groups: Int

  public init(
    weight: String, bias: String?, window: VolumeWindow, outputPadding: [Int], groups: Int = 1
  ) {
    self.weight = weight
    self.bias = bias
    self.window = window
    self.outputPadding = outputPadding
    self.groups = groups
  }

  public var weightNames: [String] { [weight] + (bias.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let kernel = try weights.tensor(weight).shape
    guard (1...3).contains(window.rank), input.rank == window.rank + 1,
      kernel.rank == input.rank + 1, groups > 0, input[0] > 0, input[0] % groups == 0,
      kernel[0] == input[0], kernel[1] > 0, let channels = kernel[1].times(groups),
      Array(kernel.dimensions[2...]) == window.kernel
    else {
      throw wrongShape("weights \(kernel) in \(groups) groups do not fit an input of \(input)")
    }
    try checkBias(bias, channels, weights)
    guard let extents = outputExtents(of: Array(input.dimensions.dropFirst())) else {
      throw wrongShape("the window \(window) does not fit an input of \(input)")
    }
    return try Shape([channels] + extents)
  }

  private func outputExtents(of input: [Int]) -> [Int]? {
    let limit = VolumeWindow.limit
    guard window.isSound, window.overhang.allSatisfy({ $0 == 0 }),
      outputPadding.count == window.rank,
      outputPadding.allSatisfy({ (0...limit).contains($0) }),
      input.allSatisfy({ (1...limit).contains($0) })
    else { return nil }
    var extents: [Int] = []
    for axis in 0..<window.rank {
      let spread = window.stride[axis] * (input[axis] - 1) + outputPadding[axis]
      let reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1
      let extent = spread + reach - window.before[axis] - window.after[axis]
      guard extent >= 1 else { return nil }
      extents.append(extent)
    }
    return extents
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let kernel = FloatArray(try weights.tensor(weight))
    if let bias {
      let offsets = try weights.floats(bias)
      let plane = result.values.count / offsets.count
      for index in result.values.indices { result.values[index] = offsets[index / plane] }
    }
    let taps = try Shape(window.kernel)
    let (inner, outer) = (input.shape[0] / groups, kernel.shape[1])
    for (index, value) in input.values.enumerated() {
      let position = input.shape.position(at: index)
      for tap in 0..<taps.count {
        let place = window.cell(at: Array(position[1...]), tap: taps.position(at: tap))
        guard zip(place, result.shape.dimensions.dropFirst()).allSatisfy({ (0..<$1).contains($0) })
        else { continue }
        for o in 0..<outer {
          let channel = position[0] / inner * outer + o
          result.values[result.shape.index(of: [channel] + place)] +=
            kernel.values[(position[0] * outer + o) * taps.count + tap] * value
        }
      }
    }
    return result
  }
}
