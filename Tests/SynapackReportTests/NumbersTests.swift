import Testing

@testable import SynapackReport

struct NumbersTests {
  @Test(arguments: [
    (0, "0"), (2.5, "2.50"), (-2.5, "-2.50"), (99.994, "99.99"), (100.4, "100"), (9_999.4, "9,999"),
    (12_345, "12.3 k"), (-7_654_321, "-7.7 M"), (2e9, "2.0 G"), (Double.nan, "—"),
    (Double.infinity, "—"),
  ])
  func amountsAreShort(value: Double, text: String) {
    #expect(amount(value) == text)
  }

  @Test func energiesHaveTheirUnit() {
    #expect(joules(2_500) == "2.5 nJ" && joules(3_500_000) == "3.5 µJ")
  }

  @Test func countsAgreeWithTheirNouns() {
    #expect(counted(1, "loss", "losses") == "1 loss" && counted(0, "note") == "0 notes")
  }
}
