internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The window of a convolution or pooling over one to three axes.
struct KerasWindow {
  let kernel: [Int]
  let stride: [Int]
  let dilation: [Int]
  private(set) var before: [Int]
  private(set) var after: [Int]

  /// - Parameter input: the extents of the spatial axes.
  /// - Throws: `SYN0206` for a padding that is not known.
  init(
    kernel: [Int], stride: [Int], dilation: [Int]? = nil, input: [Int],
    _ context: KerasLayerContext
  ) throws(PackError) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation ?? kernel.map { _ in 1 }
    before = kernel.map { _ in 0 }
    after = before
    switch try context.config.text("padding", default: "valid") {
    case "valid": break
    case "same":
      for axis in kernel.indices { pad(axis, input[axis]) }
    case "causal" where kernel.count == 1:
      before[0] = self.dilation[0] * (kernel[0] - 1)
    case let padding:
      throw context.unsupported("`padding` is `\(padding)`", hint: "use valid or same")
    }
  }

  /// As many cells as make the output ⌈input / stride⌉ long, the odd one at the end.
  private mutating func pad(_ axis: Int, _ extent: Int) {
    let output = (extent + stride[axis] - 1) / stride[axis]
    let reach = (output - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
    let missing = max(0, reach - extent)
    before[axis] = missing / 2
    after[axis] = missing - missing / 2
  }

  /// The window over a plane or, with a height of one, over a line.
  var plane: Window {
    let isLine = kernel.count == 1
    func extent(_ sizes: [Int]) -> Extent {
      isLine ? Extent(y: 1, x: sizes[0]) : Extent(y: sizes[0], x: sizes[1])
    }
    let edges =
      isLine
      ? Edges(left: before[0], right: after[0])
      : Edges(top: before[0], left: before[1], bottom: after[0], right: after[1])
    return Window(
      kernel: extent(kernel), stride: extent(stride), dilation: extent(dilation), padding: edges)
  }

  var volume: VolumeWindow {
    VolumeWindow(kernel: kernel, stride: stride, dilation: dilation, before: before, after: after)
  }
}

extension KerasTensor {
  /// The value of a node whose wire is channels first: Keras' shape follows from it.
  init(planes wire: WireID, _ builder: KerasGraphBuilder) {
    let extents = builder.shape(wire).dimensions
    self.init(
      wire: wire, shape: Array(extents.dropFirst()) + extents.prefix(1), layout: .channelsFirst)
  }
}
