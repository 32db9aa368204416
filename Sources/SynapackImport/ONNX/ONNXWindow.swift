internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The window attributes that convolutions and poolings share.
///
/// In one dimension the window runs along x, and its y is 1 cell high.
struct ONNXWindow {
  /// The window over all spatial axes.
  let volume: VolumeWindow
  /// The same over a row or a plane; `nil` for three dimensions and more.
  let plane: Window?
  /// The attributes that are read here.
  static let attributes: Set<String> = [
    "auto_pad", "dilations", "kernel_shape", "pads", "strides",
  ]

  static let largest: Int64 = 1 << 20

  /// - Parameters:
  ///   - kernel: the extents that the weights state; `nil` takes the attribute.
  ///   - input: the spatial extents.
  ///   - roundsUp: whether a last window that reaches past the padding counts.
  init(
    _ context: ONNXNodeContext, kernel: [Int]?, input spatial: [Int], roundsUp: Bool = false
  ) throws(PackError) {
    guard (1...3).contains(spatial.count) else {
      throw context.unsupported(
        "\(spatial.count) spatial dimensions", hint: "one to three are supported")
    }
    let rank = spatial.count
    let stated = try ONNXWindow.list(context, "kernel_shape", rank, 1...ONNXWindow.largest)
    guard let kernel = kernel ?? stated, kernel.count == rank, stated ?? kernel == kernel,
      kernel.allSatisfy({ (1...Int(ONNXWindow.largest)).contains($0) })
    else {
      throw context.wrongShape("kernel_shape does not fit the weights or the input \(spatial)")
    }
    let positive = 1...ONNXWindow.largest
    let ones = Array(repeating: 1, count: rank)
    let strides = try ONNXWindow.list(context, "strides", rank, positive) ?? ones
    let dilations = try ONNXWindow.list(context, "dilations", rank, positive) ?? ones
    let spans = (0..<rank).map { dilations[$0] * (kernel[$0] - 1) + 1 }
    let pads = try ONNXWindow.pads(context, input: spatial, spans: spans, strides: strides)
    var overhang = Array(repeating: 0, count: rank)
    if roundsUp {
      for axis in 0..<rank {
        overhang[axis] = ONNXWindow.overhang(
          spatial[axis], span: spans[axis], stride: strides[axis], before: pads[axis],
          after: pads[axis + rank])
      }
    }
    volume = VolumeWindow(
      kernel: kernel, stride: strides, dilation: dilations, before: Array(pads[..<rank]),
      after: Array(pads[rank...]), overhang: overhang)
    plane = rank < 3 ? ONNXWindow.window(kernel, strides, dilations, pads, overhang) : nil
  }

  /// The cells before each axis, then those after each.
  static func pads(
    _ context: ONNXNodeContext, input: [Int], spans: [Int], strides: [Int]
  ) throws(PackError) -> [Int] {
    let rank = input.count
    var pads = Array(repeating: 0, count: 2 * rank)
    let mode = try context.string("auto_pad", default: "NOTSET")
    switch mode {
    case "NOTSET", "": return try list(context, "pads", 2 * rank, 0...largest) ?? pads
    case "VALID": return pads
    case "SAME_UPPER", "SAME_LOWER":
      for axis in 0..<rank {
        let output = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max(0, (output - 1) * strides[axis] + spans[axis] - input[axis])
        let small = total / 2
        pads[axis] = mode == "SAME_UPPER" ? small : total - small
        pads[axis + rank] = total - pads[axis]
      }
      return pads
    default: throw context.unsupported("auto_pad is `\(mode)`", hint: "export explicit pads")
    }
  }

  /// Cells past the padding that the last window reaches into when the size is rounded up.
  ///
  /// A window that would start behind the input and its leading padding is left out.
  private static func overhang(
    _ input: Int, span: Int, stride: Int, before: Int, after: Int
  ) -> Int {
    let room = input + before + after - span
    guard room >= 0, room % stride != 0 else { return 0 }
    let last = (room / stride + 1) * stride
    return last >= input + before ? 0 : last - room
  }

  private static func window(
    _ kernel: [Int], _ strides: [Int], _ dilations: [Int], _ pads: [Int], _ overhang: [Int]
  ) -> Window {
    func extent(_ values: [Int], _ missing: Int) -> Extent {
      values.count == 1
        ? Extent(y: missing, x: values[0]) : Extent(y: values[0], x: values[1])
    }
    let edges =
      pads.count == 2
      ? Edges(left: pads[0], right: pads[1])
      : Edges(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
    return Window(
      kernel: extent(kernel, 1), stride: extent(strides, 1), dilation: extent(dilations, 1),
      padding: edges, overhang: extent(overhang, 0))
  }

  static func list(
    _ context: ONNXNodeContext, _ name: String, _ count: Int, _ range: ClosedRange<Int64>
  ) throws(PackError) -> [Int]? {
    guard let values = try context.integers(name) else { return nil }
    guard values.count == count else {
      throw context.wrongShape("\(name) has \(values.count) elements, \(count) were expected")
    }
    guard values.allSatisfy({ range.contains($0) }) else {
      throw context.unsupported(
        "\(name) is \(values)", hint: "export the model with \(name) in \(range)")
    }
    return values.map { Int($0) }
  }
}
