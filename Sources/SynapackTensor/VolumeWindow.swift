/// How a kernel moves over any number of axes: one entry for each, outermost first, in cells.
public struct VolumeWindow: Sendable, Hashable {
  public var kernel: [Int]
  public var stride: [Int]
  public var dilation: [Int]
  /// Cells added at the start of each axis; negative cells crop.
  public var before: [Int]
  /// Cells added at the end of each axis; negative cells crop.
  public var after: [Int]
  /// Further cells at the end that a rounded-up output size reaches into.
  public var overhang: [Int]

  /// A list that is left out means ones for stride and dilation and zeros for the others.
  public init(
    kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, before: [Int]? = nil,
    after: [Int]? = nil, overhang: [Int]? = nil
  ) {
    let ones = Array(repeating: 1, count: kernel.count)
    let zeros = Array(repeating: 0, count: kernel.count)
    self.kernel = kernel
    self.stride = stride ?? ones
    self.dilation = dilation ?? ones
    self.before = before ?? zeros
    self.after = after ?? zeros
    self.overhang = overhang ?? zeros
  }

  /// The number of axes.
  public var rank: Int { kernel.count }

  /// Sizes and steps up to this are taken, so that no sum of them overflows.
  public static let limit = 1 << 24

  /// The output's extents for the input's; `nil` where the kernel does not fit, a list has not one
  /// entry an axis, or a size is out of range.
  ///
  ///     out = ⌊(in + before + after + overhang − dilation·(kernel − 1) − 1) / stride⌋ + 1
  public func outputExtents(of input: [Int]) -> [Int]? {
    guard isSound, input.count == rank else { return nil }
    var extents: [Int] = []
    for axis in 0..<rank {
      guard (1...VolumeWindow.limit).contains(input[axis]) else { return nil }
      let reach = input[axis] + before[axis] + after[axis] + overhang[axis]
      let span = reach - dilation[axis] * (kernel[axis] - 1) - 1
      guard span >= 0 else { return nil }
      extents.append(span / stride[axis] + 1)
    }
    return extents
  }

  /// Whether there is an axis, every list has one entry for each, and every size is in range.
  public var isSound: Bool {
    let limit = VolumeWindow.limit
    return rank > 0
      && [kernel, stride, dilation].allSatisfy { sizes in
        sizes.count == rank && sizes.allSatisfy { (1...limit).contains($0) }
      }
      && [before, after, overhang].allSatisfy { sizes in
        sizes.count == rank && sizes.allSatisfy { (-limit...limit).contains($0) }
      }
  }
}
