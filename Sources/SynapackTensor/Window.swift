/// How a kernel moves over a plane: sizes in cells, `y` before `x`.
public struct Window: Sendable, Hashable {
  public var kernel: Extent
  public var stride: Extent
  public var dilation: Extent
  /// Cells added around the input.
  public var padding: Edges
  /// Further cells at the bottom and right that a rounded-up output size reaches into.
  public var overhang: Extent

  public init(
    kernel: Extent, stride: Extent = Extent(y: 1, x: 1), dilation: Extent = Extent(y: 1, x: 1),
    padding: Edges = Edges(), overhang: Extent = Extent(y: 0, x: 0)
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.overhang = overhang
  }

  /// The output's extent for an input extent; `nil` where the kernel does not fit or a size is
  /// out of range.
  ///
  ///     out = ⌊(in + padding + overhang − dilation·(kernel − 1) − 1) / stride⌋ + 1
  public func outputExtent(of input: Extent) -> Extent? {
    guard
      let y = Window.output(
        input.y, kernel.y, stride.y, dilation.y, padding.top, padding.bottom, overhang.y),
      let x = Window.output(
        input.x, kernel.x, stride.x, dilation.x, padding.left, padding.right, overhang.x)
    else { return nil }
    return Extent(y: y, x: x)
  }

  private static func output(
    _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ before: Int, _ after: Int,
    _ overhang: Int
  ) -> Int? {
    let limit = 1 << 24
    let sizes = [input, kernel, stride, dilation]
    guard sizes.allSatisfy({ (1...limit).contains($0) }),
      [before, after, overhang].allSatisfy({ (-limit...limit).contains($0) })
    else { return nil }
    let span = input + before + after + overhang - dilation * (kernel - 1) - 1
    return span < 0 ? nil : span / stride + 1
  }
}

/// A size or a step along `y` and `x`.
public struct Extent: Sendable, Hashable {
  public var y: Int
  public var x: Int

  public init(y: Int, x: Int) {
    self.y = y
    self.x = x
  }
}

/// Cells at the four edges of a plane; negative cells crop.
public struct Edges: Sendable, Hashable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }
}
