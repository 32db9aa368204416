internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A convolution as NIR has it: one group, the same padding on both sides, no relays, and a square
/// kernel where nir itself must infer shapes; the same sums over the same cells.
///
/// Along one axis, with the relay's kernel r, stride q and padding a folded in first,
///
///     kernel'(q·d·j + i) += w(j)    stride' = q·s    padding' = q·p + a
///
/// then zeros around the kernel, `front` and `back` of them, make the paddings equal:
///
///     P ≥ max(before, after, 0)    front = P − before    back = P − after    k' = k + front + back
struct NIRKernel {
  /// [O, I, K, K].
  private(set) var values: [Float]
  private(set) var shape: [Int]
  private(set) var stride: Extent
  private(set) var padding: Extent

  /// - Parameters:
  ///   - connection: a convolution.
  ///   - source: the shape before the relays, as planes.
  ///   - isSquare: whether both sides of the kernel must be equal.
  /// - Throws: `SYN0745` where relays or the kernel have no such form.
  init(
    _ connection: Connection, from source: (channels: Int, height: Int, width: Int), isSquare: Bool
  ) throws(PackError) {
    guard case .convolution(let weights, let window, let groups) = connection.synapses else {
      throw NIRKernel.refused("the map is dense")
    }
    let axes = try NIRKernel.axes(window, connection.relays, source, isSquare: isSquare)
    let (outputs, depth) = (weights.shape[0], weights.shape[1])
    let channels = depth * groups
    shape = [outputs, channels, axes.y.side, axes.x.side]
    stride = Extent(y: axes.y.stride, x: axes.x.stride)
    padding = Extent(y: axes.y.padding, x: axes.x.padding)
    guard let count = shape.checkedProduct(), count <= 1 << 28 else {
      throw NIRKernel.refused("a kernel of \(shape) would be needed")
    }
    values = Array(repeating: 0, count: count)
    let (rows, columns) = (weights.shape[2], weights.shape[3])
    for (index, weight) in weights.values.enumerated() where weight != 0 {
      let output = index / (depth * rows * columns)
      let channel = output / (outputs / groups) * depth + index / (rows * columns) % depth
      let plane = (output * channels + channel) * axes.y.side * axes.x.side
      for ky in axes.y.cells[index / columns % rows] {
        for kx in axes.x.cells[index % columns] {
          values[plane + ky * axes.x.side + kx] += Float(weight)
        }
      }
    }
  }

  /// Both axes of a window with the relays before it folded in.
  private static func axes(
    _ window: Window, _ relays: [Window],
    _ source: (channels: Int, height: Int, width: Int), isSquare: Bool
  ) throws(PackError) -> (y: NIRAxis, x: NIRAxis) {
    var y = NIRAxis(
      size: source.height, kernel: window.kernel.y, stride: window.stride.y,
      dilation: window.dilation.y, before: window.padding.top, after: window.padding.bottom,
      overhang: window.overhang.y)
    var x = NIRAxis(
      size: source.width, kernel: window.kernel.x, stride: window.stride.x,
      dilation: window.dilation.x, before: window.padding.left, after: window.padding.right,
      overhang: window.overhang.x)
    try y.fold(
      relays.map {
        NIRRelay(
          kernel: $0.kernel.y, stride: $0.stride.y, before: $0.padding.top,
          after: $0.padding.bottom, overhang: $0.overhang.y)
      })
    try x.fold(
      relays.map {
        NIRRelay(
          kernel: $0.kernel.x, stride: $0.stride.x, before: $0.padding.left,
          after: $0.padding.right, overhang: $0.overhang.x)
      })
    try NIRAxis.surround(&y, &x, isSquare: isSquare)
    return (y, x)
  }

  static func refused(_ message: String) -> PackError {
    PackError(
      .structureNotCarried, "NIR has no such connection: \(message)",
      hint: "use square kernels, and pooling whose windows fill the plane")
  }
}

/// A relay along one axis.
struct NIRRelay {
  let kernel, stride, before, after, overhang: Int
}

