/// Arithmetic on numbers that come out of a file: overflow is an answer, never a trap.
extension FixedWidthInteger {
  /// The sum, or `nil` where it does not fit.
  @inlinable
  public func adding(_ other: Self) -> Self? {
    let (value, overflow) = addingReportingOverflow(other)
    return overflow ? nil : value
  }

  /// The product, or `nil` where it does not fit.
  @inlinable
  public func times(_ other: Self) -> Self? {
    let (value, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? nil : value
  }
}

extension Sequence where Element: FixedWidthInteger {
  /// The product of all elements, or `nil` where it does not fit.
  @inlinable
  public func checkedProduct() -> Element? {
    var product: Element = 1
    for element in self {
      guard let next = product.times(element) else { return nil }
      product = next
    }
    return product
  }
}
