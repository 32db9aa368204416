import SynapackSupport
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

  /// Not carried, lost without any spike, and not compared are three things.
  @Test func whatHasNoNumberHasItsReason() {
    let estimate = PageDocument.full["evaluation"]["spiking"].items[0]["energy"].items[0]
      .setting("spikingPicojoules", .null).setting("notCarried", "events carry no value")
      .without("breakEvenSpikesPerSynapse").without("densePicojoules")
    let row = PageDocument.full["evaluation"]["spiking"].items[0].setting("energy", [estimate])
    let evaluation = PageDocument.full["evaluation"].setting("spiking", [row])
    let document = PageDocument.full.setting("evaluation", evaluation)
    #expect(
      PageReading(EnergySection.self, document).table("Estimated energy of an inference").last == [
        "int-45nm", "events carry no value", "—", "0.250", "—", "additions", "Horowitz",
      ])
  }

  @Test func withoutDataThereIsNoSection() {
    #expect(EnergySection.section(PageDocument.bare) == nil)
  }
}
