import SynapackSupport
import Testing

@testable import SynapackReport

struct LayerSectionTests {
  private let page = PageReading(LayerSection.self, PageDocument.full)

  @Test func everyLayerIsARow() {
    let rows = page.table("Layers of the program")
    #expect(rows.count == 3)
    #expect(
      rows[1] == [
        "conv1", "12", "12", "fires 0…1", "120", "10.0 %", "4, 8", "120", "100 – 2,000", "72",
      ])
  }

  /// The bar is the width, the mark the entropy, on one scale.
  @Test func theMarkIsTheEntropy() {
    let rows = page.table("Bytes of weights by layer")
    #expect(rows.map { $0[2] } == ["120, entropy 55", "100, entropy 55"])
    let marks = page.all("rect", class: "mark").filter { $0.attributes["height"] == "12" }
    #expect(marks.map { $0.attributes["x"] } == ["458", "458"])
  }

  @Test func layersThatNeverFireHaveNoSpikes() {
    let silent = PageDocument.layer("out", 10, begins: 0).setting("spikesPerNeuron", .null)
    let document = PageDocument.full.setting(
      "layers", [PageDocument.layer("a", 5, begins: 0), silent])
    let rows = PageReading(LayerSection.self, document).table("Spikes a neuron by layer")
    #expect(rows.map { $0[0] } == ["a"])
  }
}
