import Testing

@testable import SynapackReport

struct BarTableTests {
  private func bars(_ rows: [BarTable.Row], end: Double? = nil, choice: BarTable.Choice = .largest)
    -> PageReading
  {
    var table = BarTable(title: "t", series: ["one", "two"], rows: rows)
    (table.end, table.choice) = (end, choice)
    return PageReading(table.html)
  }

  private func lengths(_ page: PageReading, _ colour: String) -> [String] {
    page.all("rect", class: colour).filter { $0.attributes["x"] != nil }.compactMap {
      $0.attributes["width"]
    }
  }

  /// Bars are parts of one scale; what is no number has no length.
  @Test(arguments: [
    (0.0, "0"), (1.0, "250"), (4.0, "1000"), (9.0, "1000"), (-3.0, "0"), (Double.nan, "0"),
    (Double.infinity, "0"),
  ])
  func lengthsAreShares(value: Double, length: String) {
    let page = bars([.init("a", [.init(value), nil], words: "w")], end: 4)
    #expect(page.fault == nil)
    #expect(lengths(page, "one") == [length])
    #expect(lengths(page, "two").isEmpty)
  }

  @Test func theLargestOfAllRowsEndsTheScale() {
    let page = bars([
      .init("a", [.init(2), .init(1)], words: ""),
      .init("b", [nil, .init(from: 4, to: 8)], words: ""),
    ])
    #expect(lengths(page, "one") == ["250"])
    #expect(lengths(page, "two") == ["125", "500"])
  }

  /// Of too many rows the largest are shown, in their order, and the rest are counted.
  @Test func tooManyRowsAreCut() {
    let rows = (0..<100).map { index in
      BarTable.Row("row \(index)", [.init(Double((index * 37) % 100)), nil], words: "")
    }
    let shown = bars(rows).all("th").map(\.text)
    let largest = (0..<100).filter { ($0 * 37) % 100 >= 100 - BarTable.mostRows }.map {
      "row \($0)"
    }
    #expect(shown == largest)
    #expect(bars(rows).text.isEmpty)
    #expect(bars(rows).all("p", class: "note").map(\.text) == ["52 smaller ones are left out."])
    let first = bars(rows, choice: .first)
    #expect(first.all("th").map(\.text) == rows.prefix(BarTable.mostRows).map(\.name))
  }
}
