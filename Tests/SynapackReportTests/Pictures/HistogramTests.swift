import Testing

@testable import SynapackReport

struct HistogramTests {
  private func heights(_ counts: [Int]) -> [Double] {
    let picture = Histogram(from: "a", to: "b", counts: counts)
      .picture(title: "t", note: "", description: "d")
    return PageReading(picture.html).all("rect").compactMap {
      $0.attributes["height"].flatMap(Double.init)
    }
  }

  /// Columns are in proportion, what is rare is still seen, and what is not there is not drawn.
  @Test func columnsAreInProportion() {
    let heights = heights([0, 500, 1_000, 1])
    #expect(heights.count == 3)
    #expect(heights[0] * 2 == heights[1])
    #expect(heights[2] == 1)
  }

  @Test func nothingIsDrawnOfNothing() {
    #expect(heights([]).isEmpty && heights([0, 0]).isEmpty)
  }
}
