import SynapackSupport
import Testing

@testable import SynapackReport

struct VerdictSectionTests {
  private func answer(_ document: JSON) -> String {
    PageReading(VerdictSection.self, document).all("p", class: "verdict").first?.text ?? ""
  }

  @Test func aSoundBundleIsCalledSound() {
    let page = PageReading(VerdictSection.self, PageDocument.full)
    #expect(
      answer(PageDocument.full)
        == "The bundle is sound: it passes all 2 checks. It is right on 500 inputs in 95.00 %, its "
        + "source network 99.00 %.")
    #expect(page.text.contains("2 of 2 pass") && page.text.contains("1 with warnings"))
    #expect(page.text.contains("4.00 points below the source"))
  }

  /// Another model is no source, and that it is another one is said on the page.
  @Test func anotherModelIsNotCalledItsSource() {
    let finding: JSON = [
      "code": "SYN0016", "severity": "warning", "message": "made from another file",
      "where": "m.onnx",
    ]
    let document = PageDocument.full.setting(
      "evaluation", PageDocument.full["evaluation"].setting("findings", [finding]))
    #expect(
      answer(document).hasSuffix(
        "in 95.00 %, the given network, which it was not made from, 99.00 %."))
    #expect(PageReading(VerdictSection.self, document).text.contains("made from another file"))
  }

  @Test func aFailedCheckComesFirst() {
    let failed: JSON = [
      "name": "conformance replay",
      "findings": [["code": "SYN0609", "severity": "error", "message": "differs", "where": "fc"]],
    ]
    let document = PageDocument.bare.setting("checks", [failed])
      .setting("conformance", ["vectors": 4, "identical": false])
    #expect(answer(document).hasPrefix("The bundle fails: conformance replay."))
    #expect(answer(document).contains("was not measured here"))
    let page = PageReading(VerdictSection.self, document)
    #expect(page.text.contains("differs") && page.text.contains("0 of 1 pass"))
  }

  /// The gravest loss stands first, whatever the ledger's order.
  @Test func lossesAreOrderedBySeverity() {
    let entries = PageReading(VerdictSection.self, PageDocument.bare).all("li")
      .map(\.text).filter { $0.contains("SYN03") }
    #expect(
      entries == [
        "warning SYN0306 fc: the bias was narrowed", "note SYN0302 pool: by tournament",
      ])
  }

  /// What is said of many layers alike is said once.
  @Test func equalLossesAreOneEntry() {
    let losses = (0..<9).map { index -> JSON in
      [
        "code": "SYN0306", "severity": "note", "subject": .string("layer \(index)"),
        "message": "same; `measured` is bits", "measured": .integer(index + 1),
      ]
    }
    let bundle = PageDocument.bare["bundle"].setting("losses", .array(losses))
    let entries = PageReading(VerdictSection.self, PageDocument.bare.setting("bundle", bundle))
      .all("li").map(\.text).filter { $0.contains("SYN03") }
    #expect(
      entries == [
        "note SYN0306 layer 0, layer 1, layer 2, layer 3, layer 4, layer 5 and 3 more: same; `measured` is bits: 1 to 9"
      ])
  }

  /// A share next to 1 is not rounded to it.
  @Test func theSizeOfALossKeepsItsDigits() {
    let loss: JSON = [
      "code": "SYN0314", "severity": "note", "subject": "fc", "message": "early",
      "measured": 0.9961,
    ]
    let bundle = PageDocument.bare["bundle"].setting("losses", [loss])
    let page = PageReading(VerdictSection.self, PageDocument.bare.setting("bundle", bundle))
    #expect(page.text.contains("fc: early: 0.9961"))
  }

  /// Where inputs end early, the latency is what those of the data took.
  @Test func theLatencyIsWhatAnEarlyExitTakes() {
    let readout: JSON = ["exit": ["measure": "margin", "limits": [7]]]
    let bundle = PageDocument.full["bundle"].setting("readout", readout)
    let document = PageDocument.full.setting("bundle", bundle)
    #expect(
      PageReading(VerdictSection.self, document.without("evaluation")).text
        .contains("at most 12 ticks"))
    let row = PageDocument.full["evaluation"]["spiking"].items[0]
      .setting("meanLatencyTicks", 10.5).setting("earlyExit", ["agreement": 0.99, "leaving": 0.5])
    let evaluation = PageDocument.full["evaluation"].setting("spiking", [row])
    #expect(
      PageReading(VerdictSection.self, document.setting("evaluation", evaluation)).text
        .contains("10.50 of 12 ticks"))
    let gated = PageDocument.full.setting(
      "bundle", PageDocument.full["bundle"].setting("windowTicks", 4))
    #expect(PageReading(VerdictSection.self, gated).text.contains("T = 4, gated"))
  }

  @Test func aBundleWithoutVectorsProvesNothing() {
    let document = PageDocument.bare.setting("conformance", ["vectors": 0, "identical": true])
    #expect(PageReading(VerdictSection.self, document).text.contains("no conformance vectors"))
  }
}
