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

  @Test(arguments: [
    (0, "0"), (7, "7"), (12_345, "12,345"), (0.99612, "0.9961"), (-2.5, "-2.5000"),
    (1e-5, "1e-05"), (2e16, "2e+16"), (Double.nan, "—"), (-Double.infinity, "—"),
  ])
  func figuresTellAShareFromOne(value: Double, text: String) {
    #expect(figure(value) == text)
  }

  @Test func aShareThatIsNoNumberHasNoSign() {
    #expect(percent(0.99996) == "100.00 %" && percent(9_999.5) == "999950.00 %")
    #expect(percent(1e300) == "over 1,000,000 %" && percent(-1e4) == "below -1,000,000 %")
    for value in [nil, Double.nan, .infinity] { #expect(percent(value) == "—") }
  }

  @Test func energiesHaveTheirUnit() {
    #expect(joules(2_500) == "2.5 nJ" && joules(3_500_000) == "3.5 µJ")
  }

  @Test func countsAgreeWithTheirNouns() {
    #expect(counted(1, "loss", "losses") == "1 loss" && counted(0, "note") == "0 notes")
  }
}
