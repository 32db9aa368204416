public import SynapackSupport

/// The extents of an array, outermost first; their product is known to fit.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
  public let dimensions: [Int]
  /// The number of elements: the product of all dimensions, 1 for a scalar.
  public let count: Int

  /// - Throws: `SYN0207` for a negative dimension or a product over 2⁴⁰ elements.
  public init(_ dimensions: [Int]) throws(PackError) {
    // Empty extents count as 1 here: the others must stay small enough to be multiplied too.
    guard dimensions.allSatisfy({ $0 >= 0 }),
      let extent = dimensions.lazy.map({ Swift.max($0, 1) }).checkedProduct(),
      extent <= Shape.largestCount
    else {
      throw PackError(
        .malformedTensor, "the shape \(dimensions) is negative or its product is too large",
        hint: "check the shape in the source model")
    }
    self.dimensions = dimensions
    count = dimensions.contains(0) ? 0 : extent
  }

  private static let largestCount = 1 << 40

  public var rank: Int { dimensions.count }

  public subscript(axis: Int) -> Int { dimensions[axis] }

  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }

  /// The extents as channels, height and width: `[C]`, `[C, L]` and `[C, H, W]` are read as
  /// `C×1×1`, `C×1×L` and `C×H×W`; `nil` for any other rank.
  public var planes: (channels: Int, height: Int, width: Int)? {
    switch rank {
    case 1: (dimensions[0], 1, 1)
    case 2: (dimensions[0], 1, dimensions[1])
    case 3: (dimensions[0], dimensions[1], dimensions[2])
    default: nil
    }
  }
}
