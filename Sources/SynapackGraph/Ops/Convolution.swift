public import SynapackSupport
public import SynapackTensor

/// Cross-correlation over one or two dimensions.
///
///     y[o, p] = b[o] + Σ_{i, k} W[o, i, k] · x[i + g·I, stride·p + dilation·k − padding]
///
/// W: weights [O, I, kH, kW] with I input channels a group; b: bias [O]; g: the group of o; p, k:
/// positions in the output and the kernel. Input [C, H, W] or [C, L], C = groups · I. Outside the
/// input x is zero.
public struct Convolution: OpPayload {
  public static let name = "convolution"

  public var weight: String
  public var bias: String?
  public var window: Window
  public var groups: Int

  public init(weight: String, bias: String?, window: Window, groups: Int = 1) {
    self.weight = weight
    self.bias = bias
    self.window = window
    self.groups = groups
  }

  public var weightNames: [String] { [weight] + (bias.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let (channels, height, width) = try planes(input)
    let kernel = try weights.tensor(weight).shape
    guard kernel.rank == 4, groups > 0, kernel[0] > 0, kernel[0] % groups == 0,
      let expected = kernel[1].times(groups), expected == channels,
      kernel[2] == window.kernel.y, kernel[3] == window.kernel.x
    else {
      throw wrongShape(
        "weights \(kernel) in \(groups) groups do not fit an input of \(channels) channels")
    }
    if let bias {
      let shape = try weights.tensor(bias).shape
      guard shape.dimensions == [kernel[0]] else {
        throw wrongShape("the bias is \(shape), \([kernel[0]]) was expected")
      }
    }
    guard let extent = window.outputExtent(of: Extent(y: height, x: width)) else {
      throw wrongShape("the kernel does not fit an input of \(height)×\(width)")
    }
    return try Shape(
      input.rank == 2 ? [kernel[0], extent.x] : [kernel[0], extent.y, extent.x])
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let shape = try outputShape([input.shape], weights)
    let (_, height, width) = try planes(input.shape)
    let (outputs, rows, columns) = try planes(shape)
    let kernel = try weights.tensor(weight)
    let taps = kernel.floats()
    let offsets = try bias.map { (name) throws(PackError) in try weights.floats(name) }
    let inner = kernel.shape[1]
    var result = FloatArray(shape: shape)
    for o in 0..<outputs {
      let firstChannel = o / (outputs / groups) * inner
      for y in 0..<rows {
        for x in 0..<columns {
          var sum = offsets?[o] ?? 0
          for i in 0..<inner {
            for ky in 0..<window.kernel.y {
              let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
              guard (0..<height).contains(row) else { continue }
              for kx in 0..<window.kernel.x {
                let column = x * window.stride.x + kx * window.dilation.x - window.padding.left
                guard (0..<width).contains(column) else { continue }
                let tap = taps[((o * inner + i) * window.kernel.y + ky) * window.kernel.x + kx]
                sum += tap * input.values[((firstChannel + i) * height + row) * width + column]
              }
            }
          }
          result.values[(o * rows + y) * columns + x] = sum
        }
      }
    }
    return result
  }
}
