import Testing

@testable import Synapack

@Suite struct SignificantDigitsTests {
  @Test(arguments: [
    (9.229779243469238e-05, 9.2298e-05), (2.79827880859375, 2.7983), (-0.000123456, -0.00012346),
    (1, 1), (0, 0), (99_999.6, 100_000), (123_456_789, 123_460_000), (0.1, 0.1),
    (6.02214076e23, 6.0221e23),
  ])
  func fiveDigitsAreKept(value: Double, expected: Double) {
    #expect(SignificantDigits.rounded(value, 5) == expected)
  }

  @Test func theEndsOfTheRangeStayFinite() {
    for value in [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude] {
      for value in [value, -value] {
        let rounded = SignificantDigits.rounded(value, 5)
        #expect(abs(rounded - value) <= 1e-4 * abs(value) || value == rounded)
      }
    }
    #expect(SignificantDigits.rounded(.infinity, 5) == .infinity)
    #expect(SignificantDigits.rounded(.nan, 5).isNaN)
  }
}
