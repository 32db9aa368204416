import SynapackSupport
import Testing

@testable import SynapackReport

struct WeightSectionTests {
  @Test func theHistogramIsDescribedInWords() {
    let page = PageReading(WeightSection.self, PageDocument.full)
    #expect(page.all("rect").count == 5)
    #expect(page.all("desc").map(\.text) == ["20 weights in 5 columns; 45.00 % in the middle one."])
  }

  @Test(arguments: [JSON.array([]), [0, 0], [1, -1], .null])
  func withoutWeightsThereIsNoSection(histogram: JSON) {
    #expect(WeightSection.section(PageDocument.full.setting("weightHistogram", histogram)) == nil)
  }
}
