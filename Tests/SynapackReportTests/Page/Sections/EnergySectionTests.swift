import Testing

@testable import SynapackReport

struct EnergySectionTests {
  /// Nobody takes the numbers for measurements, and each has its source.
  @Test func estimatesAreCalledEstimates() {
    let page = PageReading(EnergySection.self, PageDocument.full)
    #expect(page.all("h2").first?.text == "Energy (estimates)")
    #expect(page.text.contains("These are estimates, not measurements"))
    #expect(
      page.table("Estimated energy of an inference").last == [
        "int-45nm", "2.5 nJ", "3.5 µJ", "0.250", "never", "additions", "Horowitz",
      ])
  }

  @Test func withoutDataThereIsNoSection() {
    #expect(EnergySection.section(PageDocument.bare) == nil)
  }
}