/// The windows of a connection along one axis, and where each tap lies in NIR's kernel.
struct NIRAxis {
  private(set) var size: Int
  private(set) var stride: Int
  private(set) var padding = 0
  /// For each tap of the program's kernel the cells of NIR's kernel that have its weight.
  private(set) var cells: [[Int]]
  /// Cells of the kernel so far, and the paddings that it needs.
  private(set) var side: Int
  private var before: Int
  private var after: Int

  init(
    size: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int, overhang: Int
  ) {
    self.size = size
    self.stride = stride
    self.before = before
    self.after = after + overhang
    cells = (0..<kernel).map { [$0 * dilation] }
    side = (kernel - 1) * dilation + 1
  }

  /// Folds relays into the kernel, the last first.
  mutating func fold(_ relays: [NIRRelay]) throws(PackError) {
    var sizes = [size]
    for relay in relays {
      let span =
        sizes[sizes.count - 1] + relay.before + relay.after + relay.overhang - relay.kernel
      sizes.append(span / relay.stride + 1)
    }
    for (relay, sizes) in zip(relays, zip(sizes, sizes.dropFirst())).reversed() {
      let (size, relayed) = sizes
      // Products of two such sizes do not leave 64 bits.
      let largest = max(stride, side, abs(before), relay.stride, relay.kernel, abs(relay.before))
      guard largest <= 1 << 24 else { throw NIRKernel.refused("strides that add up to \(largest)") }
      // Where the kernel hangs over the relayed plane, it must hang over the plane itself as well.
      let count = (relayed + before + after - side) / stride + 1
      let hangs = (before > 0, (count - 1) * stride - before + side > relayed)
      guard !hangs.0 || relay.kernel <= relay.stride + relay.before,
        !hangs.1 || relayed * relay.stride - relay.before >= size
      else { throw NIRKernel.refused("pooling that leaves cells out, then padding") }
      cells = cells.map { taps in
        taps.flatMap { tap in (0..<relay.kernel).map { tap * relay.stride + $0 } }
      }
      side = (side - 1) * relay.stride + relay.kernel
      before = before * relay.stride + relay.before
      stride *= relay.stride
      // As many cells behind the plane as the last window needs, no more.
      after = (count - 1) * stride + side - size - before
      self.size = size
    }
  }

  /// The smallest padding that both sides can have.
  private var leastPadding: Int { max(before, after, 0) }

  /// Zeros around both kernels, so that each pads both its sides alike, and they are square if asked.
  static func surround(
    _ y: inout NIRAxis, _ x: inout NIRAxis, isSquare: Bool
  ) throws(PackError) {
    guard isSquare else {
      y.surround(padding: y.leastPadding)
      return x.surround(padding: x.leastPadding)
    }
    func side(_ axis: NIRAxis, _ padding: Int) -> Int {
      axis.side + 2 * padding - axis.before - axis.after
    }
    var paddings = (y: y.leastPadding, x: x.leastPadding)
    var difference = side(y, paddings.y) - side(x, paddings.x)
    // Where windows leave cells out at the end, the side may be one shorter or longer.
    if difference % 2 != 0, x.slack > 0 || y.slack > 0 {
      if x.slack > 0 { x.after += 1 } else { y.after += 1 }
      paddings = (y.leastPadding, x.leastPadding)
      difference = side(y, paddings.y) - side(x, paddings.x)
    }
    guard difference % 2 == 0 else {
      throw NIRKernel.refused("a kernel of even and odd sides, \(y.side)×\(x.side)")
    }
    if difference > 0 { paddings.x += difference / 2 } else { paddings.y -= difference / 2 }
    y.surround(padding: paddings.y)
    x.surround(padding: paddings.x)
  }

  /// How many more cells behind the plane would not give another window.
  private var slack: Int {
    let span = size + before + after - side
    return stride - 1 - span % stride
  }

  private mutating func surround(padding: Int) {
    let front = padding - before
    cells = cells.map { $0.map { $0 + front } }
    side += front + padding - after
    self.padding = padding
  }
}
