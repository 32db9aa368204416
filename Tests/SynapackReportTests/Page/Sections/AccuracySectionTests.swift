import SynapackSupport
import Testing

@testable import SynapackReport

struct AccuracySectionTests {
  @Test func theStagesAreRows() {
    let page = PageReading(AccuracySection.self, PageDocument.full)
    #expect(
      page.table("Accuracy after each stage").map { [$0[0], $0[2]] } == [
        ["folded", "99.00 %, agrees in 100.00 %"], ["quantized", "95.00 %, agrees in 96.00 %"],
      ])
    #expect(page.text.contains("Quantized: the bundle.") && !page.text.contains("Balanced:"))
    #expect(page.text.contains("7.7 M") && page.text.contains("123.5 k"))
    #expect(page.text.contains("6.50 of 8 of the readout; a rule stops early"))
  }

  @Test func payloadsAreNotSpikes() {
    let page = PageReading(AccuracySection.self, PageDocument.full)
    #expect(page.text.contains("payloads sum to 2.750"))
    let row = PageDocument.full["evaluation"]["spiking"].items[0].setting("payloadPerNeuron", 0.4)
    let evaluation = PageDocument.full["evaluation"].setting("spiking", [row])
    let same = PageReading(
      AccuracySection.self, PageDocument.full.setting("evaluation", evaluation))
    #expect(!same.text.contains("payloads sum"))
  }

  @Test func anEarlyExitIsMeasuredBesideItsPromise() {
    let exit: JSON = [
      "agreement": 0.985, "agreementBound": 0.974, "promisedAgreement": 0.99, "leaving": 0.75,
    ]
    let row = PageDocument.full["evaluation"]["spiking"].items[0].setting("earlyExit", exit)
    let evaluation = PageDocument.full["evaluation"].setting("spiking", [row])
    let page = PageReading(
      AccuracySection.self, PageDocument.full.setting("evaluation", evaluation))
    #expect(
      page.text.contains(
        "98.50 % at least 97.40 % of all such inputs, 95 % confidence; 99.00 % asked for; "
          + "75.00 % leave early"))
  }

  /// Without an explanation there are the two ends alone.
  @Test func withoutStagesTheEndsAreShown() {
    let evaluation = PageDocument.full["evaluation"].without("explanation")
    let page = PageReading(
      AccuracySection.self, PageDocument.full.setting("evaluation", evaluation))
    #expect(
      page.table("Accuracy after each stage").map { $0[0] } == ["source network", "bundle"])
  }

  @Test func withoutDataThereIsNoSection() {
    #expect(AccuracySection.section(PageDocument.bare) == nil)
  }
}
